"""What is told of a listener's plays: stored, set beside what is known, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import DateTimeField, F, QuerySet

from accounts import taste_cache
from accounts.models import Listener
from catalog.models import Track
from catalog.services import storing
from catalog.services.storing import among
from jobs.prepared import Given, Prepared, Row
from listening.arrivals import Fate
from listening.imports.own import OWN
from listening.models import Import, Move, Mute, Play, Sighting, Source
from listening.nearby import USUAL_LENGTH, Clock, Heard, Nearby, Teller
from listening.services.changing import plays_changed


class Told(NamedTuple):
    """A play as one source told it; the columns of `Telling`."""

    listener: int
    track: int
    started_at: datetime
    ms_played: int | None
    skipped: bool
    source: str
    source_import: int | None = None
    key: int | None = None
    told_track: int | None = None
    is_pinned: bool = False
    move: int | None = None

    @property
    def teller(self) -> Teller:
        return self.source, self.source_import, self.key


class Shown(NamedTuple):
    track: int  # the one it was merged into, or itself
    length: float  # seconds


Change = Callable[[Told], Told | None]
FIELDS = Told._fields


def tell(*, listener: int, told: Sequence[Told]) -> list[tuple[Fate, int]]:
    """Store what is new; return for each whether it is, and its play.

    Call it where `changing.hold` holds the listener.
    """
    shown = _shown({one.track for one in told})
    nearby, own = _plays_near(listener, told, shown), _own_exports(told)
    keys = storing.next_keys(Play, len(told))
    stored = storing.as_moments(one.started_at for one in told)
    outcomes: list[tuple[Fate, int]] = []
    plays, sightings = [], []
    for one, moment, key in zip(told, stored, keys, strict=True):
        clock = _clock(one.source, one.key)
        track, length = shown[one.track]
        decided = one.source_import if one.source_import in own else None
        found = nearby.find(track, at=one.started_at, clock=clock, length=length, decided=decided)
        row = (*one[:2], moment, *one[3:])
        if found is None:
            home = (listener, one.move)
            heard = Heard(one.started_at.timestamp(), key, one.track, clock, one.teller, home)
            nearby.add(track, heard)
            plays.append((key, *row))
        elif (found[1].teller, found[1].track) != (one.teller, one.track):
            sightings.append((found[1].play, *_at_home(row, found[1])))
        outcomes.append((found[0], found[1].play) if found else (Fate.NEW, key))
    storing.insert(Play, ("id", *FIELDS), plays)
    storing.insert(Sighting, ("play", *FIELDS), sightings, or_ignore=True)
    return outcomes


class Again(NamedTuple):
    tracks: set[int]  # that are told of less than before
    became: dict[int, tuple[int, int]]  # of old plays: the play that each is now, and its listener


def tell_again(*, plays: Collection[int], change: Change, at: datetime) -> Again:
    """Change what was told of these plays (None takes it back), and tell the rest again.

    So what one source takes back stays as long as another tells of it. Mutes stay on what becomes
    of their play. Call it where `changing.hold` holds the listeners of before and after.
    """
    before = _read(plays)
    mutes = list(Mute.objects.filter(among("play", plays)))
    Play.objects.filter(among("pk", plays)).delete()
    after = [(play, told) for play, one in before if (told := change(one)) is not None]
    became = _tell_all(after)
    for mute in mutes:
        mute.play_id, mute.listener_id = became.get(mute.play_id or 0, (0, 0))
    Mute.objects.bulk_create(mute for mute in mutes if mute.play_id)
    _tell_of_change([one for _, one in before] + [one for _, one in after], at)
    tracks = {track for _, one in before for track in (one.track, one.told_track) if track}
    return Again(tracks, became)


def remove(*, plays: Collection[int], at: datetime) -> set[int]:
    """Forget these plays, whoever told of them; return their tracks."""
    return tell_again(plays=plays, change=lambda told: None, at=at).tracks


def _at_home(row: tuple[Any, ...], heard: Heard) -> tuple[Any, ...]:
    """What is told of a play that went to another profile goes there too."""
    listener, move = heard.home
    return (listener, *row[1:-1], move) if listener != row[0] else row


def _shown(tracks: set[int]) -> dict[int, Shown]:
    return {
        pk: Shown(canonical or pk, _seconds(canonical_ms if canonical else duration_ms))
        for pk, duration_ms, canonical, canonical_ms in _LENGTHS.rows(tracks=list(tracks))
    }


_LENGTHS = Prepared(
    lambda: Track.objects.filter(among("pk", Given("tracks"))).values_list(
        "pk", "duration_ms", "canonical_id", F("canonical__duration_ms")
    )
)


def _seconds(duration_ms: int | None) -> float:
    return duration_ms / 1000 if duration_ms else USUAL_LENGTH


def _own_exports(told: Sequence[Told]) -> set[int]:
    """Which of the imports that tell of these brought an export of ours."""
    imports = {one.source_import for one in told} - {None}
    return {pk for (pk,) in _OWN.rows(imports=list(imports))} if imports else set()


_OWN = Prepared(
    lambda: Import.objects.filter(among("pk", Given("imports")), format=OWN).values_list("pk")
)


def _plays_near(listener: int, told: Sequence[Told], shown: dict[int, Shown]) -> Nearby:
    nearby = Nearby()
    if not told:
        return nearby
    farthest = timedelta(seconds=max(one.length for one in shown.values()))
    moments = [one.started_at for one in told]
    group = _group({one.track for one in shown.values()})
    near = {
        "tracks": list(group),
        "since": min(moments) - farthest,
        "until": max(moments) + farthest,
    }
    rows = [*_PLAYED.rows(listener=listener, **near), *_PINNED.rows(listener=listener, **near)]
    if moves := [move for (move,) in _MOVED.rows(listener=listener)]:
        rows += _ELSEWHERE.rows(moves=moves, **near)
    for of, play, started_at, source, source_import, key, home, move in rows:
        moment, teller = started_at.timestamp(), (source, source_import, key)
        heard = Heard(moment, play, of, _clock(source, key), teller, (home, move))
        nearby.add(group[of], heard)
    return nearby


_SINCE, _UNTIL = Given("since", DateTimeField()), Given("until", DateTimeField())


def _heard(track: str, **which: Any) -> QuerySet[Play, Row]:
    """Plays in a span of `tracks`: of those that the field `track` names."""
    near = Play.objects.filter(started_at__range=(_SINCE, _UNTIL), **which)
    return near.filter(among(track, Given("tracks"))).values_list(
        track, "pk", "started_at", "source", "source_import_id", "key", "listener_id", "move_id"
    )


_PLAYED = Prepared(lambda: _heard("track_id", listener=Given("listener")))
_PINNED = Prepared(lambda: _heard("told_track_id", listener=Given("listener"), is_pinned=True))
_ELSEWHERE = Prepared(lambda: _heard("track_id").filter(among("move_id", Given("moves"))))
_MOVED = Prepared(
    lambda: Move.objects.filter(from_listener=Given("listener"), undone_at=None).values_list("pk")
)


def _group(shown: set[int]) -> dict[int, int]:
    """These tracks and all merged into them, with what they show as."""
    return {track: track for track in shown} | dict(_MERGED.rows(tracks=list(shown)))


_MERGED = Prepared(
    lambda: Track.objects.filter(among("canonical", Given("tracks"))).values_list(
        "pk", "canonical_id"
    )
)


@lru_cache(maxsize=1000)
def _clock(source: str, key: int | None) -> Clock:
    return Clock(Source(source).clock, key)


def _read(plays: Collection[int]) -> list[tuple[int, Told]]:
    """All that was told of these plays: of each what made it, then the sightings, oldest first."""
    made = Play.objects.filter(among("pk", plays)).values_list("pk", *FIELDS)
    seen = Sighting.objects.filter(among("play", plays)).values_list("play_id", *FIELDS)
    rows = [*made.order_by("pk"), *seen.order_by("pk")]
    return [(play, Told(*columns)) for play, *columns in sorted(rows, key=itemgetter(0))]


def _tell_all(told: list[tuple[int, Told]]) -> dict[int, tuple[int, int]]:
    """Tell it to each listener; return the play and listener of the first of each old play."""
    became: dict[int, tuple[int, int]] = {}
    told = sorted(told, key=lambda one: one[1].listener)
    for listener, group in groupby(told, key=lambda one: one[1].listener):
        ours = list(group)
        outcomes = tell(listener=listener, told=[one for _, one in ours])
        for (old, _), (_fate, play) in zip(ours, outcomes, strict=True):
            became.setdefault(old, (play, listener))
    return became


def _tell_of_change(told: list[Told], at: datetime) -> None:
    """What is cached of these plays goes at once: they may be gone for good."""
    moments: dict[int, list[datetime]] = {}
    for one in told:
        moments.setdefault(one.listener, []).append(one.started_at)
    taste_cache.forget(*moments)
    for listener in Listener.objects.filter(pk__in=moments).order_by("pk"):
        plays_changed(listener=listener, moments=moments[listener.pk], at=at)
