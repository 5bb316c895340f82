"""Popularity: what most listeners met, the same list for everybody; the baseline to beat."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.interactions import Interactions
from recommendations.engine.protocol import NotFittedError


class Popularity:
    """Score an item by the share of users it speaks to, whatever the history.

    A history gets `candidates` scored items beside those it holds itself, so that hiding what
    was heard leaves as many.
    """

    support_: NDArray[np.float32] | None = None  # (n_items,) share of users, 0 to 1
    order_: NDArray[np.int64] | None = None  # items, the most popular first

    def __init__(self, *, candidates: int = 500) -> None:
        self.candidates = candidates

    def fit(self, interactions: Interactions) -> Self:
        liked = interactions.matrix.indices[interactions.matrix.data > 0]
        counts = np.bincount(liked, minlength=interactions.n_items)
        self.support_ = (counts / max(1, interactions.n_users)).astype(np.float32)
        self.order_ = np.argsort(-counts, kind="stable")
        return self

    def score(self, histories: csr_array) -> csr_array:
        if self.support_ is None or self.order_ is None:
            raise NotFittedError("Popularity has no counts yet: call fit first.")
        lengths = np.diff(histories.indptr)
        width = min(self.order_.size, self.candidates + int(lengths.max(initial=0)))
        best = np.sort(self.order_[:width])
        rows = histories.shape[0]
        return csr_array(
            (
                np.tile(self.support_[best], rows),
                np.tile(best, rows),
                np.arange(rows + 1, dtype=np.int64) * width,
            ),
            shape=histories.shape,
        )
