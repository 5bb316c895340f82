"""A span in review: what is worth a card of its own."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np

from listening.counting.clock import days_of, week_of
from listening.counting.overview import Overview, overview_of
from listening.counting.plays import (
    KINDS,
    NOTHING,
    Ids,
    Plays,
    as_date,
    counts_of,
    first_of,
    number,
)
from listening.counting.sessions import Session, sessions_of
from listening.counting.spans import Span
from listening.counting.tops import Top, tops_of

AWAY = 180  # days of silence after which an artist comes back


class Discovered(NamedTuple):
    """An artist heard for the first time ever, and how often since."""

    artist: int
    plays: int
    day: date


class Comeback(NamedTuple):
    artist: int
    plays: int
    days_away: int


class Review:
    """What stood out in a span of all that a listener heard and skipped, each found when asked."""

    def __init__(self, plays: Plays, span: Span) -> None:
        self.every, self.span = plays, span

    @cached_property
    def heard(self) -> Plays:
        return self.every.heard()

    @cached_property
    def plays(self) -> Plays:
        """Those of the span that were heard."""
        return self.heard.between(self.span.first, self.span.last)

    @cached_property
    def overview(self) -> Overview:
        return overview_of(self.heard, self.span)

    @cached_property
    def top(self) -> dict[str, Top]:
        """The most played of each kind that has one."""
        return {kind: top for kind in KINDS if (top := self.top_of(kind))}

    def top_of(self, kind: str) -> Top | None:
        return next(iter(tops_of(self.plays, self.span, kind, 1)), None)

    def skips_of(self, track: int) -> int:
        now = self.every.between(self.span.first, self.span.last)
        return int((now.skipped & (now.track == track)).sum())

    @cached_property
    def session(self) -> Session | None:
        """The longest; its places are those of `plays`."""
        return sessions_of(self.plays).longest

    @cached_property
    def fullest_day(self) -> tuple[date, int] | None:
        return _fullest_day(self.plays)

    @cached_property
    def hour(self) -> int | None:
        return int(week_of(self.plays).sum(axis=0).argmax()) if len(self.plays) else None

    @cached_property
    def discovered(self) -> Discovered | None:
        return _discovered(self.heard, self.span)

    @cached_property
    def comeback(self) -> Comeback | None:
        return _comeback(self.heard, self.span)


def _fullest_day(plays: Plays) -> tuple[date, int] | None:
    days = days_of(plays)
    if not days:
        return None
    day = max(days, key=lambda one: (days[one], one))
    return as_date(day), days[day]


def _discovered(plays: Plays, span: Span) -> Discovered | None:
    """The artist first heard in the span that was heard most in it."""
    first = plays.where(first_of(plays.artist)).between(span.first, span.last)
    now = plays.between(span.first, span.last)
    ids, counts = counts_of(np.where(np.isin(now.artist, first.artist), now.artist, NOTHING))
    if not ids.size:
        return None
    best = np.lexsort((ids, -counts))[0]
    met = first.day[first.artist == ids[best]][0]
    return Discovered(int(ids[best]), int(counts[best]), as_date(met))


def _comeback(plays: Plays, span: Span) -> Comeback | None:
    """The artist heard most of those who had been silent for half a year or longer."""
    now = plays.between(span.first, span.last)
    earlier = plays.where(plays.day < number(span.first))
    artists, counts = counts_of(now.artist)
    order = np.argsort(artists)
    artists, counts = artists[order], counts[order]
    silent = _days_silent(now, earlier, artists)
    back = np.flatnonzero(silent >= AWAY)
    if not back.size:
        return None
    best = back[np.argmax(counts[back])]
    return Comeback(int(artists[best]), int(counts[best]), int(silent[best]))


def _days_silent(now: Plays, earlier: Plays, artists: Ids) -> Ids:
    """Days from the last play before a span to the first in it, by artist; 0: none before."""
    known = np.isin(earlier.artist, artists)
    heard = now.artist != NOTHING
    first, last = np.zeros(artists.size, np.int64), np.zeros(artists.size, np.int64)
    # Of several values for one place the last one stays.
    last[np.searchsorted(artists, earlier.artist[known])] = earlier.day[known]
    first[np.searchsorted(artists, now.artist[heard][::-1])] = now.day[heard][::-1]
    return np.where(last > 0, first - last, 0)
