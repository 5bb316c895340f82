"""What groups of people like: overlapping sets of genres, each with a weight."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from musicsite.demo.genres import BY_NAME, GENRES
from musicsite.demo.sound import Floats

STRANGE = 0.003  # how much of any other genre gets through


class TasteGroup(NamedTuple):
    name: str
    share: float
    genres: dict[str, float]


TASTE_GROUPS = (
    TasteGroup("kitchen tables", 1.5, {"indie folk": 5, "chamber folk": 4, "dream pop": 1}),
    TasteGroup("night trams", 1.3, {"post-punk": 5, "dream pop": 4}),
    TasteGroup("neon and rain", 1.3, {"city pop": 5, "soul": 3, "house": 1}),
    TasteGroup("harbour songs", 1.1, {"fado": 4, "laïko": 3, "shaabi": 3, "kora": 0.6}),
    TasteGroup("long rooms", 1.0, {"ambient": 4, "string quartet": 3, "solo piano": 2, "drone": 1}),
    TasteGroup("four in the morning", 1.2, {"house": 5, "techno": 4, "dub": 0.8}),
    TasteGroup("furnaces", 1.0, {"metal": 7, "post-punk": 1.5, "drone": 0.5}),
    TasteGroup("sun yards", 1.0, {"cumbia": 4, "kora": 2, "dub": 2, "bossa nova": 1}),
    TasteGroup("late sets", 0.9, {"jazz trio": 5, "bossa nova": 2.5, "soul": 2}),
    TasteGroup("corner blocks", 1.3, {"hip hop": 6, "soul": 2, "dub": 1}),
    TasteGroup("slow evenings", 0.8, {"ghazal": 5, "solo piano": 2, "fado": 1}),
    TasteGroup("family car", 0.8, {"children's songs": 5, "city pop": 1.5, "indie folk": 1.5}),
    TasteGroup("sound systems", 0.7, {"dub": 5, "techno": 2, "hip hop": 2}),
    TasteGroup("winter study", 0.8, {"solo piano": 4, "string quartet": 3, "jazz trio": 2}),
    TasteGroup("deep floor", 0.5, {"drone": 4, "techno": 3, "ambient": 3}),
    TasteGroup("southern verandas", 0.8, {"bossa nova": 4, "fado": 2, "cumbia": 1.5, "kora": 1}),
)  # fmt: skip
GROUPS = {group.name: number for number, group in enumerate(TASTE_GROUPS)}


def genre_weights() -> Floats:
    """Return (groups, genres) shares; each row adds up to 1."""
    weights = np.full((len(TASTE_GROUPS), len(GENRES)), 0.0)
    for row, group in enumerate(TASTE_GROUPS):
        for name, weight in group.genres.items():
            weights[row, BY_NAME[name]] = weight
    shares = weights / weights.sum(axis=1, keepdims=True) + STRANGE
    return shares / shares.sum(axis=1, keepdims=True)
