"""Which play something told is one of already. Pure: no database here.

Of one track (as it shows) a play at the very same moment is the same play, whoever tells of it.
By another clock, a play that began less than one track length away is the same listening, told
again. By one clock only the very same moment is: who hears a track twice is told of twice.
Nor do plays of one export of ours echo each other: what is one play was decided before.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from listening.arrivals import Fate

USUAL_LENGTH = 240.0  # seconds, of a track whose duration nobody knows


Teller = tuple[str, int | None, int | None]  # the source, and the import or the key if it was one


class Clock(NamedTuple):
    """Whose record of time it is: a source's; among players, that of those who show one key."""

    source: str
    key: int | None = None

    def may_be(self, other: Clock) -> bool:
        """Whether it is the same, for all that is known."""
        if self.source != other.source:
            return False
        return self.key == other.key or self.key is None or other.key is None


class Heard(NamedTuple):
    moment: float  # seconds, as of `datetime.timestamp`
    play: int
    track: int  # the one that was told
    clock: Clock
    teller: Teller
    home: tuple[int, int | None]  # the listener, and the move that brought it there


class Nearby:
    """The plays of one listener that are near in time, by the track as it shows."""

    def __init__(self) -> None:
        self._plays: dict[int, list[Heard]] = defaultdict(list)

    def add(self, shown: int, heard: Heard) -> None:
        insort(self._plays[shown], heard)

    def find(
        self, shown: int, *, at: datetime, clock: Clock, length: float, decided: int | None = None
    ) -> tuple[Fate, Heard] | None:
        """Return the play that this is, and whether it is known or an echo; the nearest one.

        Of what the import `decided` told too, it is no echo.
        """
        plays, moment = self._plays[shown], at.timestamp()
        best: Heard | None = None
        for heard in plays[bisect_left(plays, (moment - length,)) :]:
            if heard.moment >= moment + length:
                break
            if heard.moment == moment:
                return Fate.KNOWN, heard
            if heard.clock.may_be(clock) or (decided and heard.teller[1] == decided):
                continue
            if abs(heard.moment - moment) < (abs(best.moment - moment) if best else length):
                best = heard
        return (Fate.ECHO, best) if best else None
