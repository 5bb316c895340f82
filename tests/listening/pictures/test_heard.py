"""What the pictures count is what the plays say, after any change."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalog.models import Track
from catalog.services.merging import merge_tracks, split_track
from catalog.services.refusing import Refused
from listening.arrivals import Arrival
from listening.models import Correction, HeardMonth, Import, Move, Mute, Play, Source, StaleDay
from listening.pipeline.heard import plays_of
from listening.services.changing import plays_changed
from listening.services.correcting import (
    NotCorrected,
    correct_play,
    correct_track,
    undo_correction,
)
from listening.services.moving import NotMoved, move_plays, undo_move
from listening.services.muting import lift, mute
from listening.services.recording import record_plays
from listening.services.removing import delete_plays
from listening.services.rolling_up import roll_up
from listening.services.undoing import undo_import
from tests.factories import NOON, make_artist, make_genre, make_listener, make_play, make_track

LATER = NOON + timedelta(days=365)
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
    plays = Play.objects.filter(listener=listener).select_related("track__canonical")
    return [
        (
            int(play.started_at.timestamp()),
            play.shown.pk,
            (play.shown.duration_ms if play.ms_played is None else play.ms_played) // 1000,
            play.skipped,
        )
        for play in plays.order_by("started_at", "pk")
    ]


def counted(listener):
    plays = plays_of(listener)
    rows = zip(plays.at, plays.track, plays.seconds, plays.skipped, strict=True)
    return [(int(at), int(track), int(long), bool(skipped)) for at, track, long, skipped in rows]


@pytest.mark.django_db
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


LISTENERS, TRACKS = st.integers(0, 1), st.integers(0, 3)
NEAR = st.integers(0, 40)  # days in three months
PLAYS = st.lists(
    st.tuples(NEAR, TRACKS, st.sampled_from([None, 9_000, 180_000])), min_size=1, max_size=6
)
SPANS = st.tuples(NEAR, st.integers(5, 40))
ANY = st.integers(0, 9)  # one of what there is, counted round
DOINGS = st.one_of(
    st.tuples(st.just("hear"), LISTENERS, PLAYS),
    st.tuples(st.just("bring"), LISTENERS, PLAYS),
    st.tuples(st.just("undo"), ANY),
    st.tuples(st.just("move"), LISTENERS, SPANS),
    st.tuples(st.just("move back"), ANY),
    st.tuples(st.just("correct"), LISTENERS, TRACKS, TRACKS),
    st.tuples(st.just("correct one"), ANY, TRACKS),
    st.tuples(st.just("uncorrect"), ANY),
    st.tuples(st.just("delete"), LISTENERS, SPANS),
    st.tuples(st.just("mute"), LISTENERS, TRACKS),
    st.tuples(st.just("lift"), ANY),
    st.tuples(st.just("merge"), TRACKS, TRACKS),
    st.tuples(st.just("split"), TRACKS),
)


@pytest.mark.django_db
class Anybody(TestCase):
    @given(st.lists(st.tuples(DOINGS, st.booleans()), min_size=3, max_size=12))
    @settings(deadline=None, max_examples=30)
    def test_it_counts_what_is_there_whatever_people_and_curators_do(self, steps):
        house = House()
        for (doing, *about), is_packed in steps:
            with suppress(NotMoved, NotCorrected, Refused):
                getattr(house, doing.replace(" ", "_"))(*about)
            house.agrees()
            if is_packed:
                house.pack()
                house.agrees()


class House:
    """Two profiles of one person, and all that is done with their plays, through the services."""

    def __init__(self):
        first = make_listener()
        self.listeners = [first, make_listener("Sleep", user=first.user)]
        artist = make_artist("Mira Vale")
        self.tracks = [make_track(f"Track {n}", artist=artist) for n in range(4)]
        for who, day in enumerate((3, 20)):
            self.hear(who, [(day, 0, 180_000), (day + 14, 1, None)])
        self.pack()  # so that what is not marked from now on is not counted

    def hear(self, who, plays, *, source=Source.SCROBBLE, source_import=None):
        arrivals = [
            Arrival(NOON + timedelta(days=day), "Mira Vale", f"Track {track}", ms_played=ms_played)
            for day, track, ms_played in plays
        ]
        record_plays(
            listener=self.listeners[who], arrivals=arrivals, source=source, at=LATER,
            source_import=source_import,
        )  # fmt: skip

    def bring(self, who, plays):
        fields = {"format": "spotify", "state": "done", "created_at": LATER}
        brought = Import.objects.create(listener=self.listeners[who], **fields)
        self.hear(who, plays, source=Source.SPOTIFY_FILE, source_import=brought)

    def undo(self, number):
        if brought := some(Import.objects.all(), number):
            undo_import(import_=brought, at=LATER)

    def move(self, who, span):
        one, other = self.listeners[who], self.listeners[1 - who]
        move_plays(listener=one, plays=within(span), to=other, at=LATER)

    def move_back(self, number):
        if move := some(Move.objects.all(), number):
            undo_move(move=move, at=LATER)

    def correct(self, who, wrong, right):
        wrong, right = self._track(wrong), self._track(right)
        correct_track(listener=self.listeners[who], wrong=wrong, right=right, at=LATER)

    def correct_one(self, number, right):
        if play := some(Play.objects.select_related("track"), number):
            correct_play(play=play, right=self._track(right), at=LATER)

    def uncorrect(self, number):
        if correction := some(Correction.objects.all(), number):
            undo_correction(correction=correction, at=LATER)

    def delete(self, who, span):
        delete_plays(listener=self.listeners[who], plays=within(span), at=LATER)

    def mute(self, who, track):
        mute(listener=self.listeners[who], track=self._track(track), at=LATER)

    def lift(self, number):
        if muted := some(Mute.objects.all(), number):
            lift(muted=muted, at=LATER)

    def merge(self, survivor, other):
        tracks = [self._track(other)]
        merge_tracks(survivor=self._track(survivor), tracks=tracks, by=None, at=LATER)

    def split(self, track):
        split_track(track=self._track(track), by=None, at=LATER)

    def pack(self):
        for listener in self.listeners:
            roll_up(listener_id=listener.pk, at=LATER)

    def agrees(self):
        for listener in self.listeners:
            assert counted(listener) == plainly(listener)

    def _track(self, number):
        return Track.objects.select_related("canonical").get(pk=self.tracks[number].pk)


def some(rows, number):
    found = list(rows.order_by("pk"))
    return found[number % len(found)] if found else None


def within(span):
    first, days = span
    start = NOON + timedelta(days=first)
    return Play.objects.filter(started_at__range=(start, start + timedelta(days=days)))


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
