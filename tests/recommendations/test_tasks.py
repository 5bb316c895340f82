"""Training as a job: on its own queue, in a child process, every day and after much feedback."""

from datetime import timedelta

import pytest

from jobs import registry
from jobs import services as jobs
from jobs.models import Job, Queue
from listening.models import FeedbackChange, FeedbackKind
from recommendations import tasks
from recommendations.models import ModelAct, ModelVersion
from recommendations.services import training
from tests.factories import NOON, make_curator, make_listener, make_model_version, make_track

LATER = NOON + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _soon_enough(settings):
    settings.TRAIN_AFTER_FEEDBACK = 3


def give(opinions):
    listener = make_listener()
    FeedbackChange.objects.bulk_create(
        FeedbackChange(listener=listener, kind=FeedbackKind.LIKE, track=make_track(), at=NOON)
        for _ in range(opinions)
    )


def waiting():
    return Job.objects.live().filter(name=training.TRAIN).count()


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


@pytest.mark.django_db
@pytest.mark.parametrize(("opinions", "asked"), [(2, 0), (3, 1), (9, 1)])
def test_enough_new_opinions_ask_for_a_training(opinions, asked):
    make_model_version()
    give(opinions)

    training.train_if_due(at=LATER)
    training.train_if_due(at=LATER)

    assert waiting() == asked
    assert ModelAct.objects.count() == asked


@pytest.mark.django_db
def test_opinions_that_the_last_training_saw_count_no_more():
    give(5)
    make_model_version(seen_feedback=FeedbackChange.objects.latest("pk").pk, state="failed")

    assert training.train_if_due(at=LATER) is None


@pytest.mark.django_db
def test_trainings_leave_each_other_time():
    make_model_version()
    give(5)

    assert training.train_if_due(at=NOON + timedelta(minutes=59)) is None
    assert training.train_if_due(at=NOON + timedelta(minutes=60)) is not None


@pytest.mark.django_db
def test_counting_stops_at_enough(django_assert_max_num_queries):
    give(9)

    with django_assert_max_num_queries(1):
        assert training.new_opinions(since=0) == 3


@pytest.mark.django_db
def test_what_nobody_trains_any_more_is_marked_failed():
    row = make_model_version(state="training", held_by="elsewhere/1/2", heartbeat_at=NOON)

    jobs.enqueue("recommendations.train_if_due")
    jobs.run_next(queue="sync")

    row.refresh_from_db()
    assert row.state == ModelVersion.State.FAILED


@pytest.mark.django_db
def test_asked_twice_it_trains_once_and_says_who_asked():
    curator = make_curator()

    first = training.ask_for_training(by=curator, at=NOON)
    second = training.ask_for_training(by=curator, at=NOON)

    assert first == second
    assert waiting() == 1
    assert {(act.kind, act.by) for act in ModelAct.objects.all()} == {("asked", curator)}
