"""Million Song Dataset: unique_tracks.txt, and CORGIS' music.csv made from the subset.

CORGIS lost nearly all titles (a 0 stands there); its rows are about tracks that unique_tracks
names by the same song id, so they find their track, and are left out if it is not there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from catalog.imports import text, values
from catalog.imports.rows import Columns, Refused, Rejected, Row, Survey, Unreadable
from catalog.imports.table import Table, track_row

SEPARATOR = "<SEP>"
CORGIS = frozenset(("artist_hotttnesss", "song_id", "song_title", "song_tempo"))


def _without_zeros(cells: dict[str, str]) -> None:
    for name in ("title", "album", "genre"):
        if cells.get(name) in ("0", "0.0"):
            cells[name] = ""


_CORGIS = Table(
    name="msd-tracks",
    source="msd",
    about="CORGIS: music.csv",
    marks=(CORGIS,),
    adapt=_without_zeros,
)


@dataclass(frozen=True)
class MsdTracks:
    name: str = "msd-tracks"
    source: str = "msd"
    about: str = "Million Song Dataset: unique_tracks.txt, or CORGIS’ music.csv"

    def knows(self, path: Path) -> bool:
        return SEPARATOR in text.first_line(path) or _CORGIS.knows(path)

    def survey(self, path: Path, columns: Columns) -> Survey:
        if SEPARATOR not in text.first_line(path):
            return _CORGIS.survey(path, columns)
        digest, total, last = hashlib.sha256(), 0, ""
        with path.open("rb") as file:
            for line in text.lines(file, digest=digest):
                total, last = total + 1, line
        if last.count(SEPARATOR) < 3 and not text.ends_with_newline(path):
            raise Refused("The file ends in the middle of its last row: it seems cut off.")
        return Survey(total=total, checksum=digest.hexdigest())

    def read(self, path: Path, columns: Columns) -> Iterator[Row]:
        if SEPARATOR not in text.first_line(path):
            yield from _CORGIS.read(path, columns)
            return
        with path.open("rb") as file:
            for number, line in enumerate(text.lines(file), start=1):
                yield _row(number, line.rstrip("\r\n"))


def _row(number: int, line: str) -> Row:
    parts = line.split(SEPARATOR, 3)
    try:
        if len(parts) < 4 or not values.msd(parts[0]):
            raise Unreadable("not track, song, artist and title, parted by <SEP>")
        return _track(number, *parts)
    except Unreadable as error:
        return Rejected(number, str(error), line[:300])


def _track(number: int, track: str, song: str, artist: str, title: str) -> Row:
    if not values.known(title):
        raise Unreadable("no title")
    row = track_row(number, {"title": title, "artists": artist, "msd_id": track})
    ids = tuple(pair for pair in (values.msd(track), values.msd(song)) if pair)
    return replace(row, ids=ids)
