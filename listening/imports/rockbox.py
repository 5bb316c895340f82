"""Rockbox' `.scrobbler.log` (AUDIOSCROBBLER/1.0 and 1.1), as other small players write it, too.

Its times are those on the clock of the player: local, unless the header says UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import TextIO

from listening.arrivals import Arrival
from listening.imports import values
from listening.imports.readers import Head, Reader, Setting
from listening.imports.rows import Row, Unreadable, rejected
from listening.imports.text import lines

MARK = "#AUDIOSCROBBLER/"
ZONE = "#TZ/"
SKIPPED, LISTENED = "S", "L"
MOST_FIELDS = 8


class Rockbox(Reader):
    name = "rockbox"
    format = "rockbox"
    source = "rockbox-file"

    def knows(self, head: Head) -> bool:
        return head.line.startswith(MARK)

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        zone = setting.zone
        for number, line in lines(file):
            if line.startswith(ZONE):
                zone = UTC if line.removeprefix(ZONE).strip().upper() == "UTC" else setting.zone
            elif not line.startswith("#"):
                yield _row(line, f"line {number:,}", zone)


def _row(line: str, place: str, zone: tzinfo) -> Row:
    fields = line.split("\t")
    if len(fields) < 7:
        return rejected(f"{len(fields)} fields, where there are {MOST_FIELDS}", place, line)
    artist, album, title, _number, length, rating, time, *more = fields
    try:
        return Arrival(
            started_at=_moment(time, zone),
            artist=values.artist(artist),
            title=values.title(title),
            album=values.album(album),
            duration_ms=values.milliseconds(length, 1000),
            skipped={SKIPPED: True, LISTENED: False}.get(rating.strip().upper()),
            ids=values.ids(musicbrainz=more[0] if more else ""),
        )
    except Unreadable as error:
        return rejected(str(error), place, line)


def _moment(time: str, zone: tzinfo) -> datetime:
    if values.number(time) in (None, 0):
        raise Unreadable("no time: the player has no clock")
    try:
        return values.moment(time).replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        raise Unreadable("a time that cannot be") from None
