"""How far a mean over users could have come out otherwise, had others been asked.

Percentile bootstrap (Efron 1979): draw as many users with replacement, take the mean, repeat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

DRAWS = 2000
LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    mean: float
    low: float
    high: float
    n_users: int

    @property
    def includes_zero(self) -> bool:
        return self.low <= 0.0 <= self.high


def interval(
    values: NDArray[np.float64],
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> Interval:
    """Return the mean of what is not NaN and its interval, which is NaN under two users."""
    return intervals({"": values}, rng=rng, draws=draws, level=level)[""]


def intervals(
    columns: Mapping[str, NDArray[np.float64]],
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> dict[str, Interval]:
    """Return the interval of each column over the same draws of users.

    A user who is NaN in one column is left out of all.
    """
    table = np.column_stack(list(columns.values())).astype(np.float64)
    known = np.ascontiguousarray(table[~np.isnan(table).any(axis=1)])
    n_users = known.shape[0]
    means = known.mean(axis=0) if n_users else np.full(len(columns), np.nan)
    ends = np.full((2, len(columns)), np.nan)
    if n_users > 1:
        tail = (1.0 - level) / 2.0
        ends = np.quantile(_resampled_means(known, rng, draws), [tail, 1.0 - tail], axis=0)
    return {
        name: Interval(float(mean), float(low), float(high), n_users)
        for name, mean, low, high in zip(columns, means, *ends, strict=True)
    }


def paired_interval(
    ours: NDArray[np.float64],
    theirs: NDArray[np.float64],
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> Interval:
    """Return the mean of `ours - theirs`, user by user, and its interval.

    Far narrower than comparing two intervals: a hard user is hard for both. Users who are NaN
    in either are left out.
    """
    return interval(ours - theirs, rng=rng, draws=draws, level=level)


@njit(cache=True, nogil=True)
def _resampled_means(
    known: NDArray[np.float64], rng: np.random.Generator, draws: int
) -> NDArray[np.float64]:
    n_users, n_columns = known.shape
    sums = np.zeros((draws, n_columns))
    for draw in range(draws):
        for _ in range(n_users):
            user = int(rng.random() * n_users)
            for column in range(n_columns):
                sums[draw, column] += known[user, column]
    return sums / n_users
