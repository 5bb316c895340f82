"""From what exports tell of playlists to playlists: each once, in its order, nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import Listener
from catalog.services.grouping import shown_as
from catalog.services.storing import among
from catalog.services.unverified import Found, Named, find_or_make
from listening.arrivals import Fate, Outcome
from listening.imports.rows import Entry, ToldPlaylist
from listening.models import Import
from listening.services.changing import hold
from playlists.models import Playlist, PlaylistEntry, Telling
from playlists.services.placing import is_full, too_many


@dataclass
class Shelf:
    """A playlist that is told of, and what is in it, by the track as it shows."""

    playlist: Playlist
    told: ToldPlaylist
    is_new: bool
    entries: dict[int, PlaylistEntry] = field(default_factory=dict)
    last: int = 0
    added: list[PlaylistEntry] = field(default_factory=list)


Shelves = dict[str, Shelf]  # by the key of the playlist


@transaction.atomic
def take_in(
    *, listener: Listener, entries: Sequence[Entry], source_import: Import, at: datetime
) -> list[Outcome]:
    """Store what an import tells; return what became of each entry, in their order.

    A playlist that is here already gets what it lacks, at its end. Any number costs the same few
    queries.
    """
    hold(listener.pk)
    shelves = _shelves(listener, {one.playlist.key: one.playlist for one in entries}, at)
    was_own = {key: shelf.playlist.is_own for key, shelf in shelves.items()}
    named = [(number, one) for number, one in enumerate(entries) if not one.is_empty]
    found = find_or_make([_named(one) for _, one in named], at=at)
    tracks = {number: track for (number, _), track in zip(named, found, strict=True)}
    shown = shown_as({track.track for track in tracks.values() if track})
    fresh = {track.track for track in tracks.values() if track and track.is_new}
    outcomes, told = [], []
    for number, one in enumerate(entries):
        shelf = shelves[one.playlist.key]
        if one.is_empty:
            outcomes.append(Outcome(Fate.NEW if shelf.is_new else Fate.KNOWN))
            shelf.is_new = False
            continue
        outcome, entry = _put(shelf, one, tracks[number], shown, fresh, at)
        outcomes.append(outcome)
        told += [entry] if entry else []
    _store(shelves, at)
    _note(told, shelves, was_own, source_import)
    return outcomes


def _shelves(listener: Listener, told: dict[str, ToldPlaylist], at: datetime) -> Shelves:
    """Hold those that are here, and make the others."""
    here = Playlist.objects.filter(among("key", list(told)), listener=listener)
    held = list(here.select_for_update().order_by("pk"))
    new = told.keys() - {one.key for one in held}
    made = [_made(listener, one, at) for key, one in told.items() if key in new]
    all_ = [*held, *Playlist.objects.bulk_create(made)]
    shelves = {one.key: Shelf(one, told[one.key], one.key in new) for one in all_}
    by_pk = {shelf.playlist.pk: shelf for shelf in shelves.values()}
    entries = PlaylistEntry.objects.filter(among("playlist", list(by_pk))).order_by("position")
    for entry in entries.annotate(shown_id=Coalesce("track__canonical", "track")):
        shelf = by_pk[entry.playlist_id]
        shelf.entries.setdefault(entry.shown_id, entry)
        shelf.last = entry.position
    return shelves


def _made(listener: Listener, told: ToldPlaylist, at: datetime) -> Playlist:
    changed_at = _changed_at(told, at)
    return Playlist(
        listener=listener,
        key=told.key,
        name=told.name,
        description=told.description,
        is_own=False,
        created_at=min(told.created_at or changed_at, changed_at),
        changed_at=changed_at,
    )


def _changed_at(told: ToldPlaylist, at: datetime) -> datetime:
    return min(told.changed_at or at, at)


def _named(one: Entry) -> Named:
    return Named(one.artist, one.title, one.artists, one.album, one.duration_ms, one.ids)


def _put(
    shelf: Shelf,
    told: Entry,
    found: Found | None,
    shown: dict[int, int],
    fresh: set[int],
    at: datetime,
) -> tuple[Outcome, PlaylistEntry | None]:
    """Each new track is new once, whoever tells of it first."""
    if found is None:
        return Outcome(Fate.REJECTED, reason=_("No title or no artist.")), None
    track = shown[found.track]
    if entry := shelf.entries.get(track):
        return Outcome(Fate.KNOWN, track=found.track), entry
    if is_full(shelf.last):
        return Outcome(Fate.REJECTED, reason=too_many()), None
    shelf.last += 1
    entry = PlaylistEntry(
        playlist=shelf.playlist,
        track_id=found.track,
        position=shelf.last,
        added_at=min(told.added_at or at, at),
        is_own=False,
    )
    shelf.entries[track] = entry
    shelf.added.append(entry)
    fate = Fate.CREATED if found.track in fresh else Fate.NEW
    fresh.discard(found.track)
    return Outcome(fate, track=found.track), entry


def _store(shelves: Shelves, at: datetime) -> None:
    """Store what is new; a playlist that was here before has changed by it."""
    grown = [shelf for shelf in shelves.values() if shelf.added]
    PlaylistEntry.objects.bulk_create([entry for shelf in grown for entry in shelf.added])
    for shelf in grown:
        playlist = shelf.playlist
        playlist.version += 1
        playlist.changed_at = max(playlist.changed_at, _changed_at(shelf.told, at))
    Playlist.objects.bulk_update(
        [shelf.playlist for shelf in grown], ["version", "changed_at"], batch_size=500
    )


def _note(
    told: Iterable[PlaylistEntry], shelves: Shelves, was_own: dict[str, bool], by: Import
) -> None:
    """Keep who told of what; what the import has told before is told."""
    playlists = [
        Telling(source_import=by, playlist=shelf.playlist, was_own=was_own[key])
        for key, shelf in shelves.items()
    ]
    entries = [
        Telling(source_import=by, playlist_id=one.playlist_id, entry=one, was_own=one.is_own)
        for one in dict.fromkeys(told)
    ]
    Telling.objects.bulk_create(playlists + entries, ignore_conflicts=True, batch_size=2000)
