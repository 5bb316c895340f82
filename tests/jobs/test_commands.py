import os
import sys
import time

import psutil
import pytest

from jobs import services
from jobs.models import Job, State
from jobs.services import commands

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(monkeypatch):
    """Let the command be this Python program."""

    def be(text):
        monkeypatch.setattr(commands, "_program", lambda: [sys.executable, "-c", text])

    return be


@pytest.fixture
def run_it(job):
    @job("tests.command")
    def command(run):
        return services.run_command(run, "a word")

    def do():
        asked = services.enqueue("tests.command")
        services.run_next(queue=asked.queue)
        asked.refresh_from_db()
        return asked

    return do


def test_the_last_line_of_a_command_is_the_result_of_the_job(program, run_it):
    program("import sys; print('begun'); print(sys.argv[1])")

    done = run_it()

    assert (done.state, done.result) == (State.DONE, "a word")


def test_what_it_says_of_its_progress_becomes_that_of_the_job(program, run_it):
    program("print(' 40%  Fitting'); raise SystemExit(1)")

    failed = run_it()

    assert (failed.progress, failed.words) == (0.4, "Fitting")


def test_a_command_that_fails_says_why(program, run_it):
    program("import sys; sys.exit('no disk left')")

    failed = run_it()

    assert failed.state == State.NEW
    assert failed.error == "CommandFailed: no disk left"


def test_a_silent_command_is_stopped_when_the_job_is_called_off(program, run_it, monkeypatch):
    monkeypatch.setattr(commands, "LOOK_UP", 0.05)
    monkeypatch.setattr("jobs.services.running.SECONDS_BETWEEN_WRITES", 0)
    program("import time; time.sleep(100)")
    follow = commands._follow

    def call_off_and_follow(run, output):
        Job.objects.filter(pk=run.job.pk).update(cancel_asked=True)
        return follow(run, output)

    monkeypatch.setattr(commands, "_follow", call_off_and_follow)
    started = time.monotonic()

    assert run_it().state == State.CANCELLED
    assert time.monotonic() - started < 20
    assert [
        child for child in psutil.Process(os.getpid()).children() if "a word" in child.cmdline()
    ] == []


def test_it_is_the_commands_of_this_site_that_are_run(job):
    @job("tests.help")
    def ask_for_help(run):
        return services.run_command(run, "run_jobs", "--help")

    asked = services.enqueue("tests.help")
    services.run_next(queue=asked.queue)

    asked.refresh_from_db()
    assert asked.state == State.DONE, asked.error
