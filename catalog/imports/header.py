"""Which column of a table says what. Files name the same things differently; all are known here."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.features import FEATURES
from catalog.imports.rows import Refused

DELIMITERS = (",", ";", "\t", "|")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")

# Our name of a column, and the names that files give it, the likeliest first.
ALIASES: dict[str, tuple[str, ...]] = {
    "title": (
        "title",
        "track_name",
        "song_name",
        "track_title",
        "song_title",
        "name",
        "track",
        "song",
    ),
    "artists": (
        "artists",
        "artist",
        "artist_name",
        "artist_names",
        "artist_s",
        "track_artist",
        "performer",
    ),
    "album": ("album", "album_name", "track_album_name", "release_name", "release"),
    "released": ("release_date", "track_album_release_date", "album_release_date", "released"),
    "year": ("year", "release_year", "song_year"),
    "duration_ms": ("duration_ms", "song_duration_ms", "track_duration_ms", "length_ms"),
    "duration": ("duration", "song_duration", "duration_s", "duration_seconds", "length"),
    "explicit": ("explicit", "is_explicit", "track_explicit"),
    "genre": ("genre", "genres", "track_genre", "song_genre", "playlist_genre", "artist_terms"),
    "subgenre": ("subgenre", "sub_genre", "playlist_subgenre"),
    "tags": ("tags", "tag"),
    "spotify_id": (
        "spotify_id",
        "track_id",
        "spotify_track_id",
        "id",
        "uri",
        "track_uri",
        "spotify_uri",
    ),
    "isrc": ("isrc", "track_isrc"),
    "musicbrainz_id": ("musicbrainz_id", "mbid", "recording_mbid", "musicbrainz_recording_id"),
    "edition": ("decade",),
    "msd_id": ("msd_id", "song_id", "msd_track_id"),
    **{name: (name, f"song_{name}", f"track_{name}") for name in FEATURES},
}
NEEDED = ("title", "artists")


@dataclass(frozen=True)
class Header:
    """Where in a row our columns stand."""

    names: tuple[str, ...]  # as the file has them
    delimiter: str
    places: Mapping[str, int]

    @property
    def width(self) -> int:
        return len(self.names)


def word(name: str) -> str:
    """A column's name in the form in which two are compared."""
    return _NOT_A_WORD.sub("_", name.casefold()).strip("_")


def words(line: str) -> set[str]:
    """The names of the columns of a header line."""
    return {word(name) for name in _split(line, _delimiter(line))}


def read_header(line: str, columns: Mapping[str, str], *, need: Sequence[str] = NEEDED) -> Header:
    """:raises Refused: if a column is asked for that is not there, or one we need is missing"""
    delimiter = _delimiter(line)
    names = _split(line, delimiter)
    places = _places(names) | _asked(names, columns)
    missing = [name for name in need if name not in places]
    if missing:
        found = ", ".join(name for name in names if name)[:300]
        raise Refused(
            f"No column says the {' and the '.join(missing)}. The columns are: {found}. "
            f"If one of them does, say so: --column {missing[0]}=…"
        )
    _refuse_doubles(names)
    return Header(tuple(names), delimiter, places)


def _delimiter(line: str) -> str:
    return max(DELIMITERS, key=line.count)


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error as error:
        raise Refused(f"The first line is no list of columns ({error}).") from None


def _refuse_doubles(names: Sequence[str]) -> None:
    counts = Counter(filter(None, map(word, names)))
    double = [name for name in names if counts[word(name)] > 1]
    if double:
        raise Refused(f"The column “{double[0]}” stands there more than once.")


def _places(names: Sequence[str]) -> dict[str, int]:
    """Find each of our columns by its likeliest name; no column says two things."""
    at = {word(name): place for place, name in enumerate(names) if name}
    places: dict[str, int] = {}
    for ours, aliases in ALIASES.items():
        for alias in aliases:
            if alias in at and at[alias] not in places.values():
                places[ours] = at[alias]
                break
    return places


def _asked(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    at = {word(name): place for place, name in enumerate(names) if name}
    for ours, theirs in columns.items():
        if ours not in ALIASES:
            raise Refused(f"We know no column “{ours}”. There are: {', '.join(ALIASES)}.")
        if word(theirs) not in at:
            raise Refused(f"The file has no column “{theirs}”.")
    return {ours: at[word(theirs)] for ours, theirs in columns.items()}
