from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from structlog.contextvars import bound_contextvars, get_contextvars

from jobs import services
from jobs.models import Job, State
from jobs.services import claims

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self):
        self.now = datetime.now(UTC) + timedelta(seconds=1)  # what is asked for now is due

    def __call__(self):
        return self.now


def run_all(clock=None):
    return services.run_due(clock=clock or Clock())


def test_does_the_work_with_its_arguments_and_keeps_the_result(job):
    @job("tests.add")
    def add(run, one, two):
        return {"sum": one + two}

    asked = services.enqueue("tests.add", 2, 3)
    run_all()

    asked.refresh_from_db()
    assert (asked.state, asked.result, asked.progress) == (State.DONE, {"sum": 5}, 1)
    assert asked.started
    assert asked.finished


def test_waits_until_it_is_due(job):
    @job("tests.later")
    def later(run): ...

    clock = Clock()
    asked = services.enqueue("tests.later", due=clock.now + timedelta(hours=1))

    assert run_all(clock) == 0
    clock.now += timedelta(hours=1)
    assert run_all(clock) == 1
    assert Job.objects.get(pk=asked.pk).state == State.DONE


def test_takes_what_has_been_due_longest_first(job):
    done = []

    @job("tests.note")
    def note(run, word):
        done.append(word)

    services.enqueue("tests.note", "second", due=NOON + timedelta(hours=1))
    services.enqueue("tests.note", "first", due=NOON)
    run_all()

    assert done == ["first", "second"]


def test_tries_again_after_a_longer_and_longer_pause_and_is_parked_after_three(job):
    @job("tests.break")
    def break_down(run):
        raise OSError("no luck with token=abcdefgh")

    clock = Clock()
    asked = services.enqueue("tests.break")
    pauses = []
    for _ in range(3):
        assert run_all(clock) == 1
        asked.refresh_from_db()
        pauses.append((asked.due - clock.now).total_seconds())
        clock.now = max(clock.now, asked.due)

    assert pauses[:2] == [30, 120]
    assert asked.state == State.PARKED
    assert asked.error == "OSError: no luck with token=[hidden]"
    assert list(Job.objects.parked()) == [asked]
    clock.now += timedelta(days=1)
    assert run_all(clock) == 0


def test_does_not_repeat_what_would_fail_again(job):
    @job("tests.refuse", refusals=(ValueError,))
    def refuse(run):
        raise ValueError("This is not a file from Spotify.")

    @job("tests.give_up")
    def give_up(run):
        raise services.GaveUp("There is nothing in it.")

    jobs = [services.enqueue("tests.refuse"), services.enqueue("tests.give_up")]
    run_all()

    found = [Job.objects.get(pk=one.pk) for one in jobs]
    assert [one.state for one in found] == [State.FAILED, State.FAILED]
    assert [one.error for one in found] == [
        "This is not a file from Spotify.",
        "There is nothing in it.",
    ]


def test_a_postponed_job_comes_again_and_has_lost_no_try(job):
    clock = Clock()

    @job("tests.busy")
    def busy(run):
        raise services.Postponed(clock.now + timedelta(minutes=5), "The service is busy.")

    asked = services.enqueue("tests.busy")
    run_all(clock)

    asked.refresh_from_db()
    assert (asked.state, asked.tries, asked.words) == (State.NEW, 0, "The service is busy.")
    assert asked.due == clock.now + timedelta(minutes=5)


def test_an_atomic_job_leaves_nothing_behind_when_it_fails(job):
    @job("tests.half", atomic=True)
    def half(run):
        services.enqueue("tests.half", subject="half done")
        raise OSError

    asked = services.enqueue("tests.half")
    services.run_next(queue=asked.queue, clock=Clock())

    assert not Job.objects.about("half done").exists()
    assert Job.objects.get(pk=asked.pk).state == State.NEW


def test_a_later_try_goes_on_from_the_last_step(job):
    seen = []

    @job("tests.count")
    def count(run):
        seen.append(run.position)
        with transaction.atomic():
            run.step((run.position or 0) + 1)
        if run.position < 3:
            raise OSError

    clock = Clock()
    asked = services.enqueue("tests.count")
    for _ in range(3):
        run_all(clock)
        clock.now += timedelta(hours=1)

    assert seen == [None, 1, 2]
    assert Job.objects.get(pk=asked.pk).state == State.DONE


def test_a_step_belongs_into_a_transaction(job, transactional_db):
    @job("tests.loose")
    def loose(run):
        run.step(1)

    asked = services.enqueue("tests.loose")
    run_all()

    assert "inside transaction.atomic()" in Job.objects.get(pk=asked.pk).error


def test_a_try_that_was_taken_over_writes_nothing_more(job):
    kept = []

    @job("tests.slow")
    def slow(run):
        Job.objects.filter(pk=run.job.pk).update(claim="of another worker")
        with transaction.atomic():
            services.enqueue("tests.slow", subject="done twice")
            run.step(1)
        kept.append("never comes here")

    asked = services.enqueue("tests.slow")
    services.run_next(queue=asked.queue, clock=Clock())

    asked.refresh_from_db()
    assert kept == []
    assert not Job.objects.about("done twice").exists()
    assert (asked.state, asked.claim, asked.position) == (
        State.RUNNING,
        "of another worker",
        None,
    )


def test_tells_how_far_it_is(job):
    seen = []

    @job("tests.far")
    def far(run):
        run.progress(0.25, "reading")
        seen.append(Job.objects.values_list("progress", "words").get(pk=run.job.pk))

    services.enqueue("tests.far")
    run_all()

    assert seen == [(0.25, "reading")]


def test_progress_called_for_every_row_writes_seldom(job, django_assert_max_num_queries):
    @job("tests.rows")
    def rows(run):
        with django_assert_max_num_queries(4):
            for row in range(1000):
                run.progress(row / 1000)

    asked = services.enqueue("tests.rows")
    run_all()

    assert Job.objects.get(pk=asked.pk).state == State.DONE


def test_a_job_called_off_while_it_runs_stops_at_its_next_word(job):
    went_on = []

    @job("tests.long")
    def long(run):
        services.cancel(run.job, at=NOON)
        run.progress(0.5)
        went_on.append(1)

    asked = services.enqueue("tests.long")
    run_all()

    assert went_on == []
    assert Job.objects.get(pk=asked.pk).state == State.CANCELLED


def test_works_under_the_id_of_the_request_that_asked(job):
    seen = []

    @job("tests.context")
    def context(run):
        seen.append(get_contextvars())

    with bound_contextvars(request_id="req-7"):
        asked = services.enqueue("tests.context")
    run_all()

    assert seen == [{"request_id": "req-7", "job": asked.pk, "job_name": "tests.context"}]
    assert "request_id" not in get_contextvars()


def test_two_workers_never_hold_the_same_job(job, monkeypatch):
    @job("tests.once")
    def once(run): ...

    asked = services.enqueue("tests.once")
    other = Job.objects.get(pk=asked.pk)

    assert claims._claim(asked, at=NOON)
    assert not claims._claim(other, at=NOON)
    assert Job.objects.get(pk=asked.pk).claim == asked.claim


def test_a_job_of_an_unknown_name_is_parked_in_the_end_not_lost():
    Job.objects.create(name="tests.of_a_newer_version", max_tries=1)

    run_all()

    assert "no tasks.py has a job" in Job.objects.parked().get().error
