"""Grouping rows that are near each other: K-Means (Lloyd 1982) and DBSCAN (Ester et al. 1996)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN, KMeans, MiniBatchKMeans
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

MANY_ROWS = 20_000  # above it K-Means learns from batches
DENSE_ROWS = 5_000  # DBSCAN learns from as many at random: all their near pairs are in memory
NEAR = (0.1, 0.2, 0.3, 0.5, 0.7)  # quantiles of the neighbour distances tried as DBSCAN's radius
SMALL = 1e-9  # a radius that holds equals alone
NOISE = -1
BATCH = 4096


@dataclass(frozen=True)
class Groups:
    labels: NDArray[np.int64]  # (n,) group of each row, NOISE for none
    centres: NDArray[np.float64]  # (k, width) the mean row of each group

    @property
    def k(self) -> int:
        return self.centres.shape[0]

    @property
    def sizes(self) -> NDArray[np.int64]:
        return np.bincount(self.labels[self.labels >= 0], minlength=self.k)

    def assign(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the group whose centre is nearest to each row, also of rows never seen."""
        found = np.empty(values.shape[0], dtype=np.int64)
        squares = (self.centres**2).sum(axis=1)
        for start in range(0, values.shape[0], BATCH):
            part = values[start : start + BATCH]
            found[start : start + BATCH] = (squares - 2.0 * part @ self.centres.T).argmin(axis=1)
        return found


def k_means(values: NDArray[np.float64], k: int, *, seed: int = 0) -> Groups:
    """Return at most `k` groups, one for each distinct row when there are fewer."""
    k = min(k, np.unique(values, axis=0).shape[0])
    if k < 2:
        return _groups(values, np.zeros(values.shape[0], dtype=np.int64))
    many = values.shape[0] > MANY_ROWS
    learner = (
        MiniBatchKMeans(k, random_state=seed, batch_size=BATCH, n_init=3)
        if many
        else KMeans(k, random_state=seed, n_init=3)
    )
    with threadpool_limits(1):  # sums over threads differ in their last bits
        labels = learner.fit_predict(values)
    return _groups(values, labels.astype(np.int64))


def choose_k(
    values: NDArray[np.float64], candidates: Sequence[int], *, seed: int = 0
) -> dict[int, float]:
    """Return the silhouette of K-Means at each number of groups, to take the highest of."""
    rng = np.random.default_rng(seed)
    return {k: silhouette(values, k_means(values, k, seed=seed).labels, rng) for k in candidates}


def dbscan(values: NDArray[np.float64], *, min_rows: int = 10, seed: int = 0) -> Groups:
    """Return the dense regions, whose number nobody says beforehand; what lies between is NOISE.

    The radius is the one, of several quantiles of the distance to the `min_rows`th neighbour,
    whose groups have the best silhouette for the share of rows they hold.
    """
    rng = np.random.default_rng(seed)
    drawn = np.sort(rng.permutation(values.shape[0])[:DENSE_ROWS])
    sample = values[drawn]
    if sample.shape[0] <= min_rows:
        return _groups(values, np.full(values.shape[0], NOISE))
    if not values.shape[1]:  # nothing tells them apart
        return _groups(values, np.zeros(values.shape[0], dtype=np.int64))
    with threadpool_limits(1):
        distances = _neighbours(min_rows).fit(sample).kneighbors()[0][:, -1]
        tried = [
            (_worth(sample, found, rng), radius, found)
            for radius in _radii(distances)
            for found in [_dense(sample, radius, min_rows)]
        ]
        _, radius, found = max(tried, key=lambda trial: trial[:2])
        labels = _spread(values, sample, found, radius)
    return _groups(values, labels)


def silhouette(
    values: NDArray[np.float64],
    labels: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    sample: int = 2000,
) -> float:
    """Return how much nearer rows are to their own group than to the next, -1 to 1, on a sample.

    Noise is left out; NaN with fewer than two groups.
    """
    inside = np.flatnonzero(labels >= 0)
    chosen = rng.permutation(inside)[:sample]
    kinds = np.unique(labels[chosen]).size
    if not 1 < kinds < chosen.size:
        return np.nan
    return float(silhouette_score(values[chosen], labels[chosen]))


def _radii(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return those to try; where all rows lie in heaps of equals any does, if it is small."""
    apart = distances[distances > 0]
    return np.unique(np.quantile(apart, NEAR)) if apart.size else np.array([SMALL])


def _dense(sample: NDArray[np.float64], radius: float, min_rows: int) -> DBSCAN:
    return DBSCAN(eps=radius, min_samples=min_rows, algorithm="brute").fit(sample)


def _neighbours(n: int) -> NearestNeighbors:
    """Trees lose to plain distances in more than some ten dimensions."""
    return NearestNeighbors(n_neighbors=n, algorithm="brute")


def _worth(sample: NDArray[np.float64], found: DBSCAN, rng: np.random.Generator) -> float:
    value = silhouette(sample, found.labels_, rng, sample=1000)
    return -1.0 if np.isnan(value) else value * float((found.labels_ >= 0).mean())


def _spread(
    values: NDArray[np.float64], sample: NDArray[np.float64], found: DBSCAN, radius: float
) -> NDArray[np.int64]:
    """Give each row the group of the nearest core row within the radius, as DBSCAN would."""
    labels = np.full(values.shape[0], NOISE, dtype=np.int64)
    core = found.core_sample_indices_
    if core.size == 0:
        return labels
    distance, nearest = _neighbours(1).fit(sample[core]).kneighbors(values)
    near = distance[:, 0] <= radius
    labels[near] = found.labels_[core][nearest[near, 0]]
    return labels


def _groups(values: NDArray[np.float64], labels: NDArray[np.int64]) -> Groups:
    """Number the groups by size, the largest first, so that equal data gives equal numbers."""
    kinds, first, counts = np.unique(labels[labels >= 0], return_index=True, return_counts=True)
    order = np.lexsort((first, -counts))
    renumbered = np.full(labels.shape, NOISE, dtype=np.int64)
    for new, old in enumerate(kinds[order]):
        renumbered[labels == old] = new
    centres = [values[renumbered == group].mean(axis=0) for group in range(kinds.size)]
    return Groups(renumbered, np.array(centres).reshape(kinds.size, values.shape[1]))
