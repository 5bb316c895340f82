"""A whole upload: which of its files hold rows, and all their rows in one line."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import tzinfo
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from listening.imports import listenbrainz
from listening.imports.files import Part, other_kind, parts_of
from listening.imports.formats import AUTO, FORMATS, READERS, find_reader
from listening.imports.readers import Head, Names, Reader, Setting
from listening.imports.rows import LeftOut, Refused, Row, Sourced
from listening.imports.text import encoding_of, open_text

IN_PLACE_OF = {"segue-plays-csv": "segue-plays"}  # the same rows twice in one export

Told = tuple[str, Row]  # the source, and what it tells


@dataclass(frozen=True)
class Found:
    """A file with rows in it."""

    name: str
    reader: str
    encoding: str
    rows: int
    size: int = 0  # bytes: an export of another size is another export


@dataclass(frozen=True)
class Survey:
    """What a first look through a whole upload says."""

    found: tuple[Found, ...]
    unread: tuple[str, ...]  # names of files that hold nothing of ours

    @property
    def format(self) -> str:
        return READERS[self.found[0].reader].format

    @property
    def total(self) -> int:
        return sum(one.rows for one in self.found)

    def as_json(self) -> dict[str, Any]:
        return {"found": [asdict(one) for one in self.found], "unread": list(self.unread)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Survey:
        return cls(tuple(Found(**one) for one in value["found"]), tuple(value["unread"]))


def survey(path: Path, format_: str = AUTO) -> Survey:
    """Look through the whole upload.

    :raises Refused: if it is damaged, or holds nothing that we can read
    """
    parts = parts_of(path)
    alone = len(parts) == 1
    looked = [(part, _look(part, format_, alone=alone)) for part in parts]
    found = [one for _, one in looked if one is not None]
    names = {one.reader for one in found}
    kept = [one for one in found if IN_PLACE_OF.get(one.reader) not in names and one.rows]
    if not kept:
        raise Refused(_nothing_found(format_, empty=bool(found)))
    held = {one.name for one in kept}
    return Survey(tuple(kept), tuple(part.name for part in parts if part.name not in held))


def read(path: Path, survey: Survey, *, zone: tzinfo, start: int = 0) -> Generator[Told]:
    """Yield the rows behind the first `start`, each with its source; always in the same order.

    `zone` is where the clock of a player stood that does not say so itself.
    """
    parts = {part.name: part for part in parts_of(path)}
    setting = Setting(zone, _names(survey, parts))
    several = len(survey.found) > 1
    for found in survey.found:
        if start >= found.rows:
            start -= found.rows
            continue
        reader = READERS[found.reader]
        with open_text(parts[found.name], found.encoding) as file:
            for row in islice(reader.rows(file, setting), start, None):
                yield _told(row, reader, found.name if several else "")
        start = 0


def _look(part: Part, format_: str, *, alone: bool) -> Found | None:
    """Which reader reads a file, and how many rows; None where it holds nothing of ours.

    :raises Refused: if it is damaged, or the only one and plainly of another kind
    """
    kind = other_kind(part.head())
    if kind:
        if alone:
            raise Refused(f"This file is {kind}.")
        return None
    try:
        encoding = encoding_of(part)
        reader = find_reader(Head(partial(open_text, part, encoding)), format_)
    except Refused:
        if alone:
            raise
        return None
    if reader is None:
        return None
    rows = _count(part, reader, encoding, alone=alone)
    return Found(part.name, reader.name, encoding, rows, part.size)


def _count(part: Part, reader: Reader, encoding: str, *, alone: bool) -> int:
    try:
        with open_text(part, encoding) as file:
            return reader.count(file)
    except Refused as error:
        raise (error if alone else Refused(f"{part.name}: {error}")) from error


def _nothing_found(format_: str, *, empty: bool) -> str:
    if empty:
        return "There is no row in it."
    if format_ != AUTO:
        return f"This is no export of {FORMATS[format_]}."
    return "This is no export that we can read. We read: " + ", ".join(FORMATS.values()) + "."


def _names(survey: Survey, parts: Mapping[str, Part]) -> Names:
    """Names for what feedback of ListenBrainz names by its own ids alone."""
    feedback = _of(survey.found, "listenbrainz-feedback")
    names: dict[str, tuple[str, str]] = {}
    msids: set[str] = set()
    for found in feedback:
        with open_text(parts[found.name], found.encoding) as file:
            msids |= listenbrainz.msids_of(file)
    for found in _of(survey.found, "listenbrainz") if msids else ():
        with open_text(parts[found.name], found.encoding) as file:
            names |= listenbrainz.names_of(file, msids)
    return names


def _of(found: Sequence[Found], reader: str) -> list[Found]:
    return [one for one in found if one.reader == reader]


def _told(row: Row, reader: Reader, name: str) -> Told:
    if isinstance(row, Sourced):
        return row.source, row.arrival
    if isinstance(row, LeftOut) and name and row.place:
        row = replace(row, place=f"{name}, {row.place}")
    return reader.source, row
