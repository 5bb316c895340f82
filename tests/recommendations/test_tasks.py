"""Training as a job: started by its name, in a child process, once a day."""

import pytest

from jobs import registry
from jobs.models import Queue
from recommendations import tasks


def test_trains_by_the_command_of_that_name(monkeypatch):
    started = []
    monkeypatch.setattr(tasks, "run_command", lambda run, *words: started.append(words) or "done")

    assert tasks.train(None) == "done"
    assert started == [("train",)]


@pytest.mark.parametrize(("what", "value"), [("queue", Queue.TRAIN), ("max_tries", 3)])
def test_waits_beside_no_other_work(what, value):
    assert getattr(registry.find("recommendations.train"), what) == value


def test_comes_round_every_day():
    assert registry.find("recommendations.train").every.days == 1
