"""The whole world from a seed and a moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from musicsite.demo.artists import make_artists
from musicsite.demo.catalogue import Catalogue
from musicsite.demo.listeners import Listeners, make_listeners
from musicsite.demo.opinions import Opinion, Stars, opinions_of
from musicsite.demo.plays import Player, Plays
from musicsite.demo.tracks import SPAN_DAYS, make_catalogue

SEED = 20


class Size(NamedTuple):
    artists: int
    listeners: int  # beside the known ones
    plays: int  # about


FULL = Size(artists=650, listeners=1500, plays=256_000)


@dataclass(frozen=True)
class World:
    start: datetime
    end: datetime
    catalogue: Catalogue
    listeners: Listeners
    seed: int

    def plays(self) -> Iterator[tuple[Plays, list[Opinion]]]:
        """Yield the plays and opinions of one listener after the other; the same each time."""
        rng = _rng(self.seed, "plays")
        stars = Stars.of(_rng(self.seed, "stars"), len(self.listeners), len(self.catalogue.tracks))
        player = Player(self.catalogue, self.listeners, self.start)
        for plays in player.play(rng):
            outspoken = self.listeners.outspoken[plays.listener]
            yield plays, opinions_of(rng, self.catalogue, plays, outspoken, stars)


def make_world(*, at: datetime, seed: int = SEED, size: Size = FULL) -> World:
    """Make a world that ended at the midnight before `at`; another day moves it, nothing more."""
    end = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    artists = make_artists(_rng(seed, "artists"), size.artists)
    catalogue = make_catalogue(_rng(seed, "tracks"), artists, year=end.year)
    listeners = make_listeners(
        _rng(seed, "listeners"),
        size.listeners,
        n_plays=size.plays,
        known_share=min(1, size.plays / FULL.plays),
    )
    return World(end - timedelta(days=SPAN_DAYS), end, catalogue, listeners, seed)


def _rng(seed: int, part: str) -> Generator:
    """Give each part a stream of its own, so that a change in one leaves the others alone."""
    return np.random.default_rng([seed, *part.encode()])
