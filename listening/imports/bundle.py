"""A whole upload: which of its files hold rows, and all their rows in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import tzinfo
from functools import partial
from itertools import islice
from math import inf
from pathlib import Path, PurePosixPath
from typing import Any

from listening.imports import listenbrainz, own
from listening.imports.files import Part, other_kind, parts_of
from listening.imports.formats import AUTO, FORMATS, READERS, find_reader
from listening.imports.readers import Head, Names, Reader, Setting
from listening.imports.rows import Entry, LeftOut, Refused, Row, Sourced
from listening.imports.text import encoding_of, open_text

IN_PLACE_OF = {"segue-plays-csv": "segue-plays"}  # the same rows twice in one export

ABOUT = "profile.json"  # beside the plays of a profile
HERE, UNNAMED = ".", "without a name"

Told = tuple[str, Row]  # the source, and what it tells


@dataclass(frozen=True)
class Found:
    """A file with rows in it."""

    name: str
    reader: str
    encoding: str
    rows: int
    size: int = 0  # bytes: an export of another size is another export

    @property
    def format(self) -> str:
        return READERS[self.reader].format


@dataclass(frozen=True)
class Profile:
    """A taste profile in an export of ours, which has a folder for each."""

    folder: str
    name: str
    rows: int

    def is_called(self, name: str) -> bool:
        return name.casefold() in (PurePosixPath(self.folder).name.casefold(), self.name.casefold())


@dataclass(frozen=True)
class Survey:
    """What a first look through a whole upload says."""

    found: tuple[Found, ...]
    unread: tuple[str, ...]  # names of files that hold nothing of ours
    profiles: tuple[Profile, ...] = ()  # the first one that was made comes first
    profile: str = ""  # the folder of the one that is read

    @property
    def format(self) -> str:
        return self.found[0].format

    @property
    def total(self) -> int:
        return sum(one.rows for one in self.found)

    @property
    def has_to_choose(self) -> bool:
        """Whether several profiles are in it: they are never read into one."""
        return len(self.profiles) > 1 and not self.profile

    def of_profile(self, name: str = "") -> Survey:
        """Keep what is of this profile (its handle, or its name), or of the first.

        :raises Refused: if there is none of that name
        """
        called = [one for one in self.profiles if not name or one.is_called(name)]
        if name and not called:
            there = ", ".join(one.name for one in self.profiles)
            raise Refused(f"There is no profile “{name}” in it. There is: {there or 'none'}.")
        return self.in_folder(called[0].folder) if called else self

    def in_folder(self, folder: str) -> Survey:
        """Keep what is of the profile in this folder."""
        kept = (one for one in self.found if one.format != own.OWN or _folder(one.name) == folder)
        return replace(self, found=tuple(kept), profile=folder)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Survey:
        return cls(
            tuple(Found(**one) for one in value["found"]),
            tuple(value["unread"]),
            tuple(Profile(**one) for one in value.get("profiles", ())),
            value.get("profile", ""),
        )


def survey(path: Path, format_: str = AUTO) -> Survey:
    """Look through the whole upload.

    :raises Refused: if it is damaged, or holds nothing that we can read
    """
    parts = parts_of(path)
    alone = len(parts) == 1
    looked = [(part, _look(part, format_, alone=alone)) for part in parts]
    found = [one for _, one in looked if one is not None]
    readers = {(_folder(one.name), one.reader) for one in found}
    kept = [one for one in found if not _is_told_beside(one, readers) and one.rows]
    kept.sort(key=lambda one: READERS[one.reader].comes_last)
    if not kept:
        raise Refused(_nothing_found(format_, empty=bool(found)))
    held = {one.name for one in kept}
    unread = tuple(part.name for part in parts if part.name not in held)
    return Survey(tuple(kept), unread, _profiles(kept, parts))


def _is_told_beside(found: Found, readers: Container[tuple[str, str]]) -> bool:
    """Whether another file of its folder has the same rows."""
    return (_folder(found.name), IN_PLACE_OF.get(found.reader, "")) in readers


def _profiles(found: Sequence[Found], parts: Sequence[Part]) -> tuple[Profile, ...]:
    """Whose files an export of ours holds; a few files without a folder are of nobody in it."""
    by_name = {part.name: part for part in parts}
    rows: Counter[str] = Counter()
    for one in found:
        if one.format == own.OWN:
            rows[_folder(one.name)] += one.rows
    if rows.keys() == {HERE}:
        return ()
    told = {folder: _told_of(by_name.get(str(PurePosixPath(folder, ABOUT)))) for folder in rows}
    in_order = sorted(rows, key=lambda folder: (told[folder][0], folder))
    return tuple(
        Profile(folder, told[folder][1] or PurePosixPath(folder).name or UNNAMED, rows[folder])
        for folder in in_order
    )


def _told_of(part: Part | None) -> tuple[float, str]:
    """The number and the name of a profile, as far as its file says."""
    if part is None:
        return inf, ""
    try:
        with open_text(part, encoding_of(part)) as file:
            return own.profile_of(file)
    except Refused:
        return inf, ""


def _folder(name: str) -> str:
    return str(PurePosixPath(name).parent)


def read(path: Path, survey: Survey, *, zone: tzinfo, start: int = 0) -> Generator[Told]:
    """Yield the rows behind the first `start`, each with its source; always in the same order.

    `zone` is where the clock of a player stood that does not say so itself.
    """
    parts = {part.name: part for part in parts_of(path)}
    setting = Setting(zone, _names(survey, parts))
    several = len(survey.found) > 1
    for found in survey.found:
        reader = READERS[found.reader]
        if start < found.rows or reader.counts_on:
            with open_text(parts[found.name], found.encoding) as file:
                for row in islice(reader.rows(file, setting), start, None):
                    yield _told(row, reader, found.name if several else "")
        start = max(0, start - found.rows)


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
    if isinstance(row, LeftOut | Entry) and name and row.place:
        row = replace(row, place=f"{name}, {row.place}")
    return reader.source, row
