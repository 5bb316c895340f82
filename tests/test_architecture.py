"""Rules of the house that no linter knows."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = (
    "musicsite",
    "playlists",
    "recommendations",
    "listening",
    "catalog",
    "accounts",
    "jobs",
    "sources",
)
MODULES = {
    path.relative_to(ROOT): ast.parse(path.read_text())
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
}
TEMPLATES = {
    path.relative_to(ROOT): re.sub(r"{#.*?#}|{% comment .*?{% endcomment %}", "", path.read_text())
    for path in sorted((ROOT / "templates").rglob("*.html"))
}
SCRIPTS = {
    path.relative_to(ROOT): path.read_text()
    for path in sorted((ROOT / "static/src").rglob("*.js"))
    if not path.name.endswith(".test.js")
}
NAMES_FOR_ANYTHING = {"utils", "helpers", "common", "core", "misc"}
RUNS_WHAT_IT_READS = {"eval", "exec", "pd.read_pickle", "yaml.load"}


def test_there_is_something_to_look_at():
    assert len(MODULES) > 50
    assert len(TEMPLATES) > 10
    assert SCRIPTS


def test_no_module_is_named_for_anything():
    assert [path for path in MODULES if {*path.parts, path.stem} & NAMES_FOR_ANYTHING] == []


def test_nothing_is_read_that_could_run_code():
    """ruff bans pickle and its kin; this looks at functions that may use it within."""
    found = [
        f"{path}:{call.lineno} {function}"
        for path, call, function in calls()
        if function in RUNS_WHAT_IT_READS
        or (function in {"np.load", "numpy.load"} and not refuses_pickle(call))
    ]

    assert found == []


def test_no_error_is_swallowed():
    """`except Exception: pass` hides what nobody thought of."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and catches_all(node) and does_nothing(node)
    ]

    assert found == []


def test_no_time_is_read_below_the_doors():
    """Services and querysets are told the time, so that a test can choose it."""
    found = [
        f"{path}:{call.lineno} {function}"
        for path, call, function in calls()
        if {"services", "models"} & {*path.parts, path.stem}
        and path.parts[0] != "jobs"  # its heartbeat is a clock
        and function in {"now", "timezone.now", "datetime.now"}
    ]

    assert found == []


def test_templates_keep_the_content_security_policy():
    """No inline script, style or handler: what a script needs to know goes by json_script."""
    refused = {
        "style attribute": r"\sstyle\s*=",
        "inline style": r"<style\b",
        "handler attribute": r"\son[a-z]+\s*=",
        "inline script": r"<script\b(?![^>]*\bsrc=)",
    }
    found = [
        f"{path}: {what}"
        for path, text in TEMPLATES.items()
        for what, pattern in refused.items()
        if re.search(pattern, re.sub(r"{[{%].*?[%}]}", "", text))
    ]

    assert found == []


def test_templates_escape_what_they_are_given():
    """Django's own field template alone marks a field's help text, which our code wrote, safe."""
    found = [
        path
        for path, text in TEMPLATES.items()
        if re.search(r"\|\s*safe\b|autoescape off", text) and "django/forms" not in str(path)
    ]

    assert found == []


def test_scripts_build_no_html_from_text():
    risky = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(")

    assert [path for path, text in SCRIPTS.items() if risky.search(text)] == []


def calls():
    for path, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield path, node, ast.unparse(node.func)


def refuses_pickle(call):
    """`np.load` refuses on its own, but the reader of the code should see it."""
    return any(
        word.arg == "allow_pickle" and ast.unparse(word.value) == "False" for word in call.keywords
    )


def catches_all(handler):
    return handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}


def does_nothing(handler):
    return all(isinstance(line, ast.Pass | ast.Continue) for line in handler.body)
