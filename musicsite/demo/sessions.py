"""When a listener listens: sittings on days and at hours that fit the habit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.random import Generator

from musicsite.demo.habits import HABITS, hour_shares, offsets
from musicsite.demo.sound import Floats, Ints

PLAYS_A_SITTING = 7
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
LAST_START = 8 * 60 * MINUTE  # before the world's end, so that a sitting ends in it


@dataclass(frozen=True)
class Calendar:
    """The days of the world, the first at 0."""

    weekend: Ints  # (days,) 0 workday, 1 weekend
    ahead: Ints  # (places, days) minutes before UTC
    hours: Floats  # (habits, workday or weekend, hours)

    @classmethod
    def from_day(cls, start: datetime, days: int) -> Calendar:
        weekday = (start.weekday() + np.arange(days)) % 7
        return cls((weekday >= 5).astype(np.int64), offsets(start, days), hour_shares())


@dataclass(frozen=True)
class Sittings:
    size: Ints  # plays
    day: Ints
    hour: Ints  # on the listener's clock
    start_ms: Ints  # since the world's first day, UTC; in order


def sittings(
    rng: Generator, calendar: Calendar, *, place: int, habit: int, joined: int, left: int, n: int
) -> Sittings:
    """Spread n plays over the days from joined to left."""
    size = _sizes(rng, n)
    day = joined + rng.choice(left - joined, size.size, p=_days(rng, calendar, habit, joined, left))
    hour = _hours(rng, calendar.hours[habit], calendar.weekend[day])
    minutes = hour * 60 + rng.integers(0, 60, size.size) - calendar.ahead[place, day]
    start_ms = day * DAY + minutes * MINUTE + rng.integers(0, MINUTE, size.size)
    days_too_late = -(-(start_ms + LAST_START - calendar.weekend.size * DAY) // DAY)
    day -= np.maximum(days_too_late, 0)
    start_ms -= np.maximum(days_too_late, 0) * DAY
    order = np.argsort(start_ms, kind="stable")
    return Sittings(size, day[order], hour[order], start_ms[order])


def _sizes(rng: Generator, n: int) -> Ints:
    wanted = max(1, round(n / PLAYS_A_SITTING))
    share = rng.gamma(1.3, 1, wanted)
    size = rng.multinomial(n, share / share.sum())
    return size[size > 0]


def _days(rng: Generator, calendar: Calendar, habit: int, joined: int, left: int) -> Floats:
    """Weigh days: some weeks are busy, and a habit has its weekdays."""
    weeks = rng.lognormal(0, 0.6, calendar.weekend.size // 7 + 1)
    days = np.arange(joined, left)
    weight = weeks[days // 7] * np.where(calendar.weekend[days], HABITS[habit].weekend_days, 1.0)
    return weight / weight.sum()


def _hours(rng: Generator, shares: Floats, weekend: Ints) -> Ints:
    chance = rng.random(weekend.size)[:, None]
    hour = (np.cumsum(shares, axis=1)[weekend] < chance).sum(axis=1)
    return np.minimum(hour, 23)
