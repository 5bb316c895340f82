"""Tracks of the clusters a history lies in: a mixture of what is popular in each.

    score(history, j) = sum over i of history[i] * P(j | cluster of i)

Each item's share of its cluster's plays is smoothed by how central it is, so that items nobody
has met have a place too. The score is linear in the history, so its terms are its reasons.
"""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.clusters.groups import Groups, dbscan, k_means
from recommendations.engine.clusters.table import Table, of_items
from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.engine.protocol import NotFittedError


class ClusterRecommender:
    def __init__(
        self,
        *,
        catalogue: Catalogue | None = None,
        ratings: Interactions | None = None,
        method: Literal["k-means", "dbscan"] = "k-means",
        k: int = 100,
        candidates: int = 500,
        newness: float = 0.5,
        seed: int = 0,
    ) -> None:
        """`candidates` of each cluster are scored; `newness` is the plays an unheard item has."""
        self.catalogue = catalogue
        self.ratings = ratings
        self.method = method
        self.k = k
        self.candidates = candidates
        self.newness = newness
        self.seed = seed

    def fit(self, interactions: Interactions) -> Self:
        self.table_ = of_items(interactions, self.catalogue, self.ratings, seed=self.seed)
        self.groups_ = self._group(self.table_)
        liked = interactions.matrix.indices[interactions.matrix.data > 0]
        plays = np.bincount(liked, minlength=interactions.n_items) + self.newness * _centrality(
            self.table_.values, self.groups_
        )
        self.shares_ = _best_of_each(self.groups_, plays, self.candidates)  # (k, n_items)
        self.member_ = _one_hot(self.groups_)  # (n_items, k)
        return self

    def score(self, histories: csr_array) -> csr_array:
        if not hasattr(self, "shares_"):
            raise NotFittedError("ClusterRecommender has no clusters yet: call fit first.")
        return csr_array(csr_array(histories @ self.member_) @ self.shares_)

    def _group(self, table: Table) -> Groups:
        if self.method == "dbscan":
            return dbscan(table.values, seed=self.seed)
        return k_means(table.values, self.k, seed=self.seed)


def _centrality(values: NDArray[np.float64], groups: Groups) -> NDArray[np.float64]:
    """Return 1 at the centre of a row's group towards 0 far from it; 0 for noise."""
    inside = groups.labels >= 0
    away = np.linalg.norm(values[inside] - groups.centres[groups.labels[inside]], axis=1)
    central = np.zeros(groups.labels.size)
    central[inside] = 1.0 / (1.0 + away)
    return central


def _one_hot(groups: Groups) -> csr_array:
    inside = np.flatnonzero(groups.labels >= 0)
    shape = (groups.labels.size, groups.k)
    ones = np.ones(inside.size, dtype=np.float32)
    return csr_array((ones, (inside, groups.labels[inside])), shape=shape)


def _best_of_each(groups: Groups, plays: NDArray[np.float64], most: int) -> csr_array:
    """Return (k, n_items): each cluster's most played items by their share of its plays."""
    order = np.lexsort((-plays, groups.labels))
    order = order[groups.labels[order] >= 0]
    labels, sizes = groups.labels[order], groups.sizes
    place = np.arange(order.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    kept, rows = order[place < most], labels[place < most]
    totals = np.bincount(labels, plays[order], minlength=groups.k)
    values = (plays[kept] / np.maximum(totals[rows], 1e-9)).astype(np.float32)
    shares = csr_array((values, (rows, kept)), shape=(groups.k, groups.labels.size))
    shares.sort_indices()
    return shares
