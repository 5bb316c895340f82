"""How often each value of a measure comes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from catalog.exploring.measures import CATEGORIES, MEASURES, Measure, rounded


def distributions(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {name: distribution(frame[name], measure) for name, measure in MEASURES.items()}


def distribution(values: pd.Series[float], measure: Measure) -> dict[str, Any]:
    """Count a measure step by step; a step holds its lower edge, the last one both."""
    known = values.dropna()
    inside = known.clip(measure.low, measure.high)
    counts, _ = np.histogram(inside, bins=measure.edges())
    summary = known.quantile([0, 0.25, 0.5, 0.75, 1])
    return {
        "known": len(known),
        "edges": measure.edges(),
        "counts": [int(count) for count in counts],
        "quantiles": [rounded(value, measure.decimals) for value in summary],
    }


def categories(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {name: category(frame[name]) for name in CATEGORIES}


def category(values: pd.Series[float]) -> dict[str, Any]:
    """Count whole numbers, the smallest first."""
    counted = values.value_counts().sort_index()
    return {
        "known": int(counted.sum()),
        "values": [int(value) for value in counted.index],
        "counts": [int(count) for count in counted],
    }
