"""JSON of any size, one element at a time.

A file is a list, or an object whose values are lists, or one in which such an object stands. A
window of text moves over it, and the decoder of the standard library takes one element after the
other out of the window.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator
from typing import Any, TextIO

from listening.imports.rows import Refused

BLOCK = 1 << 20  # letters read at once
LONGEST = 16_000_000  # letters of one element
NUMBER = 100  # letters that a number may have; where one ends, only what follows can tell

OPENED = frozenset(("recenttracks", "payload"))  # in which Last.fm and ListenBrainz put their lists

Pair = tuple[str | None, Any]  # the key of the list that it stands in, and the element

CUT_OFF = Refused("The file ends in the middle: it seems cut off. Download it again.")

_decode = json.JSONDecoder().raw_decode
_SPACE = re.compile(r"[ \t\r\n]*")
_COMMA = re.compile(r"[ \t\r\n]*,[ \t\r\n]*(?=[^ \t\r\n\]}])")  # and another element behind it


def elements(file: TextIO) -> Iterator[Pair]:
    """Yield the elements of the list; of an object, what its lists hold and its other values.

    An object of a name that is `OPENED` is told as if its lists stood in the file itself.

    :raises Refused: at the place where the file is no JSON, or is cut off
    """
    window = _Window(file)
    opening = window.next()
    if opening == "[":
        yield from _list(window, None)
    elif opening == "{":
        yield from _object(window, OPENED)
    else:
        raise Refused("This is not JSON: it begins neither with [ nor with {.")
    if window.next():
        raise Refused("Behind the end of the JSON there is more: the file is damaged.")


def _list(window: _Window, key: str | None) -> Iterator[Pair]:
    window.step()
    while window.next() != "]":
        yield key, window.value()
        window.comma("]")
    window.step()


def _object(window: _Window, opened: Container[str] = ()) -> Iterator[Pair]:
    window.step()
    while window.next() != "}":
        key = window.value()
        if not isinstance(key, str) or window.next() != ":":
            raise window.damaged()
        window.step()
        if window.next() == "[":
            yield from _list(window, key)
        elif key in opened and window.next() == "{":
            yield from _object(window)
        else:
            yield key, window.value()
        window.comma("}")
    window.step()


class _Window:
    """The part of the text that is in memory, and how far it has been read."""

    def __init__(self, file: TextIO) -> None:
        self.file, self.text, self.at, self.before = file, "", 0, 0

    def next(self) -> str:
        """The next letter that is no space; empty at the end. It stays where it is."""
        letter = self.text[self.at : self.at + 1]
        if letter > " ":
            return letter
        while True:
            space = _SPACE.match(self.text, self.at)
            self.at = space.end() if space else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def step(self) -> None:
        self.at += 1

    def comma(self, closing: str) -> None:
        """Between two elements stands a comma, behind the last one the closing bracket."""
        if found := _COMMA.match(self.text, self.at):  # nearly always
            self.at = found.end()
            return
        letter = self.next()
        if letter == ",":
            self.step()
            if self.next() != closing:
                return
        elif letter == closing:
            return
        raise self.damaged()

    def value(self) -> Any:
        while len(self.text) - self.at < NUMBER and self._more():
            pass
        while True:
            try:
                value, self.at = _decode(self.text, self.at)
            except (ValueError, RecursionError) as error:
                ran_out = self._ran_out(error)
                if len(self.text) - self.at > LONGEST:
                    raise self.too_long() from None
                if not self._more():
                    raise (CUT_OFF if ran_out else self.damaged()) from None
            else:
                return value

    def damaged(self) -> Refused:
        if not self.next():
            return CUT_OFF
        return Refused(
            f"This is not JSON that can be read: something is wrong at letter {self.place}."
        )

    def too_long(self) -> Refused:
        return Refused(
            f"One entry of this JSON, from letter {self.place} on, is longer than "
            f"{LONGEST // 1_000_000} million letters: it is damaged, or no list of plays."
        )

    @property
    def place(self) -> str:
        return f"{self.before + self.at:,}"

    def _ran_out(self, error: Exception) -> bool:
        """Whether what is wrong with the last element is that it ends too soon."""
        if not isinstance(error, json.JSONDecodeError):
            return False
        return error.msg.startswith("Unterminated") or error.pos > len(self.text) - 6

    def _more(self) -> bool:
        block = self.file.read(BLOCK)
        self.before += self.at
        self.text, self.at = self.text[self.at :] + block, 0
        return bool(block)
