"""Files of text as lines, with every fault that a file may have told in plain words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from catalog.imports.rows import Refused

LONGEST_LINE = 1_000_000  # bytes

# What people pick by mistake, by its first bytes.
OTHER_KINDS = (
    (b"PK\x03\x04", "a zip archive or a spreadsheet; unpack it, or save it as CSV"),
    (b"\x1f\x8b", "compressed (gzip); unpack it first"),
    (b"BZh", "compressed (bzip2); unpack it first"),
    (b"\xfd7zXZ", "compressed (xz); unpack it first"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"\x89HDF", "an HDF5 file; its format is msd-hdf5"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet; save it as CSV"),
    (b"PAR1", "a Parquet file; save it as CSV"),
    (b"\xff\xfe", "not in UTF-8 but in UTF-16; save it as UTF-8"),
    (b"\xfe\xff", "not in UTF-8 but in UTF-16; save it as UTF-8"),
    (b"{", "JSON; save it as CSV"),
    (b"[{", "JSON; save it as CSV"),
)
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<svg")


def lines(file: BinaryIO, *, digest: hashlib._Hash | None = None) -> Iterator[str]:
    """Yield the lines with their ends; the mark at the beginning of a UTF-8 file is left out.

    :raises Refused: at a line that is not text in UTF-8, or too long
    """
    number = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        if digest is not None:
            digest.update(raw)
        yield _decoded(raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw, number)


def _decoded(raw: bytes, number: int) -> str:
    if len(raw) > LONGEST_LINE:
        raise Refused(f"Line {number} is longer than a million bytes: this is not a table.")
    if b"\x00" in raw:
        raise Refused(f"Line {number} holds NUL bytes: the file is damaged, or is not text.")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Refused(f"Line {number} is not in UTF-8. Save the file as UTF-8.") from None


def check_kind(path: Path) -> None:
    """:raises Refused: if the file is empty or plainly of another kind"""
    if not path.is_file():
        raise Refused(f"There is no file “{path.name}”.")
    with path.open("rb") as file:
        head = file.read(1024)
    if not head.strip():
        raise Refused("The file is empty.")
    for magic, kind in OTHER_KINDS:
        if head.lstrip().startswith(magic) or head.startswith(magic):
            raise Refused(f"This file is {kind}.")
    if head.lstrip().lower().startswith(MARKUP):
        raise Refused("This file is a web page, not a table: the download went wrong.")


def first_line(path: Path) -> str:
    """:raises Refused: if there is none that can be read"""
    check_kind(path)
    with path.open("rb") as file:
        return next(lines(file), "").rstrip("\r\n")


def ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) in (b"\n", b"\r")
