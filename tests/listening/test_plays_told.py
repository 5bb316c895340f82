"""Whatever is told, merged, split and taken back: nothing is lost and nothing is invented."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from catalog.models import Track
from catalog.services import merging
from catalog.services.refusing import Refused
from listening.arrivals import Arrival, Fate
from listening.models import Import, Play, Sighting
from listening.services.recording import record_plays
from listening.services.undoing import undo_import
from tests.factories import NOON, make_artist, make_listener, make_track

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

LENGTHS = [200, 60, None, 90]  # seconds, of the tracks
SOURCES = [
    Play.Source.SPOTIFY_FILE,
    Play.Source.LASTFM_FILE,
    Play.Source.LASTFM_API,
    Play.Source.SCROBBLE,
    Play.Source.SCROBBLE,
    Play.Source.SCROBBLE,
]
KEYS = [None, None, None, 1, 2, None]
CLOCKS = [("spotify",), ("lastfm",), ("lastfm",), ("player", 1), ("player", 2), ("player",)]
TELLERS = [0, 1, 2]  # imports; None is a scrobble


@dataclass
class Told:
    teller: tuple  # source, import
    track: int
    start: int

    @property
    def row(self):
        return (*self.teller, self.track, self.start)

    @property
    def place(self):
        """What two tellings of one source cannot both have."""
        source, teller = self.teller
        return SOURCES[source], teller, self.track, self.start

    def is_by_another_clock(self, other):
        """A player without a key may be any player."""
        one, two = CLOCKS[self.teller[0]], CLOCKS[other.teller[0]]
        return one[0] != two[0] or (len(one) == len(two) and one != two)


@dataclass
class Oracle:
    """The rules, as slow and plain as can be."""

    into: dict = field(default_factory=dict)  # merged tracks
    lengths: list = field(default_factory=lambda: LENGTHS)
    plays: list = field(default_factory=list)  # lists of what was told of each, the first first

    def shown(self, track):
        return self.into.get(track, track)

    def tell(self, told):
        shown = self.shown(told.track)
        same = [play for play in self.plays if self.shown(play[0].track) == shown]
        for play in same:
            if play[0].start == told.start:
                return Fate.KNOWN, self.see(play, told)
        length = self.lengths[shown] or 240
        near = [
            (abs(play[0].start - told.start), play[0].start, number, play)
            for number, play in enumerate(same)
            if told.is_by_another_clock(play[0]) and abs(play[0].start - told.start) < length
        ]
        if near:
            return Fate.ECHO, self.see(min(near)[-1], told)
        self.plays.append([told])
        return Fate.NEW, None

    def see(self, play, told):
        sightings = [seen.place for one in self.plays for seen in one[1:]]
        made_by = play[0].teller, play[0].track
        if made_by != (told.teller, told.track) and told.place not in sightings:
            play.append(told)

    def undo(self, import_):
        for play in self.plays:
            play[1:] = [told for told in play[1:] if told.teller[1] != import_]
        gone = [play for play in self.plays if play[0].teller[1] == import_]
        self.plays = [play for play in self.plays if play not in gone]
        for play in gone:
            for told in play[1:]:
                self.tell(told)

    def rows(self):
        return Counter(
            (play[0].row, tuple(sorted(map(repr, (told.row for told in play[1:])))))
            for play in self.plays
        )


arrivals = st.tuples(
    st.integers(0, len(LENGTHS) - 1), st.sampled_from([0, 1, 50, 59, 60, 61, 199, 200, 201, 400])
)
tellings = st.tuples(
    st.just("tell"),
    st.integers(0, len(SOURCES) - 1),
    st.sampled_from([*TELLERS, None]),
    st.lists(arrivals, min_size=1, max_size=4),
)
undos = st.tuples(st.just("undo"), st.sampled_from(TELLERS))
merges = st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3))
splits = st.tuples(st.just("split"), st.integers(0, 3))
STEPS = st.lists(st.one_of(tellings, tellings, undos, merges, splits), max_size=9)


class World:
    def __init__(self):
        self.listener = make_listener()
        artist = make_artist("Low")
        self.tracks = [
            make_track(f"Night {n}", artist=artist, duration_ms=length and length * 1000)
            for n, length in enumerate(LENGTHS)
        ]
        self.imports = [
            Import.objects.create(listener=self.listener, created_at=NOON, state=Import.State.DONE)
            for _ in TELLERS
        ]
        self.number = {track.pk: n for n, track in enumerate(self.tracks)}

    def tell(self, source, teller, told):
        return record_plays(
            listener=self.listener,
            arrivals=[
                Arrival(NOON + timedelta(seconds=start), "Low", f"Night {track}", ms_played=40_000)
                for track, start in told
            ],
            source=SOURCES[source],
            source_import=None if teller is None else self.imports[teller],
            key=KEYS[source],
            at=NOON + timedelta(days=1),
        )

    def undo(self, teller):
        undo_import(import_=self.imports[teller], at=NOON)

    def merge(self, survivor, track):
        tracks = [Track.objects.get(pk=self.tracks[n].pk) for n in (survivor, track)]
        merging.merge_tracks(survivor=tracks[0], tracks=tracks[1:], by=None, at=NOON)

    def split(self, track):
        row = Track.objects.get(pk=self.tracks[track].pk)
        merging.split_track(track=row, by=None, at=NOON)

    def into(self):
        merged = Track.objects.filter(canonical__isnull=False)
        return {
            self.number[pk]: self.number[into]
            for pk, into in merged.values_list("pk", "canonical_id")
        }

    def lengths(self):
        """A merge may let a track show the duration of another."""
        shown = dict(Track.objects.values_list("pk", "duration_ms"))
        return [(shown[track.pk] or 0) / 1000 for track in self.tracks]

    def row(self, told):
        source = list(zip(SOURCES, KEYS, strict=True)).index((told.source, told.key))
        teller = next(
            (n for n, one in enumerate(self.imports) if one.pk == told.source_import_id), None
        )
        start = round((told.started_at - NOON).total_seconds())
        return source, teller, self.number[told.track_id], start

    def rows(self):
        seen = {}
        for sighting in Sighting.objects.all():
            seen.setdefault(sighting.play_id, []).append(repr(self.row(sighting)))
        return Counter(
            (self.row(play), tuple(sorted(seen.get(play.pk, [])))) for play in Play.objects.all()
        )


def act(world, oracle, step):
    """Do it in both. What merging does to tracks is read from the world, not on trial here."""
    kind, *rest = step
    if kind in {"merge", "split"}:
        with suppress(Refused):
            getattr(world, kind)(*rest)
        oracle.into, oracle.lengths = world.into(), world.lengths()
        return
    if kind == "undo":
        world.undo(*rest)
        oracle.undo(*rest)
        return
    source, teller, told = rest
    fates = [outcome.fate for outcome in world.tell(source, teller, told)]
    assert fates == [oracle.tell(Told((source, teller), *one))[0] for one in told]


HOLD = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(steps=STEPS)
@HOLD
@example(
    steps=[  # the middle of three echoes goes
        ("tell", 0, 0, [(0, 200)]),
        ("tell", 1, 1, [(0, 1), (0, 399)]),
        ("tell", 3, None, [(0, 50)]),
        ("undo", 0),
    ]
)
@example(
    steps=[  # two players and an import, which goes
        ("tell", 1, 0, [(0, 1)]),
        ("tell", 3, None, [(0, 0)]),
        ("tell", 4, None, [(0, 50)]),
        ("undo", 0),
    ]
)
def test_nothing_is_lost_and_nothing_invented(steps, db):
    with transaction.atomic():
        world, oracle = World(), Oracle()
        for step in steps:
            act(world, oracle, step)
            assert world.rows() == oracle.rows()
        transaction.set_rollback(True)


@given(steps=STEPS, told=st.lists(arrivals, min_size=1, max_size=6), source=st.integers(0, 5))
@HOLD
def test_undo_restores_the_state_before(steps, told, source, db):
    with transaction.atomic():
        world, oracle = World(), Oracle()
        for step in [*steps, ("undo", 0)]:
            act(world, oracle, step)
        before = world.rows()

        world.tell(source, 0, told)
        world.undo(0)

        assert world.rows() == before
        transaction.set_rollback(True)


@given(told=st.lists(arrivals, min_size=1, max_size=6), source=st.integers(0, 5))
@HOLD
def test_importing_twice_adds_nothing(told, source, db):
    with transaction.atomic():
        world = World()
        world.tell(source, 0, told)
        plays = set(Play.objects.values_list("pk", flat=True))

        outcomes = world.tell(source, 1, told)

        assert {outcome.fate for outcome in outcomes} == {Fate.KNOWN}
        assert set(Play.objects.values_list("pk", flat=True)) == plays
        transaction.set_rollback(True)


@given(
    starts=st.lists(st.integers(0, 40), min_size=1, max_size=5, unique=True),
    late=st.lists(st.integers(-199, 199), min_size=5, max_size=5),
)
@HOLD
def test_two_services_that_told_of_the_same_listening_add_each_play_once(starts, late, db):
    """Whatever each notes: the start, the end, or the moment when half of it was heard."""
    with transaction.atomic():
        world = World()
        heard = [(0, 1000 * start) for start in starts]
        world.tell(0, 0, heard)

        noted = [(0, start + after) for (_, start), after in zip(heard, late, strict=False)]
        outcomes = world.tell(1, 1, noted)

        assert {outcome.fate for outcome in outcomes} <= {Fate.ECHO, Fate.KNOWN}
        assert Play.objects.count() == len(starts)
        transaction.set_rollback(True)


@given(starts=st.lists(st.integers(0, 2000), min_size=1, max_size=8, unique=True))
@HOLD
def test_repeats_told_by_one_clock_are_all_kept(starts, db):
    with transaction.atomic():
        world = World()

        world.tell(1, 0, [(0, start) for start in starts])
        world.tell(2, 1, [(0, start) for start in starts])

        assert Play.objects.count() == len(starts)
        transaction.set_rollback(True)
