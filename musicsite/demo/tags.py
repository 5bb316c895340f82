from __future__ import annotations

import numpy as np
from numpy.random import Generator

from catalog.features import FEATURES
from musicsite.demo.genres import GENRES
from musicsite.demo.sound import Floats, Ints

Tagged = list[tuple[str, float]]

# Words that a listener would put to a sound: a tag, its feature, where it begins, and which side.
BY_SOUND = (
    ("calm", "energy", 0.25, "below"),
    ("energetic", "energy", 0.85, "above"),
    ("wistful", "valence", 0.28, "below"),
    ("bright", "valence", 0.75, "above"),
    ("danceable", "danceability", 0.80, "above"),
    ("no voice", "instrumentalness", 0.75, "above"),
    ("acoustic", "acousticness", 0.85, "above"),
    ("live", "liveness", 0.70, "above"),
    ("slow", "tempo", 70.0, "below"),
    ("fast", "tempo", 150.0, "above"),
)
SAID_SHARE = 0.55  # of what could be said of a sound is


def tags_of(rng: Generator, genre: Ints, artist: Ints, features: Floats) -> list[Tagged]:
    """Give each track the genre, some of its artist's favourite tags, and words for its sound."""
    favourites = _favourites(rng, genre, artist)
    counts = rng.integers(1, 4, genre.size)
    said = _said(rng, features)
    return [
        _tagged(rng, [GENRES[genre[row]].name], favourites[artist[row]][: counts[row]], said[row])
        for row in range(genre.size)
    ]


def _tagged(rng: Generator, first: list[str], favourites: list[str], said: list[str]) -> Tagged:
    names = dict.fromkeys(first + favourites + said)
    return [(name, round(float(rng.uniform(0.4, 1)), 2)) for name in names]


def _favourites(rng: Generator, genre: Ints, artist: Ints) -> dict[int, list[str]]:
    """Give each artist the tags of the genre in an order of its own."""
    of_artist = dict(zip(artist.tolist(), genre.tolist(), strict=True))
    return {
        row: [str(tag) for tag in rng.permutation(GENRES[own].tag_list)]
        for row, own in of_artist.items()
    }


def _said(rng: Generator, features: Floats) -> list[list[str]]:
    said: list[list[str]] = [[] for _ in features]
    for tag, name, bound, side in BY_SOUND:
        values = features[:, FEATURES.index(name)]
        fits = values < bound if side == "below" else values > bound
        for row in np.flatnonzero(fits & (rng.random(values.size) < SAID_SHARE)):
            said[row].append(tag)
    return said
