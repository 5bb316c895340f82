"""Tables as text: CSV and its kin, one track in each row."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from catalog.features import FEATURES, cleaned
from catalog.imports import header, text, values
from catalog.imports.header import Header
from catalog.imports.rows import (
    ALBUM,
    ARTIST,
    LABEL,
    TITLE,
    Columns,
    Id,
    Refused,
    Rejected,
    Row,
    Survey,
    TrackRow,
    Unreadable,
)

SHOWN_OF_A_ROW = 300  # letters of a rejected row that are kept
LONGEST_FIELD = 100_000

T = TypeVar("T")
Cells = Mapping[str, str]  # our name of a column, and what stands there
IDS = {
    "isrc": values.isrc,
    "musicbrainz_id": values.musicbrainz,
    "spotify_id": values.spotify,
    "msd_id": values.msd,
}


@dataclass(frozen=True)
class Table:
    """A kind of table. `marks` are columns by which it is known, any one set of them."""

    name: str
    source: str
    about: str
    marks: tuple[frozenset[str], ...]
    artists_between: str | None = None  # what parts several artists in a cell
    adapt: Callable[[dict[str, str]], None] | None = None  # this format's own ways
    edition: str = ""  # begins the ids of tables that say other things of the same tracks

    def knows(self, path: Path) -> bool:
        found = header.words(text.first_line(path))
        return any(marks <= found for marks in self.marks)

    def survey(self, path: Path, columns: Columns) -> Survey:
        text.check_kind(path)
        digest = hashlib.sha256()
        with path.open("rb") as file:
            lines = text.lines(file, digest=digest)
            head = header.read_header(next(lines, ""), columns)
            total, last = _count(lines, head)
        if not total:
            raise Refused("Below the names of the columns there is no row.")
        if last and last < head.width and not text.ends_with_newline(path):
            raise Refused("The file ends in the middle of its last row: it seems cut off.")
        return Survey(total=total, checksum=digest.hexdigest())

    def read(self, path: Path, columns: Columns) -> Iterator[Row]:
        with path.open("rb") as file:
            lines = text.lines(file)
            head = header.read_header(next(lines, ""), columns)
            for line, fields in _records(lines, head):
                yield self._row(line, fields, head)

    def _row(self, line: int, fields: list[str] | csv.Error, head: Header) -> Row:
        if isinstance(fields, csv.Error):
            return Rejected(line, f"the quotes do not close ({fields})", "")
        try:
            return self._track(line, fields, head)
        except Unreadable as error:
            shown = head.delimiter.join(fields)[:SHOWN_OF_A_ROW]
            return Rejected(line, str(error), shown)

    def _track(self, line: int, fields: list[str], head: Header) -> TrackRow:
        if len(fields) != head.width:
            raise Unreadable(f"{len(fields)} cells, where the header has {head.width}")
        cells = {ours: fields[place] for ours, place in head.places.items()}
        if self.adapt:
            self.adapt(cells)
        row = track_row(line, cells, artists_between=self.artists_between)
        if not self.edition:
            return row
        edition = f"{self.edition}{cells.get('edition', '')}"
        return replace(row, source_id=f"{edition}:{row.record_id()}")


def track_row(line: int, cells: Cells, *, artists_between: str | None = None) -> TrackRow:
    """:raises Unreadable: if there is no name, or a cell does not hold what its column says"""
    ids = tuple(pair for name, read in IDS.items() if (pair := read(cells.get(name, ""))))
    title = values.known(cells.get("title", ""))
    artists = _in("artists", values.names, cells.get("artists", ""), artists_between)
    _check_names(title, artists, ids)
    return TrackRow(
        line=line,
        title=title,
        artists=artists,
        album=values.known(cells.get("album", ""))[:ALBUM] or None,
        year=_year(cells),
        duration_ms=_duration(cells),
        is_explicit=_in("explicit", values.boolean, cells.get("explicit", "")),
        genres=_labels(cells),
        tags={tag.casefold()[:LABEL]: 1.0 for tag in values.names(cells.get("tags", ""), ";")},
        features=_features(cells),
        ids=ids,
        source_id=":".join(ids[0]) if ids else "",
    )


def _check_names(title: str, artists: tuple[str, ...], ids: tuple[Id, ...]) -> None:
    by_msd_alone = any(kind.startswith("msd-") for kind, _ in ids)
    if not title and not by_msd_alone:
        raise Unreadable("no title")
    if not artists:
        raise Unreadable("no artist")
    if len(title) > TITLE:
        raise Unreadable(f"a title of {len(title)} letters")
    if max(map(len, artists)) > ARTIST:
        raise Unreadable("an artist’s name of more than 300 letters")


def _year(cells: Cells) -> int | None:
    said = _in("released", values.year, cells.get("released", ""))
    return said or _in("year", values.year, cells.get("year", ""))


def _duration(cells: Cells) -> int | None:
    if "duration_ms" in cells:
        return _in("duration_ms", values.milliseconds, cells["duration_ms"])
    return _in("duration", values.seconds, cells.get("duration", ""))


def _labels(cells: Cells) -> tuple[str, ...]:
    """The finer label first: it is the one to show."""
    said = (values.names(cells.get(name, ""), ";") for name in ("subgenre", "genre"))
    return tuple(dict.fromkeys(label[:LABEL] for labels in said for label in labels))


def _features(cells: Cells) -> dict[str, float]:
    raw = {}
    for name in FEATURES:
        if cell := cells.get(name):
            try:
                value = values.number(cell)
            except Unreadable as error:
                raise Unreadable(f"{name}: {error}") from None
            if value is not None:
                raw[name] = value
    return cleaned(raw)


def _in(column: str, read: Callable[..., T], *arguments: str | None) -> T:
    """Read a cell; what is wrong with it is told with the name of its column."""
    try:
        return read(*arguments)
    except Unreadable as error:
        raise Unreadable(f"{column}: {error}") from None


def _count(lines: Iterator[str], head: Header) -> tuple[int, int]:
    """Return how many rows there are, and how many cells the last one has."""
    total = last = 0
    for _, fields in _records(lines, head):
        total += 1
        last = 0 if isinstance(fields, csv.Error) else len(fields)
    return total, last


def _records(lines: Iterator[str], head: Header) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Yield each row with the line of the file it begins on; the header is line 1."""
    reader = csv.reader(lines, delimiter=head.delimiter, strict=True)
    while True:
        line = reader.line_num + 2
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error) or "field larger" in str(error):
                raise Refused(
                    f"A quote opened in the row on line {line} is never closed: "
                    "the file is cut off or damaged."
                ) from None
            yield line, error
            continue
        if any(fields):
            yield line, fields
