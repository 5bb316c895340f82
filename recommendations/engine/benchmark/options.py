"""What the commands here accept, and in which words they refuse the rest."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from collections.abc import Callable, Collection

MAX_SEED = 2**32 - 1  # what every generator in use takes


def names_among(known: Collection[str]) -> Callable[[str], list[str]]:
    """Read `a,b`; each once, in the order given."""

    def read(text: str) -> list[str]:
        names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
        if not names:
            raise ArgumentTypeError(f"name at least one of {', '.join(known)}")
        if unknown := sorted(set(names) - set(known)):
            raise ArgumentTypeError(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
        return names

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,20}", text) or not low <= int(text) <= high:
            raise ArgumentTypeError(f"{text!r} is no whole number from {low} to {high}")
        return int(text)

    return read


def share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise ArgumentTypeError(f"{text!r} is no number between 0 and 1, such as 0.2")
    return value


seed = whole(0, MAX_SEED)
