"""Real workers and a real Redis, killed in the middle: all is done, and done once."""

import os
import signal
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests import services
from tests.jobs.chaos import STEPS
from tests.jobs.chaos.house import House, children, kill_with_children

pytestmark = [
    pytest.mark.prove,
    pytest.mark.timeout(120),
    pytest.mark.django_db,  # of the run's own kind, and so once more on SQLite
]


def own_database(folder):
    """A database beside those of the other tests, on the server that they use."""
    url = os.environ["DATABASE_URL"]
    if not url.startswith("postgres"):
        return f"sqlite:///{folder}/chaos.sqlite3"
    name = folder.name.replace("-", "_")
    server = urlsplit(url)._replace(path="/postgres").geturl()
    connection = psycopg2.connect(server)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@pytest.fixture
def house():
    with tempfile.TemporaryDirectory(prefix="segue-kill-", dir="/tmp") as folder:
        house = House(Path(folder), own_database(Path(folder)))
        try:
            yield house
        finally:
            house.close()


def in_the_middle(house):
    return lambda: house.traces() > STEPS


def assert_all_done_once(house, count, steps=STEPS):
    house.wait_for_all(count)
    assert house.doubled() == []
    assert house.traces() == count * steps


def test_a_killed_worker_loses_nothing(house):
    worker = house.start_worker()
    house.ask("chaos.long", 6)

    house.wait(in_the_middle(house))
    kill_with_children(worker)
    before = house.states()
    house.start_worker()

    assert before["running"] == 2
    assert_all_done_once(house, 6)


def test_a_killed_pool_child_loses_nothing(house):
    worker = house.start_worker()
    house.ask("chaos.long", 6)

    house.wait(in_the_middle(house))
    killed = time.monotonic()
    for child in children(worker):
        child.send_signal(signal.SIGKILL)

    assert_all_done_once(house, 6)
    assert time.monotonic() - killed < 20
    assert worker.poll() is None


def test_a_killed_redis_loses_nothing_and_keeps_nobody_waiting(house):
    house.start_worker()
    house.start_beat()
    house.ask("chaos.long", 4)

    house.wait(in_the_middle(house))
    house.kill_redis()
    seconds = house.ask("chaos.short", 10)
    house.restart_redis()

    house.wait_for_all(14)
    assert house.doubled() == []
    assert house.traces() == 4 * STEPS + 10
    assert seconds < 3  # ten rings at a dead bell, each of which might have waited


def test_what_an_empty_redis_forgot_is_rung_for_again(house):
    house.ask("chaos.short", 20)
    house.kill_redis()
    services.shutil.rmtree(house.folder / "appendonlydir", ignore_errors=True)
    house.restart_redis()

    house.start_worker()
    house.start_beat()

    assert_all_done_once(house, 20, steps=1)


def test_a_job_that_kills_its_worker_is_parked_and_the_others_go_on(house):
    house.start_worker()
    house.ask("chaos.poison", 1)
    house.ask("chaos.short", 5)

    house.wait(lambda: house.states() == {"parked": 1, "done": 5})

    assert house.query("SELECT tries FROM jobs_job WHERE state = 'parked'") == [(3,)]
    assert house.traces() == 5


def test_a_worker_told_to_stop_finishes_what_it_began(house):
    worker = house.start_worker()
    house.ask("chaos.long", 2)

    house.wait(lambda: house.traces() > 2)
    worker.terminate()
    code = worker.wait(timeout=20)

    assert code == 0
    assert house.states() == {"done": 2}
    assert house.traces() == 2 * STEPS
