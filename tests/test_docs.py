"""What is written down is so."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
APPLICATION = (
    "musicsite",
    "playlists",
    "recommendations",
    "listening",
    "catalog",
    "accounts",
    "jobs",
    "sources",
)
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = re.findall(r"^([a-z-]+):(?!=)", MAKEFILE, re.MULTILINE)
DOCUMENTED = re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE)
PAPERS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SETTINGS = (ROOT / "musicsite/settings.py").read_text()
READ = re.findall(r"\benv(?:\.\w+)?\(\s*[\"']([A-Z0-9_]+)[\"']", SETTINGS)
CONFIGURATION = (ROOT / "docs/configuration.md").read_text()
# Read by libraries, and by what measures the engine without the site
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "PROMETHEUS_MULTIPROC_DIR", "SEGUE_TEST_DATA"}
EXPLAINED = re.findall(r"^\| `([A-Z0-9_]+)` \|", CONFIGURATION, re.MULTILINE)


def commands_in(paper):
    """Yield the `make` targets that a paper tells people to type."""
    for code in re.findall(r"```.*?```|`[^`\n]+`", paper.read_text(), re.DOTALL):
        yield from re.findall(r"(?:^|[`\n;&]\s*|\$ )make ([a-z-]+)", code)


def test_settings_read_the_environment():
    assert len(READ) > 20


def test_every_environment_variable_is_explained():
    assert set(READ) - set(EXPLAINED) == set()


def test_no_explanation_outlives_its_variable():
    assert set(EXPLAINED) - set(READ) - NOT_OURS == set()


def test_only_the_settings_read_our_environment():
    found = {
        (str(path.relative_to(ROOT)), name)
        for package in APPLICATION
        for path in (ROOT / package).rglob("*.py")
        if path.name not in {"settings.py", "settings_test.py"} and "/management/" not in str(path)
        for name in re.findall(
            r"(?:environ(?:\.get)?[\[(]|getenv\()\"([A-Z_]+)\"", path.read_text()
        )
    }

    assert {(path, name) for path, name in found if name not in NOT_OURS} == set()


@pytest.mark.parametrize("target", ["run", "test", "lint", "check", "build", "bench", "prove"])
def test_every_promised_command_is_there(target):
    assert target in DOCUMENTED


def test_every_target_that_people_type_is_in_help():
    steps = {"python", "python-dev", "node", "front-end", "secret-key", "world", "test-packages"}

    assert set(TARGETS) - steps == set(DOCUMENTED)


def test_help_lists_the_commands():
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert set(re.findall(r"make ([a-z-]+) ", told.stdout)) >= set(DOCUMENTED)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_papers_name_commands_that_exist(paper):
    assert set(commands_in(paper)) <= set(TARGETS)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_between_papers_lead_somewhere(paper):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", paper.read_text())

    assert [link for link in links if not (paper.parent / link).exists()] == []


def test_the_two_commands_stand_in_the_readme():
    assert {"run", "test"} <= set(commands_in(ROOT / "README.md"))


def test_every_pinned_package_is_in_range():
    """requirements.txt is written by `make pins`: it names all that pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {name_of(line) for line in project["project"]["dependencies"]}
    pinned = {name_of(line) for line in (ROOT / "requirements.txt").read_text().splitlines()}

    assert wanted - pinned == set()


def test_tests_run_with_what_the_site_runs_with():
    site = pins("requirements.txt")

    assert {line for line in site if line not in pins("requirements-dev.txt")} == set()


def pins(name):
    return {line for line in (ROOT / name).read_text().splitlines() if not line.startswith("#")}


def name_of(requirement):
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()
