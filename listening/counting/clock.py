"""When it was heard: hours of the week, days of the year."""

from __future__ import annotations

import numpy as np

from listening.counting.plays import DAY, Ids, Plays

HOUR = 3_600
THURSDAY = 3  # 1 January 1970 was one; weeks begin on Monday


def week_of(plays: Plays) -> Ids:
    """Return plays by weekday (Monday first) and hour."""
    weekday = (plays.day + THURSDAY) % 7
    hour = plays.local % DAY // HOUR
    return np.bincount(weekday * 24 + hour, minlength=7 * 24).reshape(7, 24)


def days_of(plays: Plays) -> dict[int, int]:
    """Return plays by day since 1970."""
    days, counts = np.unique(plays.day, return_counts=True)
    return dict(zip(days.tolist(), counts.tolist(), strict=True))
