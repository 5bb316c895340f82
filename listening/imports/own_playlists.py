"""The playlists in our own export: `playlists.json`; docs/listening.md has its form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any, TextIO

from listening.imports import values
from listening.imports.elements import elements
from listening.imports.own import Own, music
from listening.imports.readers import Setting, one
from listening.imports.rows import Entry, Row, ToldPlaylist, Unreadable, rejected

KEY, NAME, DESCRIPTION = 250, 200, 2000  # letters


class OwnPlaylists(Own):
    name = "segue-playlists"
    kind = "playlists"

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        playlists = (value for key, value in elements(file) if key == self.kind)
        for number, playlist in enumerate(playlists, start=1):
            yield from _rows(playlist, f"playlist {number:,}")


def _rows(playlist: Any, place: str) -> Iterator[Row]:
    told = _playlist(values.mapping(playlist))
    tracks = values.mapping(playlist).get("tracks")
    if told is None or not isinstance(tracks, list):
        yield rejected("no playlist with its key, its name and its tracks", place, playlist)
        return
    if not tracks:
        yield Entry(told, f"playlist “{told.name}”")
    for number, track in enumerate(tracks, start=1):
        where = f"playlist “{told.name[:80]}”, row {number:,}"
        yield one(track, where, partial(_entry, told, where))


def _playlist(row: dict[str, Any]) -> ToldPlaylist | None:
    key, name = values.exact(row.get("key"))[:KEY], values.exact(row.get("name"))[:NAME]
    if not key or not name:
        return None
    return ToldPlaylist(
        key=key,
        name=name,
        description=values.exact(row.get("description"))[:DESCRIPTION],
        created_at=_moment(row.get("created_at")),
        changed_at=_moment(row.get("changed_at")),
    )


def _entry(told: ToldPlaylist, place: str, row: dict[str, Any]) -> Entry:
    track = music(row, "track")
    return Entry(
        playlist=told,
        place=place,
        title=track.name,
        artist=", ".join(track.artists),
        artists=track.artists,
        album=track.album,
        duration_ms=track.duration_ms,
        ids=track.ids,
        added_at=_moment(row.get("added_at")),
    )


def _moment(value: Any) -> datetime | None:
    try:
        return values.moment(value)
    except Unreadable:
        return None
