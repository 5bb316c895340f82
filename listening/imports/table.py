"""Plays as a table: CSV and its kin, with or without names above the columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

from listening.imports.rows import Refused, Row, Unreadable, rejected
from listening.imports.text import LONGEST_LINE

DELIMITERS = ",;\t"
Cells = Mapping[str, str]  # the name of a column, in small letters without signs, and its cell

_SIGNS = re.compile(r"[^0-9a-z]+")


def columns(line: str) -> list[str]:
    """The names in the first line: `Date#somebody` is `date`, `utc_time` is `utctime`."""
    return [_SIGNS.sub("", cell.partition("#")[0].strip().lower()) for cell in cells(line)]


def cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter(line)), [])
    except csv.Error:
        return []


def delimiter(line: str) -> str:
    return max(DELIMITERS, key=line.count)


def rows(
    file: TextIO,
    read: Callable[[Cells], Row],
    *,
    names_for: Callable[[str], tuple[str, ...]] = lambda line: (),
) -> Iterator[Row]:
    """Yield the rows of a table.

    `names_for` says how the columns are called, by the first line, where that does not.

    :raises Refused: where quotes do not close
    """
    first = file.readline(LONGEST_LINE).lstrip("\ufeff")
    names = names_for(first)
    found = names or tuple(columns(first))
    lines = _with_first(first, file) if names else file
    reader = csv.reader(lines, delimiter=delimiter(first), strict=True)
    before = 0 if names else 1
    while True:
        place = f"line {reader.line_num + before + 1:,}"
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused(f"In the row on {place} a quote is opened and never closed.") from error
        if any(fields):
            yield _row(fields, found, read, place)


def _with_first(first: str, file: TextIO) -> Iterator[str]:
    yield first
    yield from file


def _row(
    fields: list[str], names: tuple[str, ...], read: Callable[[Cells], Row], place: str
) -> Row:
    shown = ",".join(fields)
    if len(fields) < len(names):
        return rejected(f"{len(fields)} cells, where there are {len(names)} columns", place, shown)
    try:
        return read(dict(zip(names, fields, strict=False)))
    except Unreadable as error:
        return rejected(str(error), place, shown)
