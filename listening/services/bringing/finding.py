"""What music the names in an export mean: any number in a few queries, made where there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from catalog.models import Album, Artist, Genre, Source, Track
from catalog.naming import name_key
from catalog.services import crediting
from catalog.services.unverified import Named, find_or_make
from listening.imports.rows import Music, Opinion

THINGS = {"track": Track, "artist": Artist, "album": Album, "genre": Genre}
UNKNOWN = _("Nothing here goes by that name.")

Meant = Music | Opinion
Numbered = list[tuple[int, Meant]]


class Thing(NamedTuple):
    """Something that can be thought of: the name of its column, and its key."""

    column: str
    pk: int


@dataclass(frozen=True, slots=True)
class Found:
    thing: Thing
    is_new: bool = False


def find(meant: Sequence[Meant], *, at: datetime) -> dict[int, Found]:
    """Return what each means, by its number; a genre is never made.

    Call it in the transaction that stores what these are found for.
    """
    by_kind: dict[str, Numbered] = defaultdict(list)
    for number, one in enumerate(meant):
        by_kind[one.on].append((number, one))
    return {
        **_tracks(by_kind["track"], at),
        **dict(_artists(by_kind["artist"])),
        **dict(_albums(by_kind["album"])),
        **dict(_genres(by_kind["genre"])),
    }


def _tracks(meant: Numbered, at: datetime) -> dict[int, Found]:
    found = find_or_make([_named(one) for _, one in meant], at=at)
    return {
        number: Found(Thing("track", one.track), one.is_new)
        for (number, _meant), one in zip(meant, found, strict=True)
        if one
    }


def _named(one: Meant) -> Named:
    return Named(", ".join(one.artists), one.name, one.artists, one.album, one.duration_ms, one.ids)


def _artists(meant: Numbered) -> Iterator[tuple[int, Found]]:
    names = dict.fromkeys(one.name for _, one in meant)
    keys = crediting.find_artists(names, source=Source.LISTENER) if names else {}
    for number, one in meant:
        yield number, Found(Thing("artist", keys[one.name]))


def _albums(meant: Numbered) -> Iterator[tuple[int, Found]]:
    signed = [(number, one) for number, one in meant if one.artists]
    names = dict.fromkeys(one.artists[0] for _, one in signed)
    artists = crediting.find_artists(names, source=Source.LISTENER) if names else {}
    wanted: list[Any] = [(artists[one.artists[0]], one.name, None) for _, one in signed]
    albums = crediting.find_albums(wanted, source=Source.LISTENER) if wanted else {}
    for (number, _one), (artist, title, _year) in zip(signed, wanted, strict=True):
        yield number, Found(Thing("album", albums[artist, title]))


def _genres(meant: Numbered) -> Iterator[tuple[int, Found]]:
    if not meant:
        return
    genres = {name_key(name): pk for pk, name in Genre.objects.values_list("pk", "name")}
    for number, one in meant:
        if pk := genres.get(name_key(one.name)):
            yield number, Found(Thing("genre", pk))
