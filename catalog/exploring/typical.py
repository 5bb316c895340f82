"""Which tracks stand in the middle of a group, and which far from all others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from catalog.exploring.measures import MEASURES, SOUNDS, rounded
from catalog.features import scaled

Numbers = NDArray[np.float64]
FEWEST = 20  # tracks that make a middle
NARROWEST = 0.1  # of a measure’s range: where most tracks share one value, a step is no wonder
SHRINK = 0.1  # towards measures that know nothing of each other
SHOWN = 8
ALIKE = 2  # of the unusual may be so for the same reason
SCALES = tuple(f"{name}_scaled" for name in SOUNDS)


def typical_and_unusual(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the tracks nearest to the middle and farthest from it, one of an artist.

    The frame comes `with_scales`. Only tracks of which every sound is known can be compared.
    """
    whole = frame.dropna(subset=list(SOUNDS))
    if len(whole) < FEWEST:
        return {"typical": [], "unusual": []}
    points = whole[list(SCALES)].to_numpy()
    distances = robust_distances(points)
    order = np.lexsort((whole["id"].to_numpy(), distances))
    artists, strange = whole["artist"].tolist(), _strangest(points)
    nearest = _first_of_each(order, artists, strange, alike=SHOWN)
    farthest = _first_of_each(order[::-1], artists, strange, alike=ALIKE)
    return {
        "typical": [_described(whole, row, distances) for row in nearest],
        "unusual": [
            _described(whole, row, distances) | _why(whole, row, strange[row]) for row in farthest
        ],
    }


def with_scales(frame: pd.DataFrame) -> pd.DataFrame:
    """Add each sound from 0 to 1, such that equal steps sound equal (catalog.features.scaled)."""
    rows = frame[list(SOUNDS)].to_numpy(dtype=float).tolist()
    numbers = np.array([_scaled(row) for row in rows]).reshape(-1, len(SCALES))
    return frame.join(pd.DataFrame(numbers, columns=list(SCALES), index=frame.index))


def _scaled(row: Sequence[float]) -> list[float]:
    numbers = scaled(
        {name: value for name, value in zip(SOUNDS, row, strict=True) if value == value}
    )
    return [numbers.get(name, math.nan) for name in SOUNDS]


def robust_distances(points: Numbers) -> Numbers:
    """Return how far each row lies from the middle, in spreads, measures that go together as one.

    Mahalanobis' distance on median, median deviation and rank correlation in place of mean,
    deviation and correlation, so that the strange rows it looks for do not move the middle.
    """
    steps = _steps_from_the_middle(points)
    solved = np.linalg.solve(_ties(points), steps.T).T
    return np.sqrt(np.maximum((steps * solved).sum(axis=1), 0))


def _steps_from_the_middle(points: Numbers) -> Numbers:
    away = points - np.median(points, axis=0)
    spread = 1.4826 * np.median(np.abs(away), axis=0)  # a standard deviation, were it a bell curve
    return away / np.maximum(spread, NARROWEST)


def _ties(points: Numbers) -> Numbers:
    """Correlations from ranks, shrunk, so that the matrix can always be solved."""
    ranks = pd.DataFrame(points).rank().to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.nan_to_num(np.corrcoef(ranks, rowvar=False))
    ties = (1 - SHRINK) * found
    np.fill_diagonal(ties, 1.0)
    return ties


def _first_of_each(
    order: NDArray[np.int64], artists: list[int], strange: list[int], *, alike: int
) -> list[int]:
    """The first rows, one of an artist, and at most `alike` that are strange for one reason."""
    chosen: list[int] = []
    of_artist: set[int] = set()
    of_sound: Counter[int] = Counter()
    for row in order.tolist():
        if artists[row] not in of_artist and of_sound[strange[row]] < alike:
            chosen.append(row)
            of_artist.add(artists[row])
            of_sound[strange[row]] += 1
        if len(chosen) == SHOWN:
            break
    return chosen


def _strangest(points: Numbers) -> list[int]:
    """The number of the sound that is farthest from the middle, for each row."""
    return [int(sound) for sound in np.abs(_steps_from_the_middle(points)).argmax(axis=1)]


def _described(frame: pd.DataFrame, row: int, distances: Numbers) -> dict[str, Any]:
    return {"id": int(frame["id"].iloc[row]), "distance": rounded(distances[row], 2)}


def _why(frame: pd.DataFrame, row: int, sound: int) -> dict[str, Any]:
    """The sound that sets a track apart, its value, and the share of the others below it."""
    name = SOUNDS[sound]
    values = frame[name].to_numpy()
    return {
        "by": name,
        "value": rounded(values[row], MEASURES[name].decimals),
        "above": rounded((values < values[row]).sum() / max(len(values) - 1, 1)),
        "below": rounded((values > values[row]).sum() / max(len(values) - 1, 1)),
    }
