"""The inner loops of serving, compiled and single-threaded: scores added up, candidates read."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommendations.engine.ranking.top import drain, offer


@njit(cache=True, nogil=True)
def add_candidates(columns: NDArray, scores: NDArray, touched: NDArray) -> int:
    """Make items candidates that the history may not reach; return how many are touched."""
    count = 0
    for column in columns:
        if np.isnan(scores[column]):
            scores[column] = 0.0
            touched[count] = column
            count += 1
    return count


@njit(cache=True, nogil=True)
def add_term(
    indptr: NDArray,
    indices: NDArray,
    data: NDArray,
    items: NDArray,
    weights: NDArray,
    scores: NDArray,
    touched: NDArray,
    count: int,
) -> int:
    """Add weights[h] * W[items[h], j] to scores[j]; return how many items are touched.

    `scores` is NaN where no item was reached: one array to look at in place of two. Nothing in
    the loop branches, since whether an item was reached before cannot be foreseen.
    """
    for h in range(items.size):
        weight = weights[h]
        if weight == 0.0:
            continue
        for at in range(indptr[items[h]], indptr[items[h] + 1]):
            column = indices[at]
            before = scores[column]
            is_first = np.isnan(before)
            touched[count] = column
            count += is_first
            scores[column] = (0.0 if is_first else before) + weight * data[at]
    return count


@njit(cache=True, nogil=True)
def collect(
    scores: NDArray,
    touched: NDArray,
    count: int,
    hidden: NDArray,
    allowed: NDArray,
    limit: int,
) -> tuple[NDArray, NDArray, int]:
    """Return the `limit` best candidates, best first, their scores, and how many were hidden.

    Leaves `scores` all NaN. An empty `allowed` allows everything.
    """
    best_scores, best_items = np.empty(limit, np.float64), np.empty(limit, np.int32)
    size, left_out = 0, 0
    for column in hidden:
        left_out += not np.isnan(scores[column])
        scores[column] = np.nan
    for at in range(count):
        column = touched[at]
        score = scores[column]
        scores[column] = np.nan
        if np.isnan(score):
            continue
        if allowed.size > 0 and not allowed[column]:
            left_out += 1
        elif size < limit or score >= best_scores[0]:  # spares most candidates the call
            size = offer(best_scores, best_items, size, score, column)
    items = drain(best_scores, best_items, size)
    return items.copy(), best_scores[:size].copy(), left_out


@njit(cache=True, nogil=True)
def contributions(
    indptr: NDArray,
    indices: NDArray,
    data: NDArray,
    items: NDArray,
    weights: NDArray,
    place: NDArray,
    parts: NDArray,
) -> None:
    """Add weights[h] * W[items[h], j] to parts[place[j], h] wherever place[j] > 0 (0: not shown).

    `place` is 1-based so that it may be kept all zero between uses.
    """
    for h in range(items.size):
        weight = weights[h]
        for at in range(indptr[items[h]], indptr[items[h] + 1]):
            shown = place[indices[at]]
            if shown > 0:
                parts[shown - 1, h] += weight * data[at]
