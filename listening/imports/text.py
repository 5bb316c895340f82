"""Bytes as text: which letters they mean, and line by line."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TextIO

from listening.imports.files import BUFFER, Part
from listening.imports.rows import Refused

LONGEST_LINE = 1_000_000  # letters

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FALLBACK = "cp1252"  # what old programs on Windows write; also nearly all of Latin-1


@contextmanager
def open_text(part: Part, encoding: str) -> Iterator[TextIO]:
    errors = "replace" if encoding == FALLBACK else "strict"
    with part.open() as file:
        buffered = io.BufferedReader(file, BUFFER)  # type: ignore[type-var]
        with io.TextIOWrapper(buffered, encoding, errors, newline="") as text:
            try:
                yield text
            except UnicodeDecodeError as error:
                raise Refused(f"“{part.name}” is damaged: it is no text.") from error


def encoding_of(part: Part) -> str:
    """Return how the letters of a file are written; a file without a mark is looked through.

    :raises Refused: if it is no text
    """
    with part.open() as file:
        head = file.read(BUFFER)
        for mark, encoding in MARKS:
            if head.startswith(mark):
                return encoding
        if b"\x00" in head[:4]:
            return "utf-16-le" if head[1:2] == b"\x00" else "utf-16-be"
        return "utf-8" if _is_utf8(head, file, part.name) else FALLBACK


def _is_utf8(head: bytes, file: IO[bytes], name: str) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    good, block = True, head
    while block:
        if b"\x00" in block:
            raise Refused(f"“{name}” holds NUL bytes: it is damaged, or no text.")
        if good:
            good = _decodes(decoder, block)
        block = file.read(BUFFER)
    return good and _decodes(decoder, b"", final=True)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def lines(file: TextIO) -> Iterator[tuple[int, str]]:
    """Yield the lines without their ends, each with its number from 1; empty ones are left out.

    :raises Refused: at a line that is too long to be one
    """
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise Refused(f"Line {number:,} is longer than a million letters: this is no export.")
        if stripped := line.strip("\r\n"):
            yield number, stripped
