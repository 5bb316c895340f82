"""What the pictures count is what the plays say, after any change."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalog.models import Track
from listening.models import HeardMonth, Play, StaleDay
from listening.pipeline.heard import plays_of
from listening.services.changing import plays_changed
from listening.services.rolling_up import roll_up
from tests.factories import NOON, make_genre, make_listener, make_play, make_track

DAYS = st.integers(0, 120)
ACTS = st.one_of(
    st.tuples(st.just("hear"), DAYS, st.integers(0, 3)),
    st.tuples(st.just("skip"), DAYS, st.integers(0, 3)),
    st.tuples(st.just("forget"), DAYS, st.integers(0, 3)),
    st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("split"), st.integers(0, 3), st.just(0)),
    st.tuples(st.just("pack"), st.just(0), st.just(0)),
)


def plainly(listener):
    """The plays as the database has them: when, of what, how long, skipped or not."""
    return [
        (
            int(play.started_at.timestamp()),
            play.track.canonical_id or play.track_id,
            play.ms_played // 1000,
            play.skipped,
        )
        for play in Play.objects.filter(listener=listener)
        .select_related("track")
        .order_by("started_at", "pk")
    ]


def counted(listener):
    plays = plays_of(listener)
    rows = zip(plays.at, plays.track, plays.seconds, plays.skipped, strict=True)
    return [(int(at), int(track), int(long), bool(skipped)) for at, track, long, skipped in rows]


class Anything(TestCase):
    @given(st.lists(ACTS, max_size=25))
    @settings(deadline=None, max_examples=40)
    def test_it_counts_what_is_there_after_any_change(self, acts):
        listener = make_listener()
        tracks = [make_track() for _ in range(4)]
        for act, one, other in acts:
            change(listener, tracks, act, one, other)
            assert counted(listener) == plainly(listener)


def change(listener, tracks, act, one, other):
    if act == "pack":
        roll_up(listener_id=listener.pk, at=NOON)
    elif act in ("merge", "split"):
        survivor = tracks[other] if act == "merge" and one < other else None
        Track.objects.filter(pk=tracks[one].pk).update(canonical=survivor)
    else:
        moment = NOON + timedelta(days=one, minutes=other)
        if act == "forget":
            Play.objects.filter(listener=listener, started_at=moment).delete()
        elif not Play.objects.filter(listener=listener, started_at=moment).exists():
            long = 20_000 if act == "skip" else 180_000
            make_play(
                listener, tracks[other], started_at=moment, ms_played=long, skipped=act == "skip"
            )
        plays_changed(listener=listener, moments=[moment], at=NOON)


@pytest.mark.django_db
def test_packing_leaves_no_day_stale():
    listener = make_listener()
    make_play(listener, started_at=NOON)
    make_play(listener, started_at=NOON + timedelta(days=70))
    assert roll_up(listener_id=listener.pk, at=NOON) == 2
    assert not StaleDay.objects.exists()
    assert sorted(HeardMonth.objects.values_list("plays", flat=True)) == [1, 1]
    assert roll_up(listener_id=listener.pk, at=NOON) == 0


@pytest.mark.django_db
def test_a_month_without_plays_keeps_no_block():
    listener = make_listener()
    play = make_play(listener, started_at=NOON)
    roll_up(listener_id=listener.pk, at=NOON)
    play.delete()
    plays_changed(listener=listener, moments=[NOON], at=NOON)
    roll_up(listener_id=listener.pk, at=NOON)
    assert not HeardMonth.objects.exists()
    assert len(plays_of(listener)) == 0


@pytest.mark.django_db
def test_an_unknown_length_is_that_of_the_track():
    listener, genre = make_listener(), make_genre()
    track = make_track(duration_ms=240_000, genre=genre, year=None)
    make_play(listener, track, ms_played=None)
    plays = plays_of(listener)
    assert (plays.seconds[0], plays.genre[0], plays.year[0]) == (240, genre.pk, 0)
