"""Last.fm's recent tracks as a table, in the dialects of the programs that save them so.

With names above the columns: `uts,utc_time,artist,…,album,…,track,…`, lastfmstats.com's
`Artist;Album;AlbumId;Track;Date#user`, and any other that has an artist, a track and a time.
Without: `artist,album,track,06 Sep 2026 14:23`, and `2026-09-06,14:23:00,artist,track`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from listening.arrivals import Arrival
from listening.imports import table, values
from listening.imports.readers import Head, Reader, Setting
from listening.imports.rows import Row, Unreadable
from listening.imports.table import Cells

TITLES = ("track", "title", "name", "trackname", "song")
ARTISTS = ("artist", "artistname", "trackartist")
ALBUMS = ("album", "albumname", "release")
TIMES = (
    "uts",
    "timestamp",
    "unixtimestamp",
    "date",
    "time",
    "datetime",
    "utctime",
    "playedat",
    "listenedat",
    "scrobbledat",
)
WITHOUT_NAMES = (("artist", "album", "track", "date"), ("day", "clock", "artist", "track"))


class LastFmTable(Reader):
    name = "lastfm-csv"
    format = "lastfm"
    source = "lastfm-file"

    def knows(self, head: Head) -> bool:
        return _has_names(head.line) or bool(_dialect(head.line))

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return table.rows(file, _row, names_for=_dialect)


def _has_names(line: str) -> bool:
    found = set(table.columns(line))
    return all(found & set(names) for names in (TITLES, ARTISTS, TIMES))


def _dialect(line: str) -> tuple[str, ...]:
    """The columns of a table without names, by its first row."""
    if _has_names(line):
        return ()
    cells = [cell.strip("\r\n\ufeff") for cell in table.cells(line)]
    for names in WITHOUT_NAMES:
        if len(cells) == len(names) and _can_be_read(dict(zip(names, cells, strict=True))):
            return names
    return ()


def _can_be_read(cells: Cells) -> bool:
    try:
        _row(cells)
    except Unreadable:
        return False
    return True


def _row(cells: Cells) -> Row:
    return Arrival(
        started_at=values.moment(_time(cells)),
        artist=values.artist(_first(cells, ARTISTS)),
        title=values.title(_first(cells, TITLES)),
        album=values.album(_first(cells, ALBUMS)),
    )


def _time(cells: Cells) -> str:
    if "clock" in cells:
        return f"{cells['day']} {cells['clock']}"
    return _first(cells, TIMES)


def _first(cells: Cells, names: tuple[str, ...]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")
