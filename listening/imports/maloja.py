"""Maloja's export: one object with its scrobbles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from listening.arrivals import Arrival
from listening.imports import values
from listening.imports.elements import elements
from listening.imports.readers import Head, Reader, Setting, each
from listening.imports.rows import Row, Unreadable


class Maloja(Reader):
    name = "maloja"
    format = "maloja"
    source = "maloja-file"

    def knows(self, head: Head) -> bool:
        first = head.first("scrobbles")
        return "artists" in (values.mapping(first.get("track")) or first)

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return each(elements(file), ("scrobbles",), _row)


def _row(row: dict[str, Any]) -> Row:
    track = values.mapping(row.get("track")) or row  # flat in old exports
    names = values.artists(track.get("artists"))
    if not names:
        raise Unreadable("no artist")
    album = track.get("album")
    return Arrival(
        started_at=values.moment(row.get("time")),
        artist=", ".join(names)[: values.ARTIST],
        title=values.title(track.get("title")),
        artists=names,
        album=values.album(album.get("albumtitle") if isinstance(album, dict) else album),
        duration_ms=values.milliseconds(track.get("length"), 1000),
        ms_played=values.milliseconds(row.get("duration"), 1000),
    )
