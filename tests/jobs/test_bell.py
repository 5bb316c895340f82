import signal
import time

import pytest
from celery import current_app

from jobs.services import bell
from tests import services


@pytest.fixture
def broker(tmp_path, settings, monkeypatch):
    """A Redis of this test's own, to be rung, frozen and killed."""
    redis = services.start_redis(tmp_path)
    settings.CELERY_BROKER_URL = redis.url
    monkeypatch.setattr(bell._Silence, "until", 0.0)
    bell._connection.cache_clear()
    yield redis
    redis.process.send_signal(signal.SIGCONT)
    redis.stop(signal.SIGKILL)
    bell._connection.cache_clear()


def seconds_for(work):
    started = time.monotonic()
    work()
    return time.monotonic() - started


def test_a_ring_is_a_task_in_its_queue(broker):
    assert bell.ring("imports")
    assert bell.ring("imports", 2)

    assert bell.rings_waiting("imports") == 3
    assert bell.rings_waiting("train") == 0


def test_the_task_that_is_rung_for_exists_in_every_worker(broker):
    current_app.loader.import_default_modules()

    assert {"jobs.run", "jobs.sweep"} <= set(current_app.tasks)


def test_a_killed_broker_costs_a_request_next_to_nothing(broker):
    bell.ring("imports")
    broker.stop(signal.SIGKILL)

    assert seconds_for(lambda: bell.ring("imports")) < 0.4
    assert seconds_for(lambda: [bell.ring("imports") for _ in range(100)]) < 0.05
    assert bell.is_away()


def test_a_frozen_broker_costs_a_request_a_moment_once(broker):
    bell.ring("imports")
    broker.process.send_signal(signal.SIGSTOP)

    assert not bell.ring("imports")
    assert seconds_for(lambda: [bell.ring("imports") for _ in range(100)]) < 0.05
    assert seconds_for(bell.is_away) < 1


def test_rings_again_when_the_broker_is_back(broker, monkeypatch):
    broker.process.send_signal(signal.SIGSTOP)
    bell.ring("imports")
    broker.process.send_signal(signal.SIGCONT)
    monkeypatch.setattr(bell._Silence, "until", 0.0)

    assert bell.ring("imports")


def test_a_broker_that_answers_is_not_away(broker):
    assert not bell.is_away()
