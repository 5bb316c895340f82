"""Neighbourhood ridge: EASE (Steck 2019, https://arxiv.org/abs/1905.03375) for each item's
nearest neighbours alone, so that it stays sparse and linear in the catalogue.

For item j and its K nearest neighbours N:  W[N, j] = (G[N, N] + Lambda)^-1 G[N, j],  G = X'X,
Lambda = regularization * I + dropout * diag(G): the second term is what training with random
items dropped amounts to (Steck 2020, https://arxiv.org/abs/2006.11274), more for the popular.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from recommendations.engine.interactions import Interactions
from recommendations.engine.linear import (
    from_columns,
    liked,
    scale_columns,
    score_linear,
    unpopularity,
)
from recommendations.engine.model import strongest
from recommendations.engine.neighbours import Meetings, count_together, local_gram, nearest
from recommendations.engine.parallel import Progress, map_blocks
from recommendations.engine.singles import singles, solve_singles
from recommendations.engine.solve import backward, cholesky, forward

BLOCK = 128  # items a thread takes at a time, or more, for
BLOCKS = 400  # blocks at most: each makes arrays of the catalogue's length


@dataclass(frozen=True)
class Columns:
    """K neighbours for each item and, for each setting tried, their weights; padded with -1."""

    neighbours: NDArray[np.int32]  # (n_items, k)
    weights: NDArray[np.float32]  # (n_settings, n_items, k)


class NeighbourhoodRidge:
    """`k` bounds the neighbours of an item, `bound` the users looked at, `row_limit` the weights
    kept for an item of the history. The rows `beside` (n_rows, n_items) count as users do.

    `progress` is told the share done; what it raises stops the fit and leaves no weights.
    """

    weights_: csr_array | None = None  # (n_items, n_items)

    def __init__(
        self,
        *,
        k: int = 100,
        regularization: float = 50.0,
        dropout: float = 1.0,
        popularity_power: float = 0.1,
        likeness_power: float = 0.4,
        bound: int = 3000,
        beside: csr_array | None = None,
        row_limit: int | None = None,
        seed: int = 0,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.k = k
        self.regularization = regularization
        self.dropout = dropout
        self.popularity_power = popularity_power
        self.likeness_power = likeness_power
        self.bound = bound
        self.beside = beside
        self.row_limit = row_limit
        self.seed = seed
        self.workers = workers
        self.progress = progress

    def fit(self, interactions: Interactions) -> Self:
        self.weights_ = None
        met = liked(interactions)
        if self.beside is not None:
            met = csr_array(vstack([met, self.beside], format="csr"))
        meetings = Meetings.from_matrix(met, bound=self.bound, rng=np.random.default_rng(self.seed))
        columns = solve_columns(
            meetings,
            k=self.k,
            lengths=np.maximum(meetings.support, 1.0) ** self.likeness_power,
            penalties=[(self.regularization, self.dropout)],
            workers=self.workers,
            progress=self.progress,
        )
        weights = from_columns(columns.neighbours, columns.weights[0])
        weights = scale_columns(weights, unpopularity(meetings.support, self.popularity_power))
        self.weights_ = strongest(weights, self.row_limit) if self.row_limit else weights
        return self

    def score(self, histories: csr_array) -> csr_array:
        return score_linear(self.weights_, histories)


def solve_columns(
    meetings: Meetings,
    *,
    k: int,
    lengths: NDArray[np.float64],
    penalties: Sequence[tuple[float, float]],
    shares: Sequence[float] = (1.0,),
    items: NDArray[np.int64] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Columns:
    """Solve one ridge regression per item and setting: penalties x shares of the neighbours.

    `lengths` (n_items,) is what likeness is divided by. Settings are ordered penalty by penalty;
    a smaller neighbourhood's factor is the corner of a larger one's, so it costs next to nothing.
    Without penalties the weights are the Gram matrix's own entries. Only the columns of `items`
    are solved when given.
    """
    wanted = np.arange(meetings.support.size) if items is None else items
    k = max(1, min(k, meetings.support.size - 1))
    factors = np.asarray(penalties, dtype=np.float32).reshape(-1, 2)
    parts = np.asarray(shares, dtype=np.float32)
    neighbours = np.full((wanted.size, k), -1, np.int32)
    weights = np.zeros((max(len(factors) * parts.size, 1), wanted.size, k), np.float32)
    shortness = (1.0 / lengths).astype(np.float32)
    room = _room(meetings, k + 1)
    limit = int(np.ceil(np.float32(k) * parts).min()) if len(factors) else 0
    single, edges = singles(meetings, wanted, limit)
    rest = np.setdiff1d(np.arange(wanted.size), single)
    counted = (
        meetings.by_user.indptr, meetings.by_user.indices, meetings.by_user.data,
        meetings.by_item.indptr, meetings.by_item.indices, meetings.by_item.data,
        meetings.cut, meetings.squares, meetings.head, meetings.place,
    )  # fmt: skip

    def solve(rows: NDArray[np.int64]) -> None:
        _solve_block(rows, wanted, neighbours, weights, shortness, factors, parts, room, *counted)

    def solve_single(runs: NDArray[np.int64]) -> None:
        solve_singles(single, runs, wanted, neighbours, weights, shortness, factors, room, *counted)

    jobs = [partial(solve, rows) for rows in _blocks(rest)]
    jobs += [
        partial(solve_single, edges[at[0] : at[-1] + 2])
        for at in _blocks(np.arange(edges.size - 1))
    ]
    map_blocks(lambda job: job(), jobs, workers=workers, progress=progress)
    return Columns(neighbours, weights)


def _blocks(places: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    size = max(BLOCK, -(-places.size // BLOCKS))
    return [places[start : start + size] for start in range(0, places.size, size)]


def _room(meetings: Meetings, k: int) -> int:
    """Return how many entries the `k` longest items of the tail have at most."""
    lengths = np.diff(meetings.by_item.indptr)[meetings.place < 0]
    return 1 + k * int(lengths.max(initial=0))


@njit(cache=True, nogil=True)
def _solve_block(
    rows: NDArray, items: NDArray, neighbours: NDArray, weights: NDArray,
    shortness: NDArray, penalties: NDArray, shares: NDArray, room: int,
    user_ptr: NDArray, user_items: NDArray, user_values: NDArray,
    item_ptr: NDArray, item_users: NDArray, item_values: NDArray,
    cut: NDArray, squares: NDArray, head_gram: NDArray, head_place: NDArray,
) -> None:  # fmt: skip
    """Fill these rows of `neighbours` (n_items, k) and `weights` (n_settings, n_items, k)."""
    n_users, n_items, k = user_ptr.size - 1, item_ptr.size - 1, neighbours.shape[1]
    together, touched = np.zeros(n_items, np.float32), np.empty(n_items + 1, np.int32)
    first, right = np.full(n_users, -1, np.int32), np.empty(k, np.float32)
    entry_next, entry_place = np.empty(room, np.int32), np.empty(room, np.int32)
    entry_value, scores = np.empty(room, np.float32), np.empty(k, np.float64)
    gram = np.empty((k, k), np.float32)
    for row in rows:
        item, found = items[row], neighbours[row]
        size = count_together(
            item, user_ptr, user_items, user_values, item_ptr, item_users, item_values, cut,
            together, touched,
        )  # fmt: skip
        kept = nearest(item, k, together, touched, size, shortness, scores, found)
        for place in range(kept):
            right[place] = together[found[place]]
        together[touched[:size]] = 0.0
        if len(penalties) == 0:
            weights[0, row, :kept] = right[:kept]
            continue
        local_gram(
            found, kept, item_ptr, item_users, item_values, cut, squares,
            head_gram, head_place, n_users,
            first, entry_next, entry_place, entry_value, gram,
        )  # fmt: skip
        _solve_settings(gram, right, kept, penalties, shares, weights[:, row])


@njit(cache=True, nogil=True)
def _solve_settings(
    gram: NDArray,
    right: NDArray,
    kept: int,
    penalties: NDArray,
    shares: NDArray,
    weights: NDArray,
) -> None:
    """Fill `weights` (n_settings, k) with the solutions for one item."""
    middle = np.empty(kept, np.float32)
    for number in range(len(penalties)):
        system = gram[:kept, :kept].copy()
        for place in range(kept):
            system[place, place] *= 1.0 + penalties[number, 1]
            system[place, place] += penalties[number, 0]
        upper = cholesky(system)
        forward(upper, right, kept, middle)
        for part in range(shares.size):
            used = min(kept, int(np.ceil(gram.shape[0] * shares[part])))
            backward(upper, middle, used, weights[number * shares.size + part])
