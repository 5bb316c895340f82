"""Files of interactions: `user item [weight [unix time]]`, one a line, between white space."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LOUDNESS = 0.1  # the power a weight is raised to: 1 play counts 1, 1,000 plays count 2


class UnusableDataError(Exception):
    """There is nothing to measure; the message says what is missing."""


@dataclass
class Rows:
    """What a file says, and the numbers of the lines that could not be read."""

    users: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # NaN where a line has none
    bad_lines: list[int] = field(default_factory=list)  # from 1

    def add(self, line: str) -> None:
        """:raises ValueError: if the line is not an interaction"""
        user, item, *numbers = line.split()
        if len(numbers) > 2:
            raise ValueError("too many fields")
        weight, time = ([float(number) for number in numbers] + [1.0, math.nan][len(numbers) :])[:2]
        if not math.isfinite(weight) or (len(numbers) == 2 and not math.isfinite(time)):
            raise ValueError("not a number")
        self.users.append(user)
        self.items.append(item)
        self.weights.append(weight)
        self.times.append(time)

    @property
    def has_times(self) -> bool:
        return bool(self.times) and not any(math.isnan(time) for time in self.times)


def read(path: Path) -> Rows:
    """:raises UnusableDataError: if there is no such file, or not one line in it can be read"""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as lines:
            rows = read_lines(lines)
    except OSError as error:
        raise UnusableDataError(f"{path}: {error.strerror or error}") from error
    if not rows.users:
        raise UnusableDataError(
            f"{path}: no line reads `user item [weight [unix time]]` "
            f"({len(rows.bad_lines)} unreadable)."
        )
    return rows


def read_lines(lines: Iterable[str]) -> Rows:
    """Empty lines are nobody's mistake; all others that are no interaction are noted."""
    rows = Rows()
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                rows.add(line)
        except ValueError:
            rows.bad_lines.append(number)
    return rows


def damped(weights: NDArray) -> NDArray[np.float32]:
    """Return weights as a history's: counts of plays grow without bound, taste does not."""
    return (np.sign(weights) * np.abs(weights) ** LOUDNESS).astype(np.float32)
