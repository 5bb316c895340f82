"""Training as a job: on its own queue, in a child process, every day and after much feedback."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from jobs import registry
from jobs import services as jobs
from jobs.models import Job, Queue
from listening.models import FeedbackChange, FeedbackKind, Mute
from recommendations import pipeline, tasks
from recommendations.models import ModelAct, ModelVersion
from recommendations.services import training
from tests.factories import (
    NOON,
    make_artist,
    make_curator,
    make_feedback,
    make_listener,
    make_model_version,
    make_play,
    make_track,
)

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


def make_live(**fields):
    """A version that has learnt from somebody."""
    return make_model_version(state="live", data={"listeners": 1}, **fields)


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
    make_live()
    give(opinions)

    training.train_if_due(at=LATER)
    training.train_if_due(at=LATER)

    assert waiting() == asked
    assert ModelAct.objects.count() == asked


@pytest.mark.django_db
def test_opinions_that_the_last_training_saw_count_no_more():
    give(5)
    make_live()
    make_model_version(seen_feedback=FeedbackChange.objects.latest("pk").pk, state="failed")

    assert training.train_if_due(at=LATER) is None


@pytest.mark.django_db
def test_trainings_leave_each_other_time():
    make_live()
    give(5)

    assert training.train_if_due(at=NOON + timedelta(minutes=59)) is None
    assert training.train_if_due(at=NOON + timedelta(minutes=60)) is not None


@pytest.mark.django_db
def test_a_new_site_has_its_model_minutes_after_its_first_tracks_and_no_training_before(
    monkeypatch,
):
    """The daily training found nothing when the site started, and comes again only tomorrow."""
    monkeypatch.setattr(tasks, "run_command", lambda run, *words: call_command(*words))
    jobs.sweep(at=now())
    Job.objects.exclude(name=training.TRAIN).delete()
    assert "Nothing was trained" in done("train")
    assert [look() for _minutes in range(3)] == ["", "", ""]

    make_track()
    assert look() == "A training was asked for."
    assert "is live" in done("train")
    assert [look() for _minutes in range(3)] == ["", "", ""]
    assert ModelAct.objects.get(kind="asked").why == "there is no model yet"


def look():
    """Do what comes round every five minutes; return what it says."""
    jobs.enqueue("recommendations.train_if_due")
    return done("sync")


def done(queue):
    job = jobs.run_next(queue=queue)
    job.refresh_from_db()
    return job.result


@pytest.mark.django_db
def test_without_a_model_a_training_that_failed_is_tried_again_after_a_while():
    make_track()
    make_model_version(state="failed")

    assert training.train_if_due(at=NOON + timedelta(minutes=59)) is None
    assert training.train_if_due(at=NOON + timedelta(minutes=60)) is not None


def played(**fields):
    return make_play(make_listener(shares_taste=True), **fields)


def liked(**fields):
    return make_feedback(make_listener(shares_taste=True), **fields)


def played_what_became_another():
    return played(track=make_track(canonical=make_track()))


def played_by_who_keeps_it():
    return make_play(make_listener(shares_taste=False))


def played_what_nobody_has_looked_at():
    return played(track=make_track(is_verified=False))


def played_and_muted():
    play = played()
    return Mute.objects.create(listener=play.listener, track=play.track, made_at=NOON)


def liked_an_artist():
    return liked(artist=make_artist())


def reported():
    return liked(kind=FeedbackKind.REPORT)


@pytest.mark.django_db
@pytest.mark.parametrize("does", [played, liked, played_what_became_another])
def test_a_model_that_has_learnt_from_nobody_learns_from_the_first_who_teach(does):
    make_model_version(state="live", data={"listeners": 0})
    does()

    assert training.train_if_due(at=NOON + timedelta(minutes=59)) is None
    assert training.train_if_due(at=LATER) is not None
    assert ModelAct.objects.get().why == "the first listeners to learn from"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "does",
    [
        played_by_who_keeps_it,
        played_what_nobody_has_looked_at,
        played_and_muted,
        liked_an_artist,
        reported,
    ],
)
def test_what_a_training_would_not_learn_from_asks_for_none(does):
    make_model_version(state="live", data={"listeners": 0})
    does()

    assert training.train_if_due(at=LATER) is None
    assert pipeline.read_interactions(at=LATER).n_users == 0


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
