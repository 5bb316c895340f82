"""How tracks sound: a genre's middle, an artist's and an album's leaning, a track's own mood."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from catalog.features import FEATURES, SHARES
from musicsite.demo.genres import GENRES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ORIGINAL, LIVE, REMASTER, ACOUSTIC, EDIT = range(5)

# What an aroused, a glad and a wooden track have more (or less) of, on the logit scale.
AROUSAL = {"energy": 0.70, "acousticness": -0.60, "danceability": 0.15, "valence": 0.10}
GLADNESS = {"valence": 0.75, "danceability": 0.30, "energy": 0.08}
WOOD = {"acousticness": 0.60, "instrumentalness": 0.15, "energy": -0.15}
NOISE = {"instrumentalness": 0.8, "liveness": 0.6, "speechiness": 0.45}
# What a version has more of than its original.
SHIFTS = {LIVE: {"liveness": 3.0, "energy": 0.25}, ACOUSTIC: {"acousticness": 2.2, "energy": -0.9}}


def sounds(
    rng: Generator,
    *,
    genre: Ints,
    artist: Ints,
    album: Ints,
    version: Ints,
    original: Ints,
) -> Floats:
    """Return one row of FEATURES for each track; a version sounds like its original, shifted."""
    arousal, gladness, wood = (
        _leaning(rng, artist, 0.7) + _leaning(rng, album, 0.4) + rng.normal(0, 0.55, genre.size)
        for _ in range(3)
    )
    columns = {
        "tempo": _tempo(rng, genre, arousal),
        "loudness": _loudness(rng, genre, arousal),
        **_shares(rng, genre, arousal, gladness, wood),
        "mode": _mode(rng, genre, gladness),
        "key": _keys(rng, artist),
        "time_signature": _metre(rng, genre),
    }
    features = np.column_stack([columns[name] for name in FEATURES])
    features = features[original]
    _shift_versions(features, version)
    return features


def durations(rng: Generator, genre: Ints, version: Ints, original: Ints) -> Ints:
    """Return milliseconds; no two versions are quite as long."""
    spread = rng.normal(0, 0.24, genre.size)
    minutes = _middle("minutes")[genre] * np.exp(spread)
    factor = np.select([version == LIVE, version == EDIT], [1.18, 0.74], 1.0)
    minutes = np.clip(minutes[original] * factor, 0.9, 24)
    return (minutes * 60_000 + rng.integers(-1500, 1500, genre.size)).astype(np.int64)


def _middle(name: str) -> Floats:
    return np.array([getattr(genre, name) for genre in GENRES])


def _leaning(rng: Generator, group: Ints, spread: float) -> Floats:
    return rng.normal(0, spread, int(group.max()) + 1)[group]


def _tempo(rng: Generator, genre: Ints, arousal: Floats) -> Floats:
    spread = _middle("tempo_spread")[genre]
    own = 0.8 * rng.normal(size=genre.size) + 0.5 * arousal
    tempo: Floats = _middle("tempo")[genre] * np.exp(spread * own)
    return np.clip(tempo, 38, 218).round(1)


def _loudness(rng: Generator, genre: Ints, arousal: Floats) -> Floats:
    middle = _middle("loudness")[genre]
    # Quiet genres have room to move, loud ones press against the ceiling.
    room = np.clip(-middle / 8, 0.4, 2.0)
    loudness: Floats = middle + room * (1.3 * arousal + rng.normal(0, 0.8, genre.size))
    return np.clip(loudness, -42, -1.2).round(2)


def _shares(
    rng: Generator, genre: Ints, arousal: Floats, gladness: Floats, wood: Floats
) -> dict[str, Floats]:
    return {
        name: _squash(
            _logit(_middle(name)[genre])
            + AROUSAL.get(name, 0) * arousal
            + GLADNESS.get(name, 0) * gladness
            + WOOD.get(name, 0) * wood
            + rng.normal(0, NOISE.get(name, 0.3), genre.size)
        )
        for name in SHARES
    }


def _logit(share: Floats) -> Floats:
    return np.log(share / (1 - share))


def _squash(value: Floats) -> Floats:
    return np.round(1 / (1 + np.exp(-value)), 4)


def _mode(rng: Generator, genre: Ints, gladness: Floats) -> Floats:
    minor = _squash(_logit(np.clip(_middle("minor")[genre], 0.02, 0.98)) - 0.6 * gladness)
    return (rng.random(genre.size) >= minor).astype(float)


def _keys(rng: Generator, artist: Ints) -> Floats:
    """Artists keep to a home key and its neighbours on the circle of fifths."""
    home = rng.integers(0, 12, int(artist.max()) + 1)[artist]
    fifths = np.round(rng.normal(0, 1.8, artist.size)).astype(np.int64)
    return ((home + 7 * fifths) % 12).astype(float)


def _metre(rng: Generator, genre: Ints) -> Floats:
    chance = rng.random(genre.size)
    triple = _middle("triple")[genre]
    return np.select([chance < triple, chance > 0.985], [3.0, 5.0], 4.0)


def _shift_versions(features: Floats, version: Ints) -> None:
    for kind, shifts in SHIFTS.items():
        for name, shift in shifts.items():
            rows, column = version == kind, FEATURES.index(name)
            features[rows, column] = _squash(
                _logit(np.clip(features[rows, column], 0.005, 0.995)) + shift
            )
    features[version == REMASTER, FEATURES.index("loudness")] += 0.9
