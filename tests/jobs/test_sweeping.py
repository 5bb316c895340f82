import os
from datetime import UTC, datetime, timedelta

import pytest

from jobs import services
from jobs.models import STALE, IdempotencyKey, Job, State
from jobs.services import bell, sweeping
from jobs.services.owners import is_gone, this_machine, this_process

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_MOMENT = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing(job, rings):
    @job("tests.nothing")
    def nothing(run, *args): ...


def make_running(**fields):
    held = {"state": State.RUNNING, "claim": "c", "heartbeat": NOON, "tries": 1, "due": NOON}
    return Job.objects.create(name="tests.nothing", **(held | fields))


def test_rings_for_what_waits(rings):
    for _ in range(3):
        Job.objects.create(name="tests.nothing", due=NOON)
    Job.objects.create(name="tests.nothing", due=NOON, queue="train")
    Job.objects.create(name="tests.nothing", due=NOON + A_MOMENT)

    services.sweep(at=NOON)

    assert sorted(rings) == ["interactive"] * 3 + ["train"]


def test_rings_no_more_often_than_there_is_work(rings):
    Job.objects.create(name="tests.nothing", due=NOON)

    for _ in range(5):
        services.sweep(at=NOON)

    assert rings == ["interactive"]


def test_a_broker_that_is_away_stops_no_sweep(monkeypatch):
    def away(queue):
        raise ConnectionRefusedError

    monkeypatch.setattr(bell, "rings_waiting", away)
    Job.objects.create(name="tests.nothing", due=NOON)

    assert services.sweep(at=NOON)["rung"] == 0


def test_a_job_whose_worker_fell_silent_is_given_to_another():
    silent = make_running(heartbeat=NOON - STALE - A_MOMENT, claimed_by="elsewhere/7/1")
    alive = make_running(heartbeat=NOON - STALE + A_MOMENT, claimed_by="elsewhere/8/1")

    services.sweep(at=NOON)

    silent.refresh_from_db()
    alive.refresh_from_db()
    assert (silent.state, silent.claim) == (State.NEW, "")
    assert alive.state == State.RUNNING


def test_a_job_whose_process_is_gone_is_given_back_at_once():
    gone = make_running(claimed_by=f"{this_machine()}/{os.getpid()}/another start")
    ours = make_running(claimed_by=this_process())

    services.sweep(at=NOON)

    gone.refresh_from_db()
    ours.refresh_from_db()
    assert gone.state == State.NEW
    assert ours.state == State.RUNNING


def test_a_process_of_another_machine_is_never_said_to_be_gone():
    assert not is_gone(f"elsewhere/{2**22}/1")


def test_a_job_that_kills_its_worker_is_parked_after_three_tries():
    poison = make_running(heartbeat=NOON - STALE - A_MOMENT, tries=3)

    services.sweep(at=NOON)

    poison.refresh_from_db()
    assert poison.state == State.PARKED
    assert "died 3 times" in poison.error


def test_a_job_called_off_whose_worker_died_is_over():
    called_off = make_running(heartbeat=NOON - STALE - A_MOMENT, cancel_asked=True)

    services.sweep(at=NOON)

    called_off.refresh_from_db()
    assert called_off.state == State.CANCELLED


def test_what_comes_round_is_asked_for_once_per_round(job):
    @job("tests.daily", every=timedelta(days=1))
    def daily(run): ...

    now = datetime.now(UTC)
    for hours in (0, 1, 23):
        sweeping.start_periodic(at=now + timedelta(hours=hours))
        services.run_due()
    once = Job.objects.filter(name="tests.daily").count()
    sweeping.start_periodic(at=now + timedelta(hours=25))

    assert once == 1
    assert Job.objects.filter(name="tests.daily").count() == 2


def test_old_jobs_go_and_parked_ones_stay():
    old = NOON - sweeping.KEEP_JOBS - A_MOMENT
    for state in (State.DONE, State.FAILED, State.CANCELLED, State.PARKED):
        Job.objects.create(name="tests.nothing", state=state, finished=old)
    Job.objects.create(name="tests.nothing", state=State.DONE, finished=NOON)
    IdempotencyKey.objects.create(
        scope="s", key="old", status=200, created=NOON - timedelta(hours=25)
    )

    deleted = services.prune(at=NOON)

    assert deleted == {"jobs": 3, "idempotency keys": 1}
    assert set(Job.objects.values_list("state", flat=True)) == {State.PARKED, State.DONE}
