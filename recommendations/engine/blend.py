"""Sparse and low-rank scores added up: each knows something the other does not.

The neighbourhood knows what goes together, the factors what kind of taste goes with what kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.parallel import map_blocks
from recommendations.engine.popularity import Popular, popular_wanted
from recommendations.engine.ranking.top import drain, offer

ROWS = 64  # histories a thread ranks at a time


@dataclass(frozen=True)
class Parts:
    """What histories score with: a sparse matrix and, it may be, factors; and what fills up."""

    weights: csr_array  # (n_items, n_columns)
    users: NDArray[np.float32]  # (n_histories, n_factors) folded in
    factors: NDArray[np.float32]  # (n_columns, n_factors)
    popular: Popular  # of the columns


def rank_blends(
    histories: csr_array,
    hide: csr_array,
    parts: Parts,
    *,
    scales: NDArray[np.float32],
    shares: NDArray[np.float32],
    n: int,
    workers: int | None = None,
) -> NDArray[np.int32]:
    """Return (n_scales * n_shares, n_histories, n) columns, best first, padded with -1.

    Blend (s, q) scores column j with `scales[s, j] * (history @ weights)_j + shares[q] * (user @
    factors_j)`; candidates are what the sparse part reaches and, where that is little, what most
    like. All blends cost little more than one.
    """

    def rank(start: int) -> NDArray[np.int32]:
        end = min(start + ROWS, histories.shape[0])
        return _rank_rows(
            start, end, n, scales, shares,
            histories.indptr, histories.indices, histories.data.astype(np.float32),
            hide.indptr, hide.indices,
            parts.weights.indptr, parts.weights.indices, parts.weights.data,
            parts.users, parts.factors, parts.popular.order, parts.popular.share,
        )  # fmt: skip

    blocks = map_blocks(rank, range(0, histories.shape[0], ROWS), workers=workers)
    empty = np.empty((len(scales) * len(shares), 0, n), np.int32)
    return np.concatenate([empty, *blocks], axis=1)


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc"})
def _rank_rows(
    start: int, end: int, n: int, scales: NDArray, shares: NDArray,
    indptr: NDArray, indices: NDArray, data: NDArray,
    hide_ptr: NDArray, hide: NDArray,
    weight_ptr: NDArray, weight_columns: NDArray, weight_values: NDArray,
    users: NDArray, factors: NDArray, popular: NDArray, popularity: NDArray,
) -> NDArray[np.int32]:  # fmt: skip
    n_columns, n_factors = factors.shape
    ranked = np.full((len(scales) * shares.size, end - start, n), -1, np.int32)
    sums = np.zeros(n_columns, np.float32)
    seen = np.zeros(n_columns, np.uint8)
    touched, vague = np.empty(n_columns, np.int32), np.zeros(n_columns, np.float32)
    scores, items = np.empty(n, np.float64), np.empty(n, np.int32)
    for row in range(start, end):
        size = 0
        for at in range(indptr[row], indptr[row + 1]):
            item, weight = indices[at], data[at]
            for other in range(weight_ptr[item], weight_ptr[item + 1]):
                column = weight_columns[other]
                if seen[column] == 0:
                    seen[column] = 1
                    touched[size] = column
                    size += 1
                sums[column] += weight * weight_values[other]
        for at in range(hide_ptr[row], hide_ptr[row + 1]):
            seen[hide[at]] += 2
        for place in range(size):
            column = touched[place]
            total = np.float32(0.0)
            for factor in range(n_factors):
                total += users[row, factor] * factors[column, factor]
            vague[column] = total
        wanted = popular_wanted(size, indptr[row + 1] - indptr[row])
        for column in popular[:wanted]:
            if seen[column] % 2 == 0:
                seen[column] += 1
                vague[column] = 0.0
                touched[size] = column
                size += 1
        for scale in range(len(scales)):
            for share in range(shares.size):
                kept = 0
                for place in range(size):
                    column = touched[place]
                    if seen[column] == 1:
                        score = scales[scale, column] * sums[column] + shares[share] * vague[column]
                        if wanted:
                            score += popularity[column]
                        if kept < n or score >= scores[0]:
                            kept = offer(scores, items, kept, score, column)
                drain(scores, items, kept)
                ranked[scale * shares.size + share, row - start, :kept] = items[:kept]
        for at in range(hide_ptr[row], hide_ptr[row + 1]):
            seen[hide[at]] = 0
        for place in range(size):
            sums[touched[place]] = 0.0
            seen[touched[place]] = 0
    return ranked
