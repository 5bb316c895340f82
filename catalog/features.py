"""What is said of how a track sounds: what can be true, how it is scaled, what mood it makes,
and whom we believe. Everything that speaks of features asks here. Pure: no database.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

# The audio features that every part of the site speaks of, in one order.
SHARES = (
    "energy",
    "valence",
    "danceability",
    "acousticness",
    "instrumentalness",
    "liveness",
    "speechiness",
)
FEATURES = ("tempo", "loudness", *SHARES, "key", "mode", "time_signature")

# Of several sources the first in this row shows, unless the site is set otherwise:
# `catalog.believing` and docs/catalogue.md.
SOURCE_ORDER = (
    "curator",
    "audio",
    "csv",
    "musicbrainz",
    "acousticbrainz",
    "reccobeats",
    "kaggle-spotify",
    "kaggle-tracks",
    "tidytuesday",
    "msd",
    "spotify-api",
    "deezer",
    "lastfm",
    "listenbrainz",
    "listener",
    "demo",
)

Features = Mapping[str, float | None]


# What can be true. Outside of it a value says that nobody measured: silence has no tempo.
TEMPO = (20.0, 399.0)  # beats per minute
LOUDNESS = (-80.0, 0.0)  # dB below full scale
OVER_FULL_SCALE = 5.0  # dB above it that a loud master may be measured at
TIME_SIGNATURES = (1, 15)  # beats in a bar
WHOLE = frozenset(("key", "mode", "time_signature"))


def plausible(name: str, value: float) -> float | None:
    """Return the value as it is kept, or None where it cannot be true.

    Loudness up to 5 dB above full scale is a loud master, kept as 0 dB; what is louder is no
    measurement. A share that is a rounding error outside of 0 to 1 is put back inside.
    """
    if not math.isfinite(value):
        return None
    if name == "tempo":
        return value if TEMPO[0] <= value <= TEMPO[1] else None
    if name == "loudness":
        return min(value, 0.0) if LOUDNESS[0] <= value <= OVER_FULL_SCALE else None
    if name in SHARES:
        return min(max(value, 0.0), 1.0) if -0.001 <= value <= 1.001 else None
    return _whole(name, value)


def cleaned(raw: Mapping[str, float]) -> dict[str, float]:
    """Return what can be true of what a source says, by feature.

    Where the tempo is 0 nothing was heard, and the other zeros of that row say nothing either.
    """
    heard = raw.get("tempo") != 0
    return {
        name: kept
        for name, value in raw.items()
        if (heard or value) and (kept := plausible(name, value)) is not None
    }


def _whole(name: str, value: float) -> int | None:
    lowest, highest = {"key": (0, 11), "mode": (0, 1), "time_signature": TIME_SIGNATURES}[name]
    return int(value) if value == int(value) and lowest <= value <= highest else None


def scaled(features: Features) -> dict[str, float]:
    """Return each known feature as a number from 0 to 1, such that equal steps sound equal.

    Tempo goes by its logarithm between 40 and 220 beats per minute, loudness from -60 dB. Keys
    stand on the circle of fifths: two numbers, so that neighbours in it are near each other.
    """
    known = {name: value for name in FEATURES if (value := features.get(name)) is not None}
    numbers = {name: known[name] for name in SHARES if name in known}
    if "tempo" in known:
        numbers["tempo"] = _between(math.log2(known["tempo"]), math.log2(40), math.log2(220))
    if "loudness" in known:
        numbers["loudness"] = _between(known["loudness"], -60.0, 0.0)
    if "mode" in known:
        numbers["mode"] = float(known["mode"])
    if "time_signature" in known:
        numbers["in_three"] = float(known["time_signature"] % 3 == 0)
    if "key" in known:
        angle = math.tau * (known["key"] * 7 % 12) / 12
        numbers |= {"key_x": (1 + math.cos(angle)) / 2, "key_y": (1 + math.sin(angle)) / 2}
    return numbers


def _between(value: float, lowest: float, highest: float) -> float:
    return min(max((value - lowest) / (highest - lowest), 0.0), 1.0)


# A mood is a corner of the two numbers that people tell moods by, how bright and how strong
# (Russell's circumplex), or a sound that fits what one is doing. Name: feature and wanted value.
MOODS: dict[str, dict[str, float]] = {
    "happy": {"valence": 0.9, "energy": 0.7},
    "energetic": {"energy": 0.95, "tempo": 0.75},
    "calm": {"energy": 0.15, "loudness": 0.65, "tempo": 0.4},
    "sad": {"valence": 0.1, "energy": 0.25},
    "angry": {"valence": 0.2, "energy": 0.95},
    "danceable": {"danceability": 0.9, "energy": 0.7},
    "focus": {"instrumentalness": 0.95, "speechiness": 0.03, "energy": 0.35},
}
MOOD_FROM = 0.75  # how well it must fit to be named


def mood_fits(features: Features) -> dict[str, float]:
    """Return how well each mood fits, from 0 to 1; only moods whose features are all known."""
    numbers = scaled(features)
    return {
        mood: 1
        - math.sqrt(sum((numbers[name] - value) ** 2 for name, value in wanted.items()))
        / math.sqrt(len(wanted))
        for mood, wanted in MOODS.items()
        if wanted.keys() <= numbers.keys()
    }


def moods(features: Features) -> list[str]:
    """Return the moods that fit well, the best first."""
    fits = mood_fits(features)
    return sorted((mood for mood in fits if fits[mood] >= MOOD_FROM), key=lambda m: -fits[m])
