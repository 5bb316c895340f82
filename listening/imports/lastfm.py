"""Last.fm's recent tracks as JSON: its own pages, as programs save them, and lastfmstats.com's.

Its MusicBrainz ids are old guesses of its own, and are not used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from listening.arrivals import Arrival
from listening.imports import values
from listening.imports.elements import elements
from listening.imports.readers import Head, Reader, Setting, one
from listening.imports.rows import Row, Unreadable

TIMES = ("date", "uts", "timestamp", "time")
LISTS = ("scrobbles", "track", "tracks", "recenttracks")


class LastFm(Reader):
    name = "lastfm"
    format = "lastfm"
    source = "lastfm-file"

    def knows(self, head: Head) -> bool:
        return any(_is_track(row) for key, value in head.pairs for row in _tracks(key, value))

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        number = 0
        for key, value in elements(file):
            for row in _tracks(key, value):
                number += 1
                yield one(row, f"row {number:,}", _row)


def _tracks(key: str | None, value: Any) -> Iterator[Any]:
    """The tracks in an element: it is one, or a page of them."""
    if key is not None and key not in LISTS:
        return
    page = values.mapping(value).get("recenttracks", value)
    tracks = page.get("track", page) if isinstance(page, dict) else page
    if isinstance(tracks, list):
        yield from tracks
    elif isinstance(tracks, str):  # a flat row whose track is a word
        yield page
    elif tracks != {} and not _is_about_the_page(tracks):
        yield tracks


def _is_about_the_page(value: Any) -> bool:
    return isinstance(value, dict) and set(value) <= {"@attr"}


def _is_track(row: Any) -> bool:
    row = values.mapping(row)
    is_track = "artist" in row and bool(row.keys() & {"name", "track", "title"})
    return is_track and (bool(row.keys() & set(TIMES)) or "@attr" in row)


def _row(row: dict[str, Any]) -> Row:
    if values.mapping(row.get("@attr")).get("nowplaying"):
        raise Unreadable("was playing while the export was made, and has no time")
    return Arrival(
        started_at=values.moment(_time(row)),
        artist=values.artist(_name(row.get("artist"))),
        title=values.title(row.get("name") or row.get("track") or row.get("title")),
        album=values.album(_name(row.get("album"))),
    )


def _name(value: Any) -> Any:
    """Names stand under "#text", or under "name" in the longer form of the pages."""
    if isinstance(value, dict):
        return value.get("#text") or value.get("name") or value.get("title")
    return value


def _time(row: dict[str, Any]) -> Any:
    value = next((row[name] for name in TIMES if row.get(name)), None)
    if isinstance(value, dict):
        return value.get("uts") or value.get("#text")
    return value
