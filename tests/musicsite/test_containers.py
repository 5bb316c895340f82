"""No engine runs here to try the image: so all that it names is looked up."""

import json
import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import yaml
from celery.bin.beat import beat
from celery.bin.worker import worker
from django.core.management import get_commands

from jobs.models import Queue

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "segue"}
DOCKERFILE = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
CONFIGURATION = (ROOT / "docs/configuration.md").read_text()
OF_OTHERS = {"PATH", "PYTHONUNBUFFERED", "NUMBA_CACHE_DIR"}


def instructions(name):
    return re.findall(rf"^{name} (.*)$", DOCKERFILE, re.MULTILINE)


def commands():
    yield "the image", json.loads(instructions("CMD")[-1])
    for name, service in OURS.items():
        yield name, service["command"]


def options_of(celery_command):
    return {name for parameter in celery_command.params for name in parameter.opts}


def queues():
    for _, command in commands():
        if "-Q" in command:
            yield from command[command.index("-Q") + 1].split(",")


def test_there_is_all_that_a_site_needs():
    assert set(OURS) == {"migrate", "web", "worker", "importer", "train", "audio", "beat"}
    assert set(SERVICES) - set(OURS) == {"db", "broker", "cache"}


@pytest.mark.parametrize(("service", "command"), list(commands()))
def test_a_command_exists_with_its_options(service, command):
    program, *words = command
    if program == "python":
        assert words[0] == "manage.py"
        assert words[1] in get_commands()
        return
    assert program in {script.name for script in entry_points(group="console_scripts")}
    if program == "celery":
        subcommand = {"worker": worker, "beat": beat}[words[2]]
        assert words[:2] == ["-A", "musicsite"]
        given = {word for word in words[3:] if word.startswith("-")}
        assert given - options_of(subcommand) == set()


def test_gunicorn_takes_its_settings():
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--print-config"],
        cwd=ROOT,
        env=os.environ | {"SECRET_KEY": "for-tests-only", "WEB_WORKERS": "3"},
        capture_output=True,
        text=True,
        timeout=50,
    )

    assert done.returncode == 0, done.stderr
    assert re.search(r"^workers\s+= 3$", done.stdout, re.MULTILINE)


def test_every_queue_has_one_worker():
    assert sorted(queues()) == sorted(Queue.values)


def test_every_variable_is_explained():
    given = {name for service in OURS.values() for name in service["environment"]}
    given |= {
        word.partition("=")[0] for line in instructions("ENV") for word in shlex.split(line)
    } - OF_OTHERS

    assert {name for name in given if f"`{name}`" not in CONFIGURATION} == set()


def test_secrets_have_no_default():
    text = (ROOT / "compose.yaml").read_text()

    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        assert set(re.findall(rf"\$\{{{name}(.)", text)) == {":"}
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text


def test_the_image_is_built_in_stages_and_runs_as_nobody_special():
    stages = instructions("FROM")

    assert len(stages) >= 3
    assert instructions("USER") == ["segue"]
    assert DOCKERFILE.index("USER segue") < DOCKERFILE.index("\nCMD")
    assert "/health/live" in instructions("HEALTHCHECK")[0]


def test_what_is_copied_into_the_image_is_there_and_not_kept_out():
    kept_out = (ROOT / ".dockerignore").read_text().split("\n")
    for line in instructions("COPY"):
        if not line.startswith("--from"):
            *sources, _ = line.split()
            for source in sources:
                assert (ROOT / source).exists(), source
                assert source not in kept_out
    for secret in (".env", ".git", "var", "**/*.sqlite3*"):
        assert secret in kept_out


def test_the_broker_keeps_what_it_is_told_and_the_cache_may_forget():
    broker, cache = SERVICES["broker"], SERVICES["cache"]

    assert {"--appendonly", "yes", "noeviction"} <= set(broker["command"])
    assert broker["volumes"] == ["broker:/data"]
    assert "allkeys-lru" in cache["command"]
    assert OURS["web"]["environment"]["REDIS_URL"] != OURS["web"]["environment"]["CACHE_URL"]


def test_nothing_is_open_to_the_world_but_through_a_proxy():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert ports == ["127.0.0.1:8000:8000"]


def test_what_a_service_waits_for_exists_and_can_be_seen_to_be_well():
    for service in SERVICES.values():
        for name, wait in service.get("depends_on", {}).items():
            assert name in SERVICES
            if wait["condition"] == "service_healthy":
                assert "test" in SERVICES[name]["healthcheck"]
    named = {volume.partition(":")[0] for s in SERVICES.values() for volume in s.get("volumes", [])}
    assert named == set(COMPOSE["volumes"])
