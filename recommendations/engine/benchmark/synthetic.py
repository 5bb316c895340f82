"""Made-up listening of any size: tastes, a long tail, and chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.interactions import Interactions

TASTES = 50  # groups of items that go together
FAITHFUL = 0.7  # share of plays within a listener's two tastes


def listening(n_users: int, n_items: int, n_pairs: int, *, seed: int = 0) -> Interactions:
    """Return exactly `n_pairs` different pairs, which must be few of all there could be."""
    rng = np.random.default_rng(seed)
    activity = rng.pareto(2.0, n_users) + 0.5
    activity /= activity.sum()
    tastes = rng.integers(0, TASTES, (n_users, 2))
    keys = np.empty(0, np.int64)
    while keys.size < n_pairs:
        drawn = int(1.1 * (n_pairs - keys.size)) + 10
        users = rng.choice(n_users, drawn, p=activity)
        keys = np.union1d(keys, users * n_items + _items(tastes[users], n_items, rng))
    kept = np.sort(rng.permutation(keys)[:n_pairs])
    ends = np.cumsum(np.bincount(kept // n_items, minlength=n_users))
    matrix = csr_array(
        (np.ones(n_pairs, np.float32), kept % n_items, np.concatenate(([0], ends))),
        shape=(n_users, n_items),
    )
    return Interactions(matrix, np.arange(n_users), np.arange(n_items))


def _items(tastes: NDArray[np.int64], n_items: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw an item for each pair of tastes, from one of the two or from any; some are hits."""
    drawn, size = len(tastes), n_items // TASTES
    own = tastes[np.arange(drawn), rng.integers(0, 2, drawn)]
    groups = np.where(rng.random(drawn) < FAITHFUL, own, rng.integers(0, TASTES, drawn))
    return groups * size + (size * rng.random(drawn) ** 2.5).astype(np.int64)
