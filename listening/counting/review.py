"""A span in review: what is worth a card of its own."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from listening.counting.clock import days_of, week_of
from listening.counting.overview import Overview, overview_of
from listening.counting.plays import (
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


class Review(NamedTuple):
    overview: Overview
    track: Top | None
    skips_of_track: int
    artist: Top | None
    album: Top | None
    genre: Top | None
    session: Session | None  # its places are those of `plays`
    plays: Plays  # those of the span that were heard
    fullest_day: tuple[date, int] | None
    hour: int | None
    discovered: Discovered | None
    comeback: Comeback | None


def review_of(plays: Plays, span: Span) -> Review:
    """Return what stood out; `plays` are all of the listener's, the skips too."""
    heard = plays.heard()
    now = heard.between(span.first, span.last)
    track, artist, album, genre = (
        next(iter(tops_of(heard, span, kind, 1)), None)
        for kind in ("track", "artist", "album", "genre")
    )
    return Review(
        overview=overview_of(heard, span),
        track=track,
        skips_of_track=_skips(plays, span, track),
        artist=artist,
        album=album,
        genre=genre,
        session=sessions_of(now).longest,
        plays=now,
        fullest_day=_fullest_day(now),
        hour=int(week_of(now).sum(axis=0).argmax()) if len(now) else None,
        discovered=_discovered(heard, span),
        comeback=_comeback(heard, span),
    )


def _skips(plays: Plays, span: Span, top: Top | None) -> int:
    if top is None:
        return 0
    now = plays.between(span.first, span.last)
    return int((now.skipped & (now.track == top.id)).sum())


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
