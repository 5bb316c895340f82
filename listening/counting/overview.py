"""The big numbers: how much, how many, how long in a row."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from listening.counting.plays import Ids, Plays, as_date, counts_of, first_of
from listening.counting.spans import Span


class Streak(NamedTuple):
    """Days in a row with a play on each."""

    days: int
    first: date
    last: date


class Overview(NamedTuple):
    plays: int
    seconds: int
    tracks: int
    artists: int
    new_artists: int  # heard for the first time ever
    streak: Streak | None
    plays_before: int | None  # in the span before; None where there is none


def overview_of(plays: Plays, span: Span) -> Overview:
    """Count a span of all plays that were heard."""
    now = plays.between(span.first, span.last)
    new = plays.where(first_of(plays.artist)).between(span.first, span.last)
    before = span.before()
    return Overview(
        plays=len(now),
        seconds=int(now.seconds.sum()),
        tracks=counts_of(now.track)[0].size,
        artists=counts_of(now.artist)[0].size,
        new_artists=int((new.artist != 0).sum()),
        streak=longest_streak(now.day),
        plays_before=len(plays.between(before.first, before.last)) if before else None,
    )


def longest_streak(days: Ids) -> Streak | None:
    """Return the most days in a row, the latest of several; None without a day."""
    if not days.size:
        return None
    heard = np.unique(days)
    starts = np.flatnonzero(np.diff(heard, prepend=heard[0] - 2) > 1)
    lengths = np.diff(np.append(starts, heard.size))
    best = starts.size - 1 - int(np.argmax(lengths[::-1]))
    first, length = heard[starts[best]], int(lengths[best])
    return Streak(length, as_date(first), as_date(first + length - 1))
