"""The Million Song Dataset's taste profile: `user song plays` in each line, without times.

Made-up times stand in for the missing ones, always the same: the plays of one track by one user
are spread evenly over the two years before the data came out, from a start that is drawn from
their names. Only counts and tastes mean anything in them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TextIO

from catalog.imports.values import msd
from listening.arrivals import Arrival
from listening.imports.rows import LeftOut, rejected
from listening.imports.text import lines

NAME = "msd-taste"
FIRST_DAY = datetime(2009, 2, 8, tzinfo=UTC)
SECONDS = int(timedelta(days=730).total_seconds())
MOST_PLAYS = 10_000  # of one track by one user
MOST_DIGITS = 9


@dataclass(frozen=True)
class Taste:
    """How often a user played a track."""

    user: str
    track: tuple[str, str]  # kind and value of its id
    plays: int
    place: str

    def arrivals(self) -> Iterator[Arrival]:
        start = int.from_bytes(hashlib.sha256(f"{self.user} {self.track[1]}".encode()).digest()[:8])
        for number in range(self.plays):
            second = (start + number * SECONDS // self.plays) % SECONDS
            at = FIRST_DAY + timedelta(seconds=second)
            yield Arrival(at, artist="", title="", ids=(self.track,))


def tastes(file: TextIO) -> Iterator[Taste | LeftOut]:
    for number, line in lines(file):
        place = f"line {number:,}"
        yield _taste(line.split(), place) or rejected("not user, song and plays", place, line)


def _taste(words: list[str], place: str) -> Taste | None:
    if len(words) != 3 or len(words[0]) != 40 or not words[0].isalnum():
        return None
    track, plays = msd(words[1]), words[2]
    if track is None or not plays.isdecimal() or len(plays) > MOST_DIGITS:
        return None
    if not 0 < int(plays) <= MOST_PLAYS:
        return None
    return Taste(words[0].lower(), track, int(plays), place)
