"""Plays come in: the one way, whatever the door."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Listener
from catalog.models import Track
from catalog.services.storing import among
from catalog.services.unverified import Found, Named, find_or_make
from jobs.prepared import Given, Prepared
from listening.arrivals import Arrival, Fate, Outcome
from listening.models import SKIP_MS, Import, PrivateSession, Source, corrections_of
from listening.nearby import Teller
from listening.services.changing import hold, plays_changed
from listening.services.telling import Told, tell

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before that, a player's clock was not set
AHEAD = timedelta(hours=1)  # so much may a player's clock be fast
LONGEST_MS = 2**31 - 1
MOST_NAMES = 200_000  # remembered from chunk to chunk

Name = tuple[str, str, tuple[str, ...], int | None, tuple[tuple[str, str], ...]]
Names = dict[Name, int]
Outcomes = dict[int, Outcome]  # by the number of the arrival


@transaction.atomic
def record_plays(
    *,
    listener: Listener,
    arrivals: Sequence[Arrival],
    source: Source,
    at: datetime,
    source_import: Import | None = None,
    key: int | None = None,
    names: Names | None = None,
) -> list[Outcome]:
    """Store what the listener heard; return what became of each arrival, in their order.

    Any number costs the same few queries. Whoever brings a history in chunks passes the same dict
    as `names` with each chunk, so that no name is looked for twice. A player is told by its `key`.
    """
    hold(listener.pk)
    outcomes = _turned_away(listener, arrivals, at)
    staying = {n: arrival for n, arrival in enumerate(arrivals) if n not in outcomes}
    found = _find(staying, {} if names is None else names, at)
    teller = source.value, source_import.pk if source_import else None, key
    told = _told(listener, found, staying, teller)
    fates = tell(listener=listener.pk, told=list(told.values()))
    nameless = Outcome(Fate.REJECTED, reason=_("No title or no artist."))
    outcomes |= dict.fromkeys(staying, nameless)
    outcomes |= {
        n: Outcome(_fate(fate, one, found[n]), play, one.track)
        for (n, one), (fate, play) in zip(told.items(), fates, strict=True)
    }
    new = (told[n].started_at for n, (fate, _) in zip(told, fates, strict=True) if fate == Fate.NEW)
    plays_changed(listener=listener, moments=new, at=at)
    return [outcomes[number] for number in range(len(arrivals))]


def _turned_away(listener: Listener, arrivals: Sequence[Arrival], at: datetime) -> Outcomes:
    private = _PRIVATE.rows(listener=listener.pk)
    turned = ((n, _refusal(one.started_at, private, at)) for n, one in enumerate(arrivals))
    return {number: outcome for number, outcome in turned if outcome}


_PRIVATE = Prepared(
    lambda: PrivateSession.objects.filter(listener=Given("listener")).values_list(
        "starts_at", "ends_at"
    )
)


def _refusal(
    started_at: datetime, private: Collection[tuple[datetime, datetime | None]], at: datetime
) -> Outcome | None:
    if started_at < EARLIEST:
        return Outcome(Fate.REJECTED, reason=_("The player’s clock was not set."))
    if started_at > at + AHEAD:
        return Outcome(Fate.REJECTED, reason=_("It lies in the future."))
    if any(start <= started_at and (not end or started_at < end) for start, end in private):
        return Outcome(Fate.INCOGNITO)
    return None


def _find(arrivals: dict[int, Arrival], names: Names, at: datetime) -> dict[int, Found]:
    """Return the track of each; none where nothing is named. Each new track is new once."""
    if len(names) > MOST_NAMES:
        names.clear()
    keys = {number: _name(arrival) for number, arrival in arrivals.items()}
    _forget_dropped(names, keys.values())
    asked = {keys[number]: arrival for number, arrival in arrivals.items()}
    asked = {name: arrival for name, arrival in asked.items() if name not in names}
    answers = find_or_make([_named(one) for one in asked.values()], at=at)
    known = {name: one for name, one in zip(asked, answers, strict=True) if one}
    names |= {name: one.track for name, one in known.items()}
    new = {one.track for one in known.values() if one.is_new}
    found: dict[int, Found] = {}
    for number, name in keys.items():
        if name in names:
            found[number] = Found(names[name], names[name] in new)
            new.discard(names[name])
    return found


def _name(arrival: Arrival) -> Name:
    return arrival.artist, arrival.title, arrival.artists, arrival.duration_ms, arrival.ids


def _named(arrival: Arrival) -> Named:
    return Named(
        arrival.artist,
        arrival.title,
        arrival.artists,
        arrival.album,
        arrival.duration_ms,
        arrival.ids,
    )


def _forget_dropped(names: Names, asked: Iterable[Name]) -> None:
    """A track that nobody used any more may be gone since the last chunk."""
    remembered = {name: names[name] for name in asked if name in names}
    standing = Track.objects.filter(among("pk", set(remembered.values())))
    there = set(standing.values_list("pk", flat=True)) if remembered else set()
    for name, track in remembered.items():
        if track not in there:
            del names[name]


def _told(
    listener: Listener,
    found: dict[int, Found],
    arrivals: dict[int, Arrival],
    teller: Teller,
) -> dict[int, Told]:
    right = corrections_of(listener.pk)
    told = {}
    for number, (track, _new) in found.items():
        arrival = arrivals[number]
        ms_played, skipped = _listened(arrival)
        told[number] = Told(
            listener.pk,
            right.get(track, track),
            arrival.started_at,
            ms_played,
            skipped,
            *teller,
            track if track in right else None,
        )
    return told


def _listened(arrival: Arrival) -> tuple[int | None, bool]:
    """How long it was heard, and whether that is a skip."""
    if arrival.ms_played is None or arrival.ms_played < 0:
        return None, bool(arrival.skipped)
    return min(arrival.ms_played, LONGEST_MS), arrival.ms_played < SKIP_MS


def _fate(fate: Fate, told: Told, found: Found) -> Fate:
    if fate is not Fate.NEW:
        return fate
    if told.skipped:
        return Fate.SHORT
    return Fate.CREATED if found.is_new else Fate.NEW
