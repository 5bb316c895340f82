"""Tracks made from what listeners' players tell, so that no play is lost; a curator looks later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet

from catalog.models import Album, Artist, ArtistCredit, ExternalId, SearchEntry, Source, Track
from catalog.naming import clean, search_text
from catalog.services import crediting, storing
from catalog.services.indexing import index_tracks_later
from catalog.services.locking import before_dropping_tracks, before_making_tracks, keep_tracks
from catalog.services.matching import KINDS, Id, Index, Wanted
from catalog.services.storing import among

LONGEST_MS = 2**31 - 1
FEW = 20
_GUESTS = re.compile(r"\s+[(\[]?(?:feat\.?|ft\.?|featuring)\s.*$", re.IGNORECASE)
# What belongs to a row and goes with it
OWN: dict[type[Model], tuple[type[Model], ...]] = {
    Track: (ArtistCredit, ExternalId, SearchEntry),
    Album: (ExternalId, SearchEntry),
    Artist: (ExternalId, SearchEntry),
}
FIELDS = (
    "id",
    "title",
    "artist",
    "credit",
    "album",
    "duration_ms",
    "match_key",
    "search_text",
    "source",
    "is_verified",
    "created_at",
)


@dataclass(frozen=True, slots=True)
class Named:
    """A track as a player names it: `artist` as credited, `artists` one by one if it knows them."""

    artist: str
    title: str
    artists: tuple[str, ...] = ()
    album: str = ""
    duration_ms: int | None = None
    ids: tuple[Id, ...] = ()

    def cleaned(self) -> Named:
        return Named(
            clean(self.artist)[:500],
            clean(self.title)[:500],
            tuple(name for name in (clean(one)[:300] for one in self.artists) if name),
            clean(self.album)[:400],
            _plausible(self.duration_ms),
            tuple((kind, value) for kind, value in self.ids if kind in KINDS and value),
        )

    @property
    def credited(self) -> tuple[str, ...]:
        """The artists of the by-line; without its guests where nobody says who they are."""
        return self.artists or (_GUESTS.sub("", self.artist) or self.artist,)

    def wanted(self) -> list[Wanted]:
        """What to look for: under the first artist, then under the whole by-line."""
        names = dict.fromkeys((self.credited[0], self.artist))
        return [Wanted(name[:300], self.title, self.duration_ms, self.ids) for name in names]

    @property
    def can_be_made(self) -> bool:
        return bool(self.title and self.credited[0])


class Found(NamedTuple):
    track: int
    is_new: bool


def find_or_make(named: Sequence[Named], *, at: datetime) -> list[Found | None]:
    """Return the track of each, made where there is none; None where artist or title is missing.

    Call it in the transaction that stores what the tracks are found for.
    """
    cleaned = [one.cleaned() for one in named]
    keep_tracks()
    if len(cleaned) > FEW:  # a part of a long history nearly always has something new
        before_making_tracks()
        return _find_and_make(cleaned, at=at)
    found = _find(cleaned)
    missing = [n for n, one in enumerate(cleaned) if one.can_be_made and found[n] is None]
    if missing:
        before_making_tracks()
        made = _find_and_make([cleaned[number] for number in missing], at=at)
        for number, one in zip(missing, made, strict=True):
            found[number] = one
    return found


def drop_unused(
    *, tracks: Iterable[int] = (), albums: Iterable[int] = (), artists: Iterable[int] = ()
) -> int:
    """Forget those of these that no curator has seen and nothing hangs on any more.

    With a track go its album and its artists, with an album its artist, if nothing else is on it
    or by them. Return how many tracks.
    """
    before_dropping_tracks()
    count, their_albums, their_artists = _drop_tracks(tracks)
    albums = {*albums, *their_albums}
    signed = Album.objects.filter(among("pk", albums)).values_list("artist_id") if albums else ()
    artists = {*artists, *their_artists, *(artist for (artist,) in signed)}
    _drop(Album.objects.all(), albums)
    _drop(Artist.objects.shown(), artists)
    return count


def _drop_tracks(tracks: Iterable[int]) -> tuple[int, set[int], set[int]]:
    """Drop those of these that are unused; return how many, and the albums and artists they had."""
    mine = Track.objects.unverified().filter(among("pk", tracks), source=Source.LISTENER)
    rows = list(mine.values_list("pk", "artist_id", "album_id"))
    unused = _unused(Track, {pk for pk, _, _ in rows})
    if not unused:
        return 0, set(), set()
    credits = ArtistCredit.objects.filter(among("track", unused)).values_list("artist_id")
    artists = {artist for (artist,) in credits} | {row[1] for row in rows if row[0] in unused}
    albums = {album for pk, _, album in rows if pk in unused and album}
    _delete(Track, unused)
    return len(unused), albums, artists


def _drop(rows: QuerySet[Any], ids: set[int]) -> None:
    """Drop those of these rows that came from listeners and are unused."""
    theirs = rows.filter(among("pk", ids), source=Source.LISTENER) if ids else rows.none()
    if unused := _unused(rows.model, set(theirs.values_list("pk", flat=True))):
        _delete(rows.model, unused)


def _plausible(duration_ms: int | None) -> int | None:
    return duration_ms if duration_ms and 0 < duration_ms <= LONGEST_MS else None


def _find(named: Sequence[Named]) -> list[Found | None]:
    index = Index.load([wanted for one in named for wanted in one.wanted()])
    return [_look_up(index, one) for one in named]


def _look_up(index: Index, named: Named) -> Found | None:
    for wanted in named.wanted():
        if match := index.find(wanted):
            return Found(match.track, False)
    return None


def _find_and_make(named: Sequence[Named], *, at: datetime) -> list[Found | None]:
    """Those that are made get numbers below 0 first: more than one row may name the same track."""
    index = Index.load([wanted for one in named for wanted in one.wanted()])
    new: list[Named] = []
    found: list[Found | None] = []
    for one in named:
        known = _look_up(index, one)
        if known is None and one.can_be_made:
            new.append(one)
            known = Found(-len(new), True)
            index.add(one.wanted()[0], track=known.track)
        found.append(known)
    keys = _make(new, at=at)
    return [one and Found(keys.get(one.track, one.track), one.is_new) for one in found]


def _make(new: Sequence[Named], *, at: datetime) -> dict[int, int]:
    """Store tracks; return the key of each by its number below 0."""
    artists = crediting.find_artists(
        dict.fromkeys(name for one in new for name in one.credited), source=Source.LISTENER
    )
    albums = crediting.find_albums(
        [(artists[one.credited[0]], one.album, None) for one in new if one.album],
        source=Source.LISTENER,
    )
    keys = storing.next_keys(Track, len(new))
    made = list(zip(keys, new, strict=True))
    moment = storing.as_moment(at)
    storing.insert(
        Track, FIELDS, [(pk, *_row(one, artists, albums), False, moment) for pk, one in made]
    )
    credited = [(pk, [artists[name] for name in one.credited]) for pk, one in made]
    storing.insert(
        ArtistCredit,
        crediting.FIELDS,
        [row for pk, names in credited for row in crediting.credit_rows(pk, names)],
    )
    storing.insert(
        ExternalId,
        ("kind", "value", "source", "track"),
        [(kind, value[:200], Source.LISTENER, pk) for pk, one in made for kind, value in one.ids],
        or_ignore=True,
    )
    index_tracks_later(keys)
    return {-number: pk for number, pk in enumerate(keys, start=1)}


def _row(
    one: Named, artists: dict[str, int], albums: dict[tuple[int, str], int]
) -> tuple[Any, ...]:
    artist = artists[one.credited[0]]
    return (
        one.title,
        artist,
        "" if one.artist == one.credited[0] else one.artist,
        albums[artist, one.album] if one.album else None,
        one.duration_ms,
        one.wanted()[0].key,
        search_text(one.title, one.artist, *one.credited, one.album),
        Source.LISTENER.value,
    )


def _delete(model: type[Model], ids: set[int]) -> None:
    for owned in OWN[model]:
        owned._default_manager.filter(among(str(model._meta.model_name), ids)).delete()
    storing.delete(model, ids)


def _unused(model: type[Model], ids: set[int]) -> set[int]:
    """Whoever points at these uses them, whichever package it is of."""
    for field in _pointers(model):
        if not ids:
            break
        users = field.model._default_manager.filter(among(field.name, ids)).order_by()
        ids = ids - set(users.values_list(field.name, flat=True))
    return ids


def _pointers(model: type[Model]) -> list[Any]:
    relations = model._meta.get_fields(include_hidden=True)
    return [
        relation.field  # type: ignore[union-attr]
        for relation in relations
        if (relation.one_to_many or relation.one_to_one) and relation.auto_created
        if relation.related_model not in OWN[model]
    ]
