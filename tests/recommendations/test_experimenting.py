"""Experiments: two versions before real listeners, counted by listener."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError

from recommendations import pipeline, serving
from recommendations.interleaving import leads
from recommendations.models import Experiment, ModelVersion, Slate, SlateOutcome
from recommendations.services import experimenting, promoting
from recommendations.services.outcomes import note_outcome
from recommendations.serving import live
from tests.factories import (
    NOON,
    make_curator,
    make_listener,
    make_model_version,
    make_play,
    make_slate,
    make_track,
)
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def versions():
    """One that knows six tracks, and a later one that knows another order of them."""
    tracks = [make_track(f"Track {number}") for number in range(6)]
    for number, track in enumerate(tracks):
        for _ in range(6 - number):
            make_play(make_listener(shares_taste=True), track)
    first = pipeline.train(at=NOON)
    for number, track in enumerate(tracks):
        for _ in range(3 * number):
            make_play(make_listener(shares_taste=True), track)
    return first, pipeline.train(at=NOON + HOUR)


def start(a, b, **options):
    return experimenting.start(
        name="Old or new", model_a=a, model_b=b, by=None, at=NOON + HOUR, **options
    )


def shown(listener, **options):
    serving.recommend(listener=listener, at=NOON + HOUR, n=6, **options)
    return Slate.objects.filter(listener=listener).latest("pk")


def running(**fields):
    a, b = make_model_version(), make_model_version()
    return Experiment.objects.create(name="Two", model_a=a, model_b=b, started_at=NOON, **fields)


# In the lists


def test_both_versions_fill_the_list_in_turns(versions):
    experiment = start(*versions)

    slate = shown(make_listener())

    assert slate.experiment == experiment
    assert len(slate.sides) == len(slate.tracks) == 6
    assert slate.sides.count("a") == slate.sides.count("b") == 3
    assert len(slate.settings["ways"]) == 6


def test_the_page_stays_as_it_is_within_a_visit(versions):
    start(*versions)
    listener = make_listener()

    first, second = shown(listener), shown(listener)

    assert (first.tracks, first.sides) == (second.tracks, second.sides)


def test_ranks_go_on_and_every_track_has_its_reason(versions):
    start(*versions)

    rows = serving.recommend(listener=make_listener(), at=NOON + HOUR, n=6)

    assert [row.rank for row in rows] == [1, 2, 3, 4, 5, 6]
    assert all(row.because.terms for row in rows)


def test_a_steered_list_and_other_surfaces_take_no_part(versions):
    start(*versions)
    listener = make_listener()

    steered = shown(listener, steering=serving.Steering(energy=0.5))
    fresh = shown(listener, surface="fresh")

    assert (steered.experiment, steered.sides) == (None, "")
    assert fresh.experiment is None


def test_settings_can_be_compared_as_well(versions):
    live = versions[1]
    start(live, live, settings_b={"rarity": 1.0})

    assert set(shown(make_listener()).sides) == {"a", "b"}


def test_after_its_end_lists_are_as_ever(versions):
    experiment = start(*versions)
    assert experimenting.end(experiment=experiment, by=make_curator(), at=NOON + HOUR)

    assert shown(make_listener()).experiment is None
    assert not experimenting.end(experiment=experiment, by=None, at=NOON + HOUR)


def test_a_version_that_was_damaged_since_ends_nobodys_list(versions):
    experiment = start(*versions)
    for name in default_storage.listdir(versions[0].artifact)[1]:
        default_storage.delete(f"{versions[0].artifact}/{name}")

    slate = shown(make_listener())

    assert slate.experiment is None or slate.experiment == experiment  # adopted before
    assert slate.tracks


def test_the_list_of_an_experiment_goes_back_to_no_single_version(versions):
    experiment = start(*versions)

    slate = shown(make_listener())

    assert slate.model is None
    by_side = {"a": experiment.model_a_id, "b": experiment.model_b_id}
    wanted = [by_side[side] for side in slate.sides]
    assert [slate.version_of(place) for place in range(6)] == wanted


def test_a_list_of_an_experiment_is_shown_again_exactly(versions):
    start(*versions)
    listener = make_listener()
    first = serving.recommend(listener=listener, at=NOON + HOUR, n=6)

    again = serving.replay(first.slate, listener=listener, at=NOON + HOUR)

    assert again.rows == first.rows


def test_so_it_is_after_the_experiment_has_ended(versions):
    experiment, listener = start(*versions), make_listener()
    first = serving.recommend(listener=listener, at=NOON + HOUR, n=6)
    experimenting.end(experiment=experiment, by=None, at=NOON + HOUR)

    assert serving.replay(first.slate, listener=listener, at=NOON + HOUR).rows == first.rows


def test_what_only_one_side_knows_is_shown_again_too(versions):
    only_b = make_track("Only b knows it")
    go_live([only_b, make_track()])  # takes the place of both
    newest = ModelVersion.objects.latest("pk")
    start(versions[0], newest)
    listener = make_listener()
    first = serving.recommend(listener=listener, at=NOON + HOUR, n=6)
    assert only_b.pk in first.track_ids

    versions[1].refresh_from_db()
    promoting.promote(version=versions[1], by=None, at=NOON + HOUR)
    live._process.looked_at = -live.LOOK_AGAIN

    assert serving.replay(first.slate, listener=listener, at=NOON + HOUR).rows == first.rows


# Begun


def test_one_experiment_at_a_time(versions):
    start(*versions)

    with pytest.raises(experimenting.NotStarted, match="running already"):
        start(*versions)


def test_the_database_holds_it_to_one():
    running()

    with pytest.raises(IntegrityError):
        running()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"loudness": 1}, "No such setting: loudness"),
        ({"energy": "much"}, "must be a number"),
        ({"energy": 99}, "must be a number"),
        ({"energy": True}, "must be a number"),
        ({"adventure": 1.5}, "adventure must be a number from -1 to 1"),
        ({"history": -0.5}, "history must be a number from 0 to 2"),
        ({"tags": float("nan")}, "tags must be a number from 0 to 2"),
        ({"per_artist": 0.5}, "per_artist must be a whole number from 1 to 100"),
        ({"per_artist": 0}, "per_artist must be a whole number from 1 to 100"),
        ({"mood": "happy"}, "No such setting: mood"),
        ({}, "Both sides are the same"),
    ],
)
def test_what_makes_no_experiment_is_refused(versions, asked, words):
    live = versions[1]

    with pytest.raises(experimenting.NotStarted, match=words):
        start(live, live, settings_b=asked)

    assert not Experiment.objects.exists()


def test_every_slider_of_a_list_has_its_range_and_the_plain_list_is_within():
    plain = vars(serving.Steering()) | {"mood": 0}

    assert experimenting.RANGES.keys() | {"mood"} == plain.keys()
    experimenting._check({name: plain[name] for name in experimenting.RANGES})


def test_a_version_that_cannot_serve_is_refused(versions):
    with pytest.raises(experimenting.NotStarted, match="has no arrays"):
        start(versions[1], make_model_version())


# Counted


def test_what_is_done_within_a_day_credits_the_side_that_put_it_there():
    experiment, listener = running(), make_listener()
    first, second, third = make_track(), make_track(), make_track()
    make_slate(listener, tracks=[first, second, third], experiment=experiment, sides="aba")
    for track, kind, after in [
        (first, "like", HOUR), (second, "play", HOUR), (third, "skip", HOUR),
        (third, "like", timedelta(hours=25)),
    ]:  # fmt: skip
        note_outcome(
            listener=listener, track_id=track.pk, kind=kind, at=NOON + after,
            slate=Slate.objects.get(),
        )  # fmt: skip

    found = experimenting.count(experiment)

    assert found.acts["a"] == {"like": 1, "skip": 1}
    assert found.acts["b"] == {"play": 1}
    assert found.leads == {listener.pk: (0, 1)}


def test_lists_of_no_experiment_and_of_others_count_nothing():
    experiment, listener, track = running(), make_listener(), make_track()
    slate = make_slate(listener, tracks=[track])
    SlateOutcome.objects.create(slate=slate, track=track, kind="like", at=NOON)

    assert experimenting.count(experiment).leads == {}


def counted(a, b, ties=0):
    acts = [(number, "a", "like") for number in range(a)]
    acts += [(number, "b", "like") for number in range(a, a + b)]
    acts += [(-1 - number, side, "like") for number in range(ties) for side in ("a", "b")]
    return experimenting.Count({}, leads(acts))


def test_before_enough_listeners_showed_a_preference_nothing_is_said():
    found = counted(150, 49, ties=90)

    assert found.verdict == "Not enough yet: 199 of 200 listeners showed a preference."
    assert found.ties == 90


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (150, 60, "side A is better"),
        (60, 150, "side B is better"),
        (105, 100, "cannot be told apart"),
    ],
)
def test_with_enough_it_says_which_is_better_or_that_none_is(a, b, words):
    assert words in counted(a, b).verdict


def test_the_lead_has_an_interval():
    found = counted(150, 50)

    assert found.lead.mean == 0.5
    assert 0.35 < found.lead.low < 0.5 < found.lead.high < 0.65
    assert found.chance < 0.001
