"""How the measures went over the years."""

from __future__ import annotations

from typing import Any

import pandas as pd

from catalog.exploring.measures import MEASURES, TIMED, rounded

FEWEST = 20  # tracks that say something of a time
STEPS = (1, 5, 10)  # years taken together


def over_years(frame: pd.DataFrame) -> dict[str, Any]:
    """Return for each time the tracks, and of each measure the quartiles.

    Years are taken together, five or ten at once, until three in four times have enough tracks;
    a time with fewer than `FEWEST` measured tracks has no quartiles.
    """
    dated = frame[frame["year"].notna()]
    step = _step(dated["year"])
    times = (dated["year"] // step * step).astype(int)
    tracks = times.value_counts().sort_index()
    starts = [int(start) for start in tracks.index]
    return {
        "step": step,
        "from": starts,
        "tracks": [int(count) for count in tracks],
        "measures": _quartiles(dated, times, starts),
    }


def _step(years: pd.Series[float]) -> int:
    for step in STEPS:
        counts = (years // step).value_counts()
        if len(counts) and counts.quantile(0.25) >= FEWEST:
            return step
    return STEPS[-1]


def _quartiles(
    dated: pd.DataFrame, times: pd.Series[int], starts: list[int]
) -> dict[str, list[list[float | None]]]:
    """Of each measure the lower quartiles, the medians and the upper quartiles."""
    grouped = dated[list(TIMED)].groupby(times)
    enough = grouped.count() >= FEWEST
    parts = [grouped.quantile(share).where(enough).reindex(starts) for share in (0.25, 0.5, 0.75)]
    return {
        name: [[rounded(value, MEASURES[name].decimals) for value in part[name]] for part in parts]
        for name in TIMED
    }
