from __future__ import annotations

import numpy as np
from numpy.random import Generator

from musicsite.demo.catalogue import Artists
from musicsite.demo.genres import BY_NAME, GENRES
from musicsite.demo.known import KNOWN_ARTISTS
from musicsite.demo.names.artists import another_name
from musicsite.demo.sound import Floats, Ints

DIMENSIONS = 8
SCENES = 3  # circles within a genre whose artists share their listeners
KNOWN_POPULARITY = 1.3


def make_artists(rng: Generator, n: int) -> Artists:
    """Make the known artists first, and enough of every genre."""
    known = np.array([BY_NAME[artist.genre] for artist in KNOWN_ARTISTS])
    genre = np.concatenate([known, _genres(rng, n - known.size)])
    languages = [artist.language for artist in KNOWN_ARTISTS]
    languages += [_language(rng, row) for row in genre[known.size :]]
    popularity = rng.normal(0, 0.85, n)
    popularity[: known.size] = KNOWN_POPULARITY + 0.3 * popularity[: known.size]
    return Artists(
        names=_names(rng, genre, languages),
        languages=languages,
        genre=genre,
        latent=_latent(rng, genre),
        popularity=popularity,
    )


def _genres(rng: Generator, n: int) -> Ints:
    share = np.array([genre.share for genre in GENRES])
    every = np.repeat(np.arange(share.size), np.floor(n * share / share.sum()).astype(int))
    rest = rng.choice(share.size, n - every.size, p=share / share.sum())
    return rng.permutation(np.concatenate([every, rest]))


def _language(rng: Generator, genre: int) -> str:
    languages = GENRES[genre].languages
    share = np.array(list(languages.values()))
    return str(rng.choice(list(languages), p=share / share.sum()))


def _names(rng: Generator, genre: Ints, languages: list[str]) -> list[str]:
    names = [artist.name for artist in KNOWN_ARTISTS]
    taken = set(names)
    for row in range(len(names), genre.size):
        names.append(another_name(rng, GENRES[genre[row]], languages[row], taken))
        taken.add(names[-1])
    return names


def _latent(rng: Generator, genre: Ints) -> Floats:
    scenes = rng.normal(0, 1.2, (len(GENRES), SCENES, DIMENSIONS))
    scenes -= scenes.mean(axis=1, keepdims=True)
    own = rng.integers(0, SCENES, genre.size)
    return scenes[genre, own] + rng.normal(0, 0.45, (genre.size, DIMENSIONS))
