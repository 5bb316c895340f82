"""Genres beside each other, and the tracks that belong to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from catalog.exploring.measures import MEASURES, rounded

Ordered = Mapping[str, NDArray[np.float64]]  # the values of each measure, the lowest first
FEWEST = 10  # measured tracks that make a median of a genre


def branches(parents: Mapping[int, int | None]) -> dict[int, set[int]]:
    """Return each genre with all that grows from it, itself among them."""
    found: dict[int, set[int]] = defaultdict(set)
    for genre in parents:
        above: int | None = genre
        while above is not None and genre not in found[above]:
            found[above].add(genre)
            above = parents.get(above)
    return {genre: found[genre] for genre in parents}


def of_branch(frame: pd.DataFrame, genres: Iterable[int]) -> pd.DataFrame:
    return frame[frame["genre"].isin(list(genres))]


def in_order(frame: pd.DataFrame) -> Ordered:
    return {name: np.sort(frame[name].dropna().to_numpy()) for name in MEASURES}


def beside_all(part: pd.DataFrame, everything: Ordered) -> dict[str, Any]:
    """Return the medians of some tracks, and the share of all tracks that lies below each.

    A track that ties with the median counts half. None where fewer than `FEWEST` are measured.
    """
    known = part[list(MEASURES)]
    middles = known.median().where(known.count() >= FEWEST)
    return {
        "tracks": len(part),
        "medians": {n: rounded(middles[n], m.decimals) for n, m in MEASURES.items()},
        "above": {n: rounded(_share_below(everything[n], middles[n])) for n in MEASURES},
    }


def _share_below(ordered: NDArray[np.float64], middle: float) -> float:
    if not len(ordered) or np.isnan(middle):
        return float("nan")
    below, not_above = (np.searchsorted(ordered, middle, side) for side in ("left", "right"))
    return float(below + not_above) / 2 / len(ordered)
