"""What every reader is: it knows its files by their beginning, and yields their rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import cached_property
from itertools import islice
from typing import Any, TextIO

from listening.imports.elements import Pair, elements
from listening.imports.rows import Refused, Row, Unreadable, rejected
from listening.imports.text import LONGEST_LINE, lines

FIRST = 12  # elements of each list by which a file of JSON is known
LOOKED_THROUGH = 1000  # elements, for lists that come later

Names = Mapping[str, tuple[str, str]]  # of tracks that a file names by an id of its own


@dataclass(frozen=True)
class Setting:
    """What a file does not say itself: the time zone of its listener, and what other files said."""

    zone: tzinfo
    names: Names
    numbers: Counter[str] = field(default_factory=Counter)  # how often a name has come so far


class Head:
    """The beginning of a text: its first line, and the first elements if it is JSON."""

    def __init__(self, open_: Callable[[], Any]) -> None:
        self._open = open_

    @cached_property
    def line(self) -> str:
        with self._open() as file:
            line: str = file.readline(LONGEST_LINE)
        return line.strip("\r\n\ufeff")

    @cached_property
    def object(self) -> dict[str, Any]:
        """The first line, where each line is JSON by itself."""
        return json_object(self.line)

    @cached_property
    def pairs(self) -> list[Pair]:
        if not self.line.lstrip().startswith(("[", "{")) and self.line:
            return []
        with self._open() as file:
            return list(_first_of_each(_until_damaged(elements(file))))

    @property
    def is_list(self) -> bool:
        return bool(self.pairs) and self.pairs[0][0] is None

    def first(self, key: str | None = None) -> dict[str, Any]:
        """The first object in the list, or in the list of this name."""
        found = (value for name, value in self.pairs if name == key and isinstance(value, dict))
        return next(found, {})

    @property
    def keys(self) -> set[str]:
        return {name for name, _ in self.pairs if name is not None}


def _first_of_each(pairs: Iterator[Pair]) -> Iterator[Pair]:
    found: Counter[str | None] = Counter()
    for key, value in islice(pairs, LOOKED_THROUGH):
        found[key] += 1
        if found[key] <= FIRST:
            yield key, value
        elif key is None:  # then there is no other list
            return


def _until_damaged(pairs: Iterator[Pair]) -> Iterator[Pair]:
    try:
        yield from pairs
    except Refused:
        return


class Reader:
    """One kind of file. `format` is the export that it belongs to, `source` who tells its plays.

    Those that say something of plays come last of an upload.
    """

    name: str
    format: str
    source: str
    comes_last: bool = False
    counts_on = False  # it counts through all its files, so those that are done are read again

    def knows(self, head: Head) -> bool:
        raise NotImplementedError

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        """Yield the rows of a file that it knows, always the same in the same order."""
        raise NotImplementedError

    def count(self, file: TextIO) -> int:
        """How many rows there are; in large files there is a quicker way than to read them."""
        return sum(1 for _row in self.rows(file, Setting(UTC, {})))


def count(pairs: Iterator[Pair], keys: tuple[str | None, ...] = (None,)) -> int:
    """How many rows `each` will yield."""
    return sum(key in keys for key, _value in pairs)


def each(
    pairs: Iterator[Pair], keys: tuple[str | None, ...], read: Callable[[dict[str, Any]], Row]
) -> Iterator[Row]:
    """Read the objects in the lists of these names; what cannot be read is told with its place."""
    number = 0
    for key, value in pairs:
        if key in keys:
            number += 1
            yield one(value, f"row {number:,}", read)


def each_line(file: TextIO, read: Callable[[dict[str, Any]], Row]) -> Iterator[Row]:
    """Read a text of which each line is an object."""
    for number, line in lines(file):
        place = f"line {number:,}"
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield rejected("not JSON that can be read", place, line)
            continue
        yield one(value, place, read)


def json_object(line: str) -> dict[str, Any]:
    """What a line says, if it is an object; else an empty one."""
    if not line.startswith("{"):
        return {}
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def one(value: Any, place: str, read: Callable[[dict[str, Any]], Row]) -> Row:
    if not isinstance(value, dict):
        return rejected("not an object with names and values", place, value)
    try:
        return read(value)
    except Unreadable as error:
        return rejected(str(error), place, value)
