"""For whom, and for which items, a model is good: the cold and the tail told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.evaluation import metrics
from recommendations.engine.evaluation.bootstrap import Interval, intervals
from recommendations.engine.evaluation.metrics import PerUser, Ranked
from recommendations.engine.evaluation.splits import keep_entries

ACTIVITY = (0, 1, 5, 20, 100)  # items in the history, the lower end of each band
POPULARITY = (0, 1, 10, 50, 200)  # users who met the item in training, likewise
SHOWN = ("ndcg", "recall")


@dataclass(frozen=True)
class Band:
    """Users or items whose count is from `low` to below `high`; without an end when None."""

    low: int
    high: int | None
    share: float  # of all users asked, or of all items
    figures: dict[str, Interval]

    @property
    def is_cold(self) -> bool:
        return self.low == 0


def by_activity(
    accuracy: dict[str, PerUser],
    history_sizes: NDArray[np.int64],
    *,
    rng: np.random.Generator,
    edges: Sequence[int] = ACTIVITY,
) -> list[Band]:
    """Return the figures of users with few and many items; users not asked count nowhere."""
    asked = ~np.isnan(accuracy["ndcg"])
    bands = []
    for low, high, inside in _bands(history_sizes, edges):
        figures = intervals({name: accuracy[name][inside] for name in SHOWN}, rng=rng)
        share = float((inside & asked).sum() / max(1, asked.sum()))
        bands.append(Band(low, high, share, figures))
    return bands


def by_popularity(
    ranked: Ranked,
    held_out: csr_array,
    item_degrees: NDArray[np.int64],
    *,
    n: int,
    rng: np.random.Generator,
    edges: Sequence[int] = POPULARITY,
) -> list[Band]:
    """Return the figures of rare and popular items: the same lists, only those items right."""
    bands = []
    for low, high, inside in _bands(item_degrees, edges):
        asked_for = keep_entries(held_out, inside[held_out.indices])
        found = metrics.accuracy(ranked, asked_for, n=n)
        figures = intervals({name: found[name] for name in SHOWN}, rng=rng)
        bands.append(Band(low, high, float(inside.mean()) if inside.size else 0.0, figures))
    return bands


def _bands(
    counts: NDArray[np.int64], edges: Sequence[int]
) -> Iterator[tuple[int, int | None, NDArray[np.bool_]]]:
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        below = counts < high if high is not None else True
        yield low, high, (counts >= low) & below
