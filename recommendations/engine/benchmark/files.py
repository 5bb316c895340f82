"""Files of interactions: `user item [weight [unix time]]`, one a line, between white space.

White space is that of ASCII, so that an id may hold any other character, and any byte. A file may
be packed by gzip.
"""

from __future__ import annotations

import gzip
import io
import math
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LOUDNESS = 0.1  # the power a weight is raised to: 1 play counts 1, 1,000 plays count 2
LARGEST = float(np.finfo(np.float32).max)  # 3.4e38
SMALLEST = float(np.finfo(np.float32).smallest_subnormal)  # 1.4e-45; what is nearer to 0 is 0
SHOWN = 20  # numbers of lines that are named
HEAD = 8192  # bytes looked at to tell what a file is
GZIP = b"\x1f\x8b"
MARK = b"\xef\xbb\xbf"  # some programs begin UTF-8 with it
NO_TEXT = {
    b"PK\x03\x04": "a zip archive",
    b"BZh91AY&SY": "packed by bzip2",
    b"\xfd7zXZ\x00": "packed by xz",
    b"\x28\xb5\x2f\xfd": "packed by zstd",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}


@dataclass
class Noted:
    """Some lines of a file: how many, and the numbers of the first, from 1."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        self.count += 1
        if self.count <= SHOWN:
            self.first.append(number)

    def __str__(self) -> str:
        return ", ".join(map(str, self.first)) + (", …" if self.count > SHOWN else "")


class UnusableDataError(Exception):
    """There is nothing to measure; the message says what is missing."""

    bad_lines: Mapping[str, Noted] = {}  # by file, of what was read until then


class Codes(dict[bytes, int]):
    """Numbers ids as they are met."""

    def __missing__(self, name: bytes) -> int:
        self[name] = code = len(self)
        return code


@dataclass
class Names:
    """The numbers of users and items. Files that belong together share them."""

    users: Codes = field(default_factory=Codes)
    items: Codes = field(default_factory=Codes)


@dataclass
class Rows:
    """What a file says: 24 bytes a line, and each id once, however long."""

    names: Names = field(default_factory=Names)
    users: array[int] = field(default_factory=lambda: array("i"))
    items: array[int] = field(default_factory=lambda: array("i"))
    weights: array[float] = field(default_factory=lambda: array("f"))
    times: array[float] = field(default_factory=lambda: array("d"))  # NaN where a line has none
    bad: Noted = field(default_factory=Noted)
    without_time: Noted = field(default_factory=Noted)
    silent: Noted = field(default_factory=Noted)  # of weight 0, which says nothing

    def add(self, line: bytes, number: int) -> None:
        """:raises ValueError: if the line is not an interaction"""
        user, item, *numbers = line.split()
        if len(numbers) > 2:
            raise ValueError("too many fields")
        weight = _number(numbers[0]) if numbers else 1.0
        time = _number(numbers[1]) if len(numbers) == 2 else math.nan
        if math.isnan(time):
            self.without_time.add(number)
        if abs(weight) < SMALLEST:
            weight = 0.0
            self.silent.add(number)
        self.users.append(self.names.users[user])
        self.items.append(self.names.items[item])
        self.weights.append(weight)
        self.times.append(time)

    @property
    def likes_anything(self) -> bool:
        return bool((np.asarray(self.weights) > 0).any())


def _number(text: bytes) -> float:
    """Python reads `1_000` and `inf` as numbers too; a file of numbers has no such."""
    number = float(text)
    if b"_" in text or not abs(number) <= LARGEST:
        raise ValueError("not a number, or too large a one")
    return number


def read(path: Path, rows: Rows) -> None:
    """Add what the file says.

    :raises UnusableDataError: if there is no such file, or it is not one of interactions
    """
    try:
        with path.open("rb") as file:
            text = _unpacked(file)
            head = text.peek(HEAD)
            _refuse_what_is_no_text(path, head)
            with io.TextIOWrapper(text, encoding="latin-1") as lines:
                read_lines(_raw(lines), rows)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnusableDataError(f"{path}: packed by gzip, and damaged or cut short.") from error
    except OSError as error:
        raise UnusableDataError(f"{path}: {error.strerror or error}") from error
    if b"\0" in head and rows.bad.count > len(rows.users):
        raise UnusableDataError(f"{path}: no text file; most of its lines cannot be read.")
    if not rows.users:
        raise UnusableDataError(
            f"{path}: no line reads `user item [weight [unix time]]` ({rows.bad.count} unreadable)."
        )


def _unpacked(file: io.BufferedReader) -> io.BufferedReader | gzip.GzipFile:
    return gzip.GzipFile(fileobj=file) if file.peek(len(GZIP)).startswith(GZIP) else file


def _refuse_what_is_no_text(path: Path, head: bytes) -> None:
    for beginning, kind in NO_TEXT.items():
        if head.startswith(beginning):
            raise UnusableDataError(f"{path}: {kind}. Give it as UTF-8 text, or packed by gzip.")


def _raw(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines end as on any system; Latin-1 gives every byte of them back as it was."""
    for number, line in enumerate(lines):
        raw = line.encode("latin-1")
        yield raw if number else raw.removeprefix(MARK)


def read_lines(lines: Iterable[bytes], rows: Rows | None = None) -> Rows:
    """Empty lines are nobody's mistake; all others that are no interaction are noted."""
    rows = Rows() if rows is None else rows
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                rows.add(line, number)
        except ValueError:
            rows.bad.add(number)
    return rows


def damped(weights: NDArray) -> NDArray[np.float32]:
    """Return weights as a history's: counts of plays grow without bound, taste does not."""
    return (np.sign(weights) * np.abs(weights) ** LOUDNESS).astype(np.float32)
