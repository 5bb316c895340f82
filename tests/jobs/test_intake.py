from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from jobs import registry, services
from jobs.models import Job, State

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing(job):
    @job("tests.nothing", queue="imports")
    def nothing(run, *args): ...


@pytest.mark.django_db(transaction=True)
def test_rings_after_the_commit_and_not_before(rings):
    with transaction.atomic():
        services.enqueue("tests.nothing")
        before = list(rings)

    assert before == []
    assert rings == ["imports"]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_asked_for(rings):
    with transaction.atomic():
        services.enqueue("tests.nothing")
        transaction.set_rollback(True)

    assert rings == []
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_woken_for_what_is_not_due(rings):
    services.enqueue("tests.nothing", due=datetime.now(UTC) + timedelta(hours=1))

    assert rings == []


def test_a_name_that_nobody_works_for_is_refused_at_once():
    with pytest.raises(registry.UnknownJob, match=r"tests\.nobody"):
        services.enqueue("tests.nobody")


def test_goes_to_the_queue_of_its_kind_unless_told_otherwise():
    assert services.enqueue("tests.nothing").queue == "imports"
    assert services.enqueue("tests.nothing", queue="sync").queue == "sync"


def test_only_one_of_a_kind_is_under_way_at_a_time():
    first = services.enqueue("tests.nothing", 1, unique="training")
    second = services.enqueue("tests.nothing", 2, unique="training")
    services.run_due()
    third = services.enqueue("tests.nothing", 3, unique="training")

    assert second == first
    assert third != first


def test_the_database_itself_refuses_a_second_one_of_a_kind():
    Job.objects.create(name="tests.nothing", unique_key="training")

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(name="tests.nothing", unique_key="training")


def test_can_be_found_by_what_it_is_about():
    asked = services.enqueue("tests.nothing", subject="import:7")
    services.enqueue("tests.nothing", subject="import:8")

    assert list(Job.objects.about("import:7")) == [asked]


def test_a_job_called_off_before_it_began_never_runs(job):
    done = []

    @job("tests.never")
    def never(run):
        done.append(1)

    asked = services.enqueue("tests.never")
    assert services.cancel(asked, at=NOON)
    services.run_due()

    assert done == []
    assert (asked.state, asked.finished) == (State.CANCELLED, NOON)


def test_what_is_over_cannot_be_called_off():
    asked = services.enqueue("tests.nothing")
    services.run_due()

    assert not services.cancel(asked, at=NOON)
    assert asked.state == State.DONE


def test_a_parked_job_gets_all_its_tries_again_from_where_it_was():
    parked = Job.objects.create(name="tests.nothing", state=State.PARKED, tries=3, position=40)

    services.retry(parked, at=NOON)

    parked.refresh_from_db()
    assert (parked.state, parked.tries, parked.position) == (State.NEW, 0, 40)


def test_a_job_that_is_done_is_not_started_again():
    asked = services.enqueue("tests.nothing")
    services.run_due()
    asked.refresh_from_db()

    with pytest.raises(services.NotRetried, match="it is done"):
        services.retry(asked, at=NOON)


def test_a_parked_job_stays_parked_while_a_newer_one_of_its_kind_is_under_way():
    parked = Job.objects.create(name="tests.nothing", state=State.PARKED, unique_key="training")
    services.enqueue("tests.nothing", unique="training")

    with pytest.raises(services.NotRetried, match="a newer one is under way"):
        services.retry(parked, at=NOON)


def test_a_handler_without_a_run_is_refused_when_it_is_read(job):
    with pytest.raises(TypeError, match="must be `run`"):

        @job("tests.wrong")
        def wrong(import_id): ...
