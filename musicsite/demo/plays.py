"""Two years of plays, one listener after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.random import Generator

from catalog.features import FEATURES
from musicsite.demo.catalogue import Catalogue, Flags
from musicsite.demo.genres import GENRES
from musicsite.demo.habits import ENERGY_OF_HOUR
from musicsite.demo.library import UNHEARD, Library, Preferences, make_library
from musicsite.demo.listeners import Listeners
from musicsite.demo.sessions import DAY, Calendar, Sittings, sittings
from musicsite.demo.sound import Floats, Ints
from musicsite.demo.tracks import SPAN_DAYS

SKIP_MS = 30_000
RADIO_SHARE = 0.08  # of plays that something else than the listener chose
RUN_SHARE = 0.12  # of sittings that follow an album
RUN_TRACKS = 4  # the least that makes an album worth following
CUT_SHARE = 0.06  # of plays left before the end, but not skipped


@dataclass(frozen=True)
class Plays:
    """The plays of one listener, in order of time."""

    listener: int
    track: Ints
    start_ms: Ints  # since the first day of the world
    ms_played: Ints
    skipped: Flags
    liking: Floats  # (tracks,) how well each track of the catalogue fits the listener


class Player:
    """What is the same for all listeners, worked out once."""

    def __init__(self, catalogue: Catalogue, listeners: Listeners, start: datetime) -> None:
        self.catalogue = catalogue
        self.listeners = listeners
        self.calendar = Calendar.from_day(start, SPAN_DAYS)
        self.preferences = Preferences(catalogue)
        self.energy = _energy(catalogue)
        heard = np.exp(catalogue.tracks.popularity) * ~catalogue.tracks.unheard
        self.radio = np.cumsum(heard) / heard.sum()

    def play(self, rng: Generator) -> Iterator[Plays]:
        for listener in range(len(self.listeners)):
            yield self._play(rng, listener)

    def _play(self, rng: Generator, listener: int) -> Plays:
        people = self.listeners
        liking, late_liking = self.preferences.of(rng, people, listener)
        when = sittings(
            rng,
            self.calendar,
            place=people.place[listener],
            habit=people.habit[listener],
            joined=people.joined[listener],
            left=people.left[listener],
            n=people.n_plays[listener],
        )
        library = make_library(
            rng,
            liking,
            late_liking,
            joined=people.joined[listener],
            left=people.left[listener],
            released=self.catalogue.tracks.released + SPAN_DAYS,
            n_plays=people.n_plays[listener],
        )
        track = self._choose(rng, library, when, people.tuned[listener])
        if not people.wants_explicit[listener]:
            oldest = library.track[np.argmin(library.found)]
            track = np.where(self.catalogue.tracks.explicit[track], oldest, track)
        fit = np.maximum(liking, late_liking)
        return self._perform(rng, listener, track, when, fit)

    def _choose(self, rng: Generator, library: Library, when: Sittings, tuned: float) -> Ints:
        """Draw a track for each play from the library as it stands on that day at that hour."""
        away = np.abs(self.energy[library.track][None, :] - ENERGY_OF_HOUR[when.hour][:, None])
        weight = library.weights_on(when.day) * np.exp(-tuned * away)
        sitting = np.repeat(np.arange(when.size.size), when.size)
        track = library.track[_draw_rows(rng, weight, sitting)]
        repeated = np.flatnonzero(track[1:] == track[:-1]) + 1
        track[repeated] = library.track[_draw_rows(rng, weight, sitting[repeated])]
        self._turn_on_radio(rng, track, when.day[sitting])
        self._follow_albums(rng, track, when.size)
        return track

    def _turn_on_radio(self, rng: Generator, track: Ints, day: Ints) -> None:
        drawn = np.searchsorted(self.radio, rng.random(track.size))
        out = self.catalogue.tracks.released[drawn] + SPAN_DAYS <= day
        here = (rng.random(track.size) < RADIO_SHARE) & out
        track[here] = drawn[here]

    def _follow_albums(self, rng: Generator, track: Ints, sizes: Ints) -> None:
        albums = self.catalogue.albums
        first = np.cumsum(sizes) - sizes
        album = self.catalogue.tracks.album[track[first]]
        runs = (rng.random(sizes.size) < RUN_SHARE) & (albums.size[album] >= RUN_TRACKS)
        for row in np.flatnonzero(runs):
            length = min(sizes[row], albums.size[album[row]])
            begin = albums.first[album[row]]
            track[first[row] : first[row] + length] = np.arange(begin, begin + length)

    def _perform(
        self, rng: Generator, listener: int, track: Ints, when: Sittings, fit: Floats
    ) -> Plays:
        possible = fit[fit > UNHEARD / 2]
        liking = (fit - possible.mean()) / possible.std()
        chance = -0.4 - 0.75 * liking[track] + self.listeners.skippy[listener]
        chance -= 0.35 * np.log1p(_times_before(track))
        skipped = rng.random(track.size) < 1 / (1 + np.exp(-chance))
        ms_played = _lengths(rng, self.catalogue.tracks.duration_ms[track], skipped)
        start = _in_turn(rng, when, ms_played)
        over = start + ms_played <= SPAN_DAYS * DAY
        return Plays(listener, track[over], start[over], ms_played[over], skipped[over], liking)


def _energy(catalogue: Catalogue) -> Floats:
    energy = catalogue.tracks.features[:, FEATURES.index("energy")]
    of_genre = np.array([genre.energy for genre in GENRES])[catalogue.tracks.genre]
    return np.where(np.isnan(energy), of_genre, energy)


def _draw_rows(rng: Generator, weight: Floats, row: Ints) -> Ints:
    """Draw one column for each of `row`, with the chances of that row of `weight`."""
    shares = np.cumsum(weight, axis=1)
    shares /= shares[:, -1:]
    line = (shares + np.arange(len(shares))[:, None]).ravel()
    drawn = np.searchsorted(line, row + rng.random(row.size) * (1 - 1e-9))
    return np.minimum(drawn - row * weight.shape[1], weight.shape[1] - 1)


def _times_before(track: Ints) -> Ints:
    """Count for each play the earlier plays of the same track."""
    order = np.argsort(track, kind="stable")
    _, first, counts = np.unique(track[order], return_index=True, return_counts=True)
    before = np.empty(track.size, dtype=np.int64)
    before[order] = np.arange(track.size) - np.repeat(first, counts)
    return before


def _lengths(rng: Generator, duration_ms: Ints, skipped: Flags) -> Ints:
    short = rng.integers(1500, SKIP_MS - 500, duration_ms.size)
    cut = (SKIP_MS + (duration_ms - SKIP_MS) * rng.uniform(0.1, 0.95, duration_ms.size)).astype(int)
    heard = np.where(rng.random(duration_ms.size) < CUT_SHARE, cut, duration_ms)
    return np.where(skipped, short, heard)


def _in_turn(rng: Generator, when: Sittings, ms_played: Ints) -> Ints:
    """Start each play after the one before it, and none before its sitting."""
    gap = ms_played + rng.integers(200, 4000, ms_played.size)
    before = np.cumsum(gap) - gap
    earliest = np.repeat(when.start_ms, when.size) - before
    return np.maximum.accumulate(earliest) + before
