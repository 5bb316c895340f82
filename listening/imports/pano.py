"""Pano Scrobbler's own record, as lines of JSON or as a table; loves and unloves stand among it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from listening.arrivals import Arrival
from listening.imports import table, values
from listening.imports.readers import Head, Reader, Setting, each_line
from listening.imports.rows import Opinion, Row

MARKS = {"timeMs", "artist", "track"}
LOVES = {"love": False, "unlove": True}  # and whether it takes back


class PanoLines(Reader):
    name = "pano"
    format = "pano"
    source = "pano-file"

    def knows(self, head: Head) -> bool:
        return head.object.keys() >= MARKS

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return each_line(file, lambda row: _row({key.lower(): row[key] for key in row}))


class PanoTable(Reader):
    name = "pano-csv"
    format = "pano"
    source = "pano-file"

    def knows(self, head: Head) -> bool:
        return {"timems", "artist", "track"} <= set(table.columns(head.line))

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return table.rows(file, lambda cells: _row(dict(cells)))


def _row(row: dict[str, Any]) -> Row:
    at = values.moment(row.get("timems"))
    artist, title = values.artist(row.get("artist")), values.title(row.get("track"))
    album, duration = values.album(row.get("album")), values.milliseconds(row.get("durationms"))
    event = values.text(row.get("event"))
    if event in LOVES:
        withdrawn = LOVES[event]
        return Opinion(
            "like", title, "track", (artist,), album, duration, at=at, withdrawn=withdrawn
        )
    return Arrival(at, artist, title, album=album, duration_ms=duration)
