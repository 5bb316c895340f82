"""Popularity: what most listeners met, the same list for everybody; the baseline to beat.

And what fills up the lists of models that know too little of a history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.interactions import Interactions
from recommendations.engine.protocol import NotFittedError

CANDIDATES = 500  # scored for a history, beside those it holds itself
A_LITTLE = 1e-5  # far less than any score that listening earns


class Popularity:
    """Score an item by the share of users it speaks to, whatever the history.

    A history gets `candidates` scored items beside those it holds itself, so that hiding what
    was heard leaves as many.
    """

    support_: NDArray[np.float32] | None = None  # (n_items,) share of users, 0 to 1
    order_: NDArray[np.int64] | None = None  # items, the most popular first

    def __init__(self, *, candidates: int = CANDIDATES) -> None:
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


@dataclass(frozen=True)
class Popular:
    """What is added to the scores of a history that reaches too few items to choose from."""

    order: NDArray[np.int32]  # (n_items,) the most popular first, those nobody met last
    share: NDArray[np.float32]  # (n_items,) a little for what most users like

    @classmethod
    def of(cls, matrix: csr_array) -> Self:
        counts = np.bincount(matrix.indices, minlength=matrix.shape[1])
        shares = (A_LITTLE * counts / max(1, matrix.shape[0])).astype(np.float32)
        return cls(np.argsort(-counts, kind="stable").astype(np.int32), shares)

    def fill_up(self, scores: csr_array, histories: csr_array) -> csr_array:
        """Return scores in which every history has `CANDIDATES` items beside its own, if there
        are as many; known scores keep their order but for the last hundred-thousandth.
        """
        data, indices, indptr = _filled_up(
            scores.indptr, scores.indices, scores.data, histories.indptr, self.order, self.share
        )
        return csr_array((data, indices, indptr), shape=scores.shape)


@njit(cache=True, nogil=True)
def popular_wanted(reached: int, held: int) -> int:
    """Return how many of the most popular are looked at for a history of so many items."""
    return CANDIDATES + held if reached < CANDIDATES + held else 0


@njit(cache=True, nogil=True)
def _filled_up(
    indptr: NDArray,
    indices: NDArray,
    data: NDArray,
    held: NDArray,
    order: NDArray,
    share: NDArray,
) -> tuple[NDArray, NDArray, NDArray]:
    n_rows = indptr.size - 1
    wanted = np.empty(n_rows, np.int64)
    for row in range(n_rows):
        reached = indptr[row + 1] - indptr[row]
        wanted[row] = min(order.size, popular_wanted(reached, held[row + 1] - held[row]))
    room = indices.size + wanted.sum()
    columns, values = np.empty(room, np.int32), np.empty(room, np.float32)
    ends, size = np.zeros(n_rows + 1, np.int64), 0
    reached_by = np.full(order.size, -1, np.int64)  # the last row that reached the column
    for row in range(n_rows):
        for at in range(indptr[row], indptr[row + 1]):
            column = indices[at]
            reached_by[column] = row
            columns[size], values[size] = column, data[at]
            values[size] += share[column] if wanted[row] else 0.0
            size += 1
        for column in order[: wanted[row]]:
            if reached_by[column] != row:
                columns[size], values[size] = column, share[column]
                size += 1
        ends[row + 1] = size
    return values[:size], columns[:size], ends
