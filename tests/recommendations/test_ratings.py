"""Expected ratings, from what listeners gave to what a track's page says."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from scipy.sparse import csr_array

from listening.models import Feedback, FeedbackKind, Mute
from recommendations import pipeline, serving
from recommendations.engine import artifacts
from recommendations.engine.ratings import BiasedMF
from recommendations.pipeline.rating import learn_ratings
from recommendations.pipeline.reading import read_ratings
from recommendations.serving.live import RATINGS
from tests.factories import NOON, make_feedback, make_listener, make_track

pytestmark = pytest.mark.django_db

TRACKS, RATERS = 24, 80


def rate(listener, track, stars, *, at=NOON - timedelta(days=1)):
    return make_feedback(listener, kind=FeedbackKind.RATING, track=track, rating=stars, given_at=at)


def make_raters(*, by_taste=True, seed=0, **listener):
    """Two camps: each gives its own half of the tracks 5 stars, the other half 1; or by lot."""
    rng = np.random.default_rng(seed)
    tracks = [make_track() for _ in range(TRACKS)]
    given = []
    for number in range(RATERS):
        rater = make_listener(shares_taste=True, **listener)
        for column in np.flatnonzero(rng.random(TRACKS) < 0.6):
            stars = (5 if number % 2 == column % 2 else 1) if by_taste else rng.integers(1, 6)
            given.append(
                Feedback(
                    listener=rater,
                    kind=FeedbackKind.RATING,
                    track=tracks[column],
                    rating=stars,
                    given_at=NOON - timedelta(minutes=float(rng.uniform(1, 10_000))),
                )
            )
    Feedback.objects.bulk_create(given)
    return tracks


def taught(tracks):
    """Return the ratings that teach, as (listener, track, stars)."""
    ids = np.sort([track.pk for track in tracks])
    events = read_ratings(ids)
    rows = zip(events.user_ids[events.users], ids[events.items], events.weights, strict=True)
    return {tuple(map(int, row)) for row in rows}


# Whose ratings teach


def test_only_ratings_of_who_shares_their_taste_teach():
    track = make_track()
    sharer, keeper = make_listener(shares_taste=True), make_listener(shares_taste=False)
    rate(sharer, track, 4)
    rate(keeper, track, 1)
    rate(make_listener(), track, 1)
    make_feedback(make_listener(shares_taste=True), track=track)  # a like has no stars

    assert taught([track]) == {(sharer.pk, track.pk, 4)}


def test_what_is_muted_teaches_nothing_and_is_not_asked():
    listener, tracks = make_listener(shares_taste=True), [make_track(), make_track()]
    for track in tracks:
        rate(listener, track, 2)
    Mute.objects.create(listener=listener, track=tracks[0], made_at=NOON)

    assert taught(tracks) == {(listener.pk, tracks[1].pk, 2)}


def test_of_two_ratings_of_one_track_the_latest_wins():
    listener, survivor = make_listener(shares_taste=True), make_track()
    merged = make_track(canonical=survivor)
    rate(listener, survivor, 5)
    rate(listener, merged, 2, at=NOON)

    assert taught([survivor]) == {(listener.pk, survivor.pk, 2)}


# What is learnt, and when it is worth publishing


def test_ratings_are_measured_beside_their_mean_and_published():
    tracks = make_raters()

    learnt = learn_ratings(read_ratings(np.array([track.pk for track in tracks])), seed=0)

    models, lead = learnt.figures["models"], learnt.figures["lead"]
    assert models["mean"]["rmse"] == pytest.approx(2.0, abs=0.05)  # half are 1, half are 5
    assert models["candidate"]["rmse"] < 1.0
    assert models["candidate"]["mae"] < models["mean"]["mae"]
    assert lead["low"] > 0
    assert learnt.figures["is_served"]
    assert set(learnt.arrays) == {
        f"{RATINGS}{name}" for name in ("items", "support", "mean", "doubt")
    }


def test_ratings_by_lot_are_measured_and_not_published():
    tracks = make_raters(by_taste=False)

    learnt = learn_ratings(read_ratings(np.array([track.pk for track in tracks])), seed=0)

    assert not learnt.figures["is_served"]
    assert learnt.figures["asked"] > 100
    assert learnt.arrays == {}


def test_too_few_raters_are_neither_measured_nor_published():
    track = make_track()
    rate(make_listener(shares_taste=True), track, 4)

    learnt = learn_ratings(read_ratings(np.array([track.pk])), seed=0)

    assert learnt.figures == {"given": 1, "listeners": 1, "is_served": False}
    assert learnt.arrays == {}


# What a listener is told


@pytest.mark.slow
def test_a_training_with_ratings_serves_them_on_the_page_and_by_the_api(as_listener, api):
    tracks = make_raters()
    rate(as_listener.listener, tracks[0], 5)
    rate(as_listener.listener, tracks[1], 1)

    row = pipeline.train(at=NOON)

    assert row.metrics["ratings"]["is_served"]
    liked, other = (serving.expected_rating(t, listener=as_listener.listener) for t in tracks[2:4])
    assert 1 <= other < 2.5 < 3.5 < liked <= 5
    assert liked == by_the_engine(row, tracks, {0: 5.0, 1: 1.0}, 2)
    page = " ".join(as_listener.get(tracks[2].get_absolute_url()).content.decode().split())
    assert f"You would give it {liked} of 5." in page
    rated = " ".join(as_listener.get(tracks[1].get_absolute_url()).content.decode().split())
    assert "You gave it 1 of 5." in rated
    assert "You would give it" not in rated
    answer = api.get(reverse("api_track_reasons", args=[tracks[2].pk]))
    assert answer["expected_rating"] == liked
    quality = " ".join(as_listener.get(reverse("quality")).content.decode().split())
    assert "The mean of all ratings" in quality


def by_the_engine(row, tracks, given, wanted):
    """Fold the ratings into the stored arrays, without the site."""
    _manifest, stored = artifacts.open_arrays(Path(default_storage.path(row.artifact)))
    arrays = {name.removeprefix(RATINGS): array for name, array in stored.items()}
    ids = stored["item_ids"]
    columns = {place: int(np.searchsorted(ids, tracks[place].pk)) for place in (*given, wanted)}
    places = ([0] * len(given), [columns[place] for place in given])
    mine = csr_array((list(given.values()), places), shape=(1, ids.size))
    expected = BiasedMF().with_arrays(arrays).predict(mine, np.array([columns[wanted]]))
    return round(float(expected[0, 0]), 1)


def test_where_nothing_was_learnt_nothing_is_said(as_listener):
    track = make_track()
    rate(as_listener.listener, track, 5)

    row = pipeline.train(at=NOON)

    assert not row.metrics["ratings"]["is_served"]
    assert serving.expected_rating(track, listener=as_listener.listener) is None
    assert "You would give it" not in as_listener.get(track.get_absolute_url()).content.decode()
    assert "Not enough ratings yet" in as_listener.get(reverse("quality")).content.decode()


@pytest.mark.slow
def test_of_a_track_nobody_rated_a_newcomer_is_told_nothing():
    tracks = make_raters()
    unrated, newcomer = make_track(), make_listener()
    pipeline.train(at=NOON)

    assert serving.expected_rating(unrated, listener=newcomer) is None
    assert 2 < serving.expected_rating(tracks[0], listener=newcomer) < 4
