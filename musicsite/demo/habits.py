"""Where people live and when they listen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from musicsite.demo.sound import Floats, Ints


class Place(NamedTuple):
    country: str
    time_zone: str
    language: str
    share: float


PLACES = (
    Place("GB", "Europe/London", "en", 3),
    Place("US", "America/New_York", "en", 2.4),
    Place("US", "America/Los_Angeles", "en", 1.4),
    Place("CA", "America/Toronto", "en", 0.8),
    Place("AU", "Australia/Sydney", "en", 0.7),
    Place("PT", "Europe/Lisbon", "pt", 1.2),
    Place("BR", "America/Sao_Paulo", "pt", 1.4),
    Place("ES", "Europe/Madrid", "es", 1.0),
    Place("MX", "America/Mexico_City", "es", 1.2),
    Place("CO", "America/Bogota", "es", 0.8),
    Place("FR", "Europe/Paris", "fr", 1.2),
    Place("DE", "Europe/Berlin", "de", 1.8),
    Place("SE", "Europe/Stockholm", "sv", 0.7),
    Place("PL", "Europe/Warsaw", "pl", 0.9),
    Place("TR", "Europe/Istanbul", "tr", 0.6),
    Place("GR", "Europe/Athens", "el", 0.9),
    Place("UA", "Europe/Kyiv", "uk", 0.7),
    Place("KZ", "Asia/Almaty", "ru", 0.7),
    Place("EG", "Africa/Cairo", "ar", 0.9),
    Place("IL", "Asia/Jerusalem", "he", 0.6),
    Place("IN", "Asia/Kolkata", "hi", 1.3),
    Place("JP", "Asia/Tokyo", "ja", 1.6),
    Place("KR", "Asia/Seoul", "ko", 1.0),
    Place("TW", "Asia/Taipei", "zh", 0.9),
    Place("SN", "Africa/Dakar", "fr", 0.4),
)


class Habit(NamedTuple):
    """Peaks as (hour, width in hours, height) on the listener's own clock."""

    name: str
    share: float
    workdays: tuple[tuple[float, float, float], ...]
    weekends: tuple[tuple[float, float, float], ...]
    weekend_days: float  # how much more (or less) of a weekend day than of a workday


HABITS = (
    Habit("commuter", 3, ((8, 0.8, 3), (18, 1.2, 3), (21, 1.5, 1)), ((11, 2, 2), (17, 3, 2)), 0.7),
    Habit("evening", 3, ((20.5, 1.8, 4), (13, 1, 0.5)), ((10.5, 2, 1.5), (20, 2.5, 3)), 1.1),
    Habit("night owl", 1.6, ((23.5, 2, 4), (16, 2, 1)), ((1, 2, 3), (16, 3, 2)), 1.5),
    Habit("office", 2, ((10, 1.4, 3), (14.5, 1.6, 3)), ((11, 2.5, 2), (19, 2, 1)), 0.35),
    Habit("family", 1, ((7.3, 0.5, 3), (16.8, 0.9, 4)), ((9, 1.5, 4), (15, 2, 2)), 1.3),
    Habit("sleeper", 0, ((22.6, 0.5, 6),), ((23, 0.6, 6),), 1.0),
    Habit("weekender", 1, ((19, 2.5, 1),), ((12, 2.5, 3), (21, 2, 3)), 3.0),
)  # fmt: skip

# How energetic the music of an hour is, for those who tune it to the hour.
ENERGY_OF_HOUR = np.interp(
    np.arange(24),
    [0, 2, 5, 7, 9, 12, 15, 18, 20, 22, 23, 24],
    [0.35, 0.30, 0.30, 0.50, 0.60, 0.55, 0.58, 0.68, 0.60, 0.40, 0.32, 0.35],
)


def hour_shares() -> Floats:
    """Return (habits, workday or weekend, hours); each row adds up to 1."""
    shares = np.array([[_hours(habit.workdays), _hours(habit.weekends)] for habit in HABITS])
    return shares / shares.sum(axis=2, keepdims=True)


def _hours(peaks: tuple[tuple[float, float, float], ...]) -> Floats:
    hours = np.arange(24) + 0.5
    shares = np.full(24, 0.008)
    for hour, width, height in peaks:
        away = np.abs(hours - hour)
        away = np.minimum(away, 24 - away)
        shares += height * np.exp(-0.5 * (away / width) ** 2)
    return shares


def offsets(start: datetime, days: int) -> Ints:
    """Return (places, days) minutes by which local noon is ahead of UTC."""
    noons = [start.replace(tzinfo=UTC) + timedelta(days=day, hours=12) for day in range(days)]
    return np.array([[_ahead(place.time_zone, noon) for noon in noons] for place in PLACES])


def _ahead(time_zone: str, moment: datetime) -> int:
    offset = moment.astimezone(ZoneInfo(time_zone)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) // 60
