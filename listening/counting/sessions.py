"""Plays that follow one another: where a session begins, how long it lasts."""

from __future__ import annotations

from statistics import median
from typing import NamedTuple

import numpy as np

from listening.counting.plays import Ids, Plays

PAUSE = 30 * 60  # seconds of silence that end a session


class Session(NamedTuple):
    """The plays from `first` to `last`, by their places among the plays."""

    first: int
    last: int
    seconds: int


class Sessions(NamedTuple):
    sessions: int
    middle_seconds: int
    plays_each: float
    longest: Session | None


def starts_of(plays: Plays) -> Ids:
    """Return the places of the plays that begin a session."""
    if not len(plays):
        return np.empty(0, dtype=np.int64)
    silence = plays.at[1:] - (plays.at[:-1] + plays.seconds[:-1])
    return np.flatnonzero(np.append(True, silence > PAUSE))


def session_at(plays: Plays, place: int) -> Session:
    """Return the session of the play at this place."""
    starts = starts_of(plays)
    number = int(np.searchsorted(starts, place, side="right")) - 1
    return _session(plays, starts, number)


def sessions_of(plays: Plays) -> Sessions:
    starts = starts_of(plays)
    if not starts.size:
        return Sessions(0, 0, 0.0, None)
    lasts = _lasts(plays, starts)
    lengths = plays.at[lasts] + plays.seconds[lasts] - plays.at[starts]
    longest = _session(plays, starts, int(np.argmax(lengths)))
    middle = int(median(lengths.tolist()))
    return Sessions(starts.size, middle, len(plays) / starts.size, longest)


def _session(plays: Plays, starts: Ids, number: int) -> Session:
    first, last = int(starts[number]), int(_lasts(plays, starts)[number])
    return Session(first, last, int(plays.at[last] + plays.seconds[last] - plays.at[first]))


def _lasts(plays: Plays, starts: Ids) -> Ids:
    return np.append(starts[1:], len(plays)) - 1
