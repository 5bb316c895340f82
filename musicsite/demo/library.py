"""What one listener knows and likes, and when each track was found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from musicsite.demo.catalogue import Catalogue
from musicsite.demo.habits import PLACES
from musicsite.demo.known import KNOWN_ARTISTS
from musicsite.demo.listeners import Listeners
from musicsite.demo.sound import Floats, Ints
from musicsite.demo.tastes import genre_weights

GENRE_WEIGHT = 1.4
LATENT_WEIGHT = 1.4
POPULARITY_WEIGHT = 0.9
ARTIST_SPREAD = 0.7  # a listener's own likings among artists
HOME_LANGUAGE = 0.9
FOND_OF_ARTISTS = 1.0  # of those known, where a listener is fond
FOND_OF_TRACKS = 2.0
UNHEARD = -1e3  # keeps a track out of every library


class Preferences:
    def __init__(self, catalogue: Catalogue) -> None:
        self.tracks = catalogue.tracks
        self.artists = catalogue.artists
        self.genres = genre_weights()
        languages = np.array(catalogue.artists.languages)
        self.at_home = {place.language: languages == place.language for place in PLACES}
        self.same_for_all = POPULARITY_WEIGHT * self.tracks.popularity
        self.same_for_all += np.where(self.tracks.unheard, UNHEARD, 0)
        self.crowd = np.bincount(self.tracks.genre, minlength=self.genres.shape[1])
        self.known = _known(catalogue)

    def of(self, rng: Generator, listeners: Listeners, listener: int) -> tuple[Floats, Floats]:
        """Return how much each track is liked at first and at last, on a log scale."""
        own = self.same_for_all + self._latent(listeners.latent[listener])
        own += self._of_artists(rng, listeners, listener)[self.tracks.artist]
        own += FOND_OF_TRACKS * listeners.fond[listener] * self.known
        if not listeners.wants_explicit[listener]:
            own += np.where(self.tracks.explicit, UNHEARD, 0)
        early, late = (
            GENRE_WEIGHT * np.log(mixture[listener] @ self.genres / self.crowd)[self.tracks.genre]
            for mixture in (listeners.early, listeners.late)
        )
        return own + early, own + late

    def _latent(self, latent: Floats) -> Floats:
        return LATENT_WEIGHT * (self.tracks.latent @ latent) / np.sqrt(latent.size)

    def _of_artists(self, rng: Generator, listeners: Listeners, listener: int) -> Floats:
        liking = rng.normal(0, ARTIST_SPREAD, len(self.artists))
        liking += HOME_LANGUAGE * self.at_home[PLACES[listeners.place[listener]].language]
        liking[: len(KNOWN_ARTISTS)] += FOND_OF_ARTISTS * listeners.fond[listener]
        return liking


def _known(catalogue: Catalogue) -> Floats:
    """Return 2 for the first known track of each known artist, 1 for the second, else 0."""
    places = {
        (row, title): 2.0 - place
        for row, artist in enumerate(KNOWN_ARTISTS)
        for place, title in enumerate(artist.titles)
    }
    tracks = zip(catalogue.tracks.artist.tolist(), catalogue.tracks.titles, strict=True)
    return np.array([places.get(track, 0.0) for track in tracks])


@dataclass(frozen=True)
class Library:
    track: Ints
    weight: Floats  # how much it is liked
    out: Ints  # day of the world on which it came out,
    found: Floats  # and on which it was found
    fades: Floats  # days until it is played a third as much
    lasting: Floats  # what never fades

    def weights_on(self, day: Ints) -> Floats:
        """Return (days, tracks) weights; next to none before it is found, less before it is out."""
        age = day[:, None] - self.found[None, :]
        fresh = np.exp(-np.maximum(age, 0) / self.fades)
        early = np.where(day[:, None] >= self.out[None, :], 1e-12, 1e-24)
        return np.where(age >= 0, self.weight * (self.lasting + fresh), early)


def make_library(
    rng: Generator,
    early: Floats,
    late: Floats,
    *,
    joined: int,
    left: int,
    released: Ints,
    n_plays: int,
) -> Library:
    """Choose tracks by early taste first, by late taste later."""
    half = 2 + round(0.95 * n_plays**0.74)
    first, rank = _best(rng, early, half)
    then, later_rank = _best(rng, late, half)
    new = ~np.isin(then, first)
    track = np.concatenate([first, then[new]])
    weight = 1 / (np.concatenate([rank, later_rank[new]]) + 3) ** 0.7
    share = np.concatenate([rng.uniform(-0.4, 0.6, half), rng.uniform(0.2, 0.95, new.sum())])
    share[np.flatnonzero(released[track] < joined)[:3]] = 0  # there is something to begin with
    found = joined + (left - joined) * np.maximum(share, 0)
    return Library(
        track=track,
        weight=weight,
        out=released[track],
        found=np.maximum(found, released[track]),
        fades=40 * rng.lognormal(0, 0.8, track.size),
        lasting=rng.choice([0.03, 0.10, 0.40], track.size, p=[0.5, 0.35, 0.15]),
    )


def _best(rng: Generator, liking: Floats, n: int) -> tuple[Ints, Ints]:
    """Draw n tracks by exp(liking), each at most once; return them with their ranks from 0."""
    drawn = liking + rng.gumbel(size=liking.size)
    best = np.argpartition(-drawn, n)[:n]
    best = best[np.argsort(-drawn[best], kind="stable")]
    return best, np.arange(n)
