"""The n best of many candidates: a heap of n, whose root is the worst one kept."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array


def top_n(scores: csr_array, n: int, *, hide: csr_array | None = None) -> NDArray[np.int32]:
    """Return the columns of the `n` best scores in each row, best first, -1 where there are fewer.

    Only stored scores are candidates. Equal scores are ordered by column, so the answer depends
    on nothing else. The stored entries of `hide` (what was heard, say) are left out.
    """
    hidden = _empty_like(scores) if hide is None else hide
    if hidden.shape != scores.shape:
        raise ValueError(f"scores are {scores.shape}, hide is {hidden.shape}")
    return _top_rows(
        scores.indptr, scores.indices, scores.data, hidden.indptr, hidden.indices,
        scores.shape[1], n,
    )  # fmt: skip


def _empty_like(scores: csr_array) -> csr_array:
    return csr_array(scores.shape, dtype=np.float32)  # type: ignore[return-value]


@njit(cache=True, nogil=True)
def _top_rows(
    indptr: NDArray,
    indices: NDArray,
    data: NDArray,
    hidden_indptr: NDArray,
    hidden: NDArray,
    n_items: int,
    n: int,
) -> NDArray[np.int32]:
    n_rows = indptr.size - 1
    best = np.full((n_rows, n), -1, np.int32)
    hidden_in = np.full(n_items, -1, np.int64)  # the last row that hid the column
    heap_scores = np.empty(n, np.float64)
    heap_items = np.empty(n, np.int32)
    for row in range(n_rows):
        for at in range(hidden_indptr[row], hidden_indptr[row + 1]):
            hidden_in[hidden[at]] = row
        size = 0
        for at in range(indptr[row], indptr[row + 1]):
            if hidden_in[indices[at]] != row:
                size = offer(heap_scores, heap_items, size, data[at], indices[at])
        best[row, :size] = drain(heap_scores, heap_items, size)
    return best


@njit(cache=True, nogil=True)
def offer(scores: NDArray, items: NDArray, size: int, score: float, item: int) -> int:
    """Keep the candidate if it is among the best `scores.size` so far; return the heap's size."""
    if size < scores.size:
        _sift_up(scores, items, size, score, item)
        return size + 1
    if size > 0 and _worse(scores[0], items[0], score, item):
        _sift_down(scores, items, size, score, item)
    return size


@njit(cache=True, nogil=True)
def drain(scores: NDArray, items: NDArray, size: int) -> NDArray:
    """Return the items kept, best first; `scores[:size]` is then in the same order."""
    for last in range(size - 1, 0, -1):
        score, item = scores[0], items[0]
        moved_score, moved_item = scores[last], items[last]
        _sift_down(scores, items, last, moved_score, moved_item)
        scores[last], items[last] = score, item
    return items[:size]


@njit(cache=True, nogil=True, inline="always")
def _worse(score: float, item: int, than_score: float, than_item: int) -> bool:
    return score < than_score or (score == than_score and item > than_item)


@njit(cache=True, nogil=True)
def _sift_up(scores: NDArray, items: NDArray, at: int, score: float, item: int) -> None:
    while at > 0:
        parent = (at - 1) // 2
        if not _worse(score, item, scores[parent], items[parent]):
            break
        scores[at], items[at] = scores[parent], items[parent]
        at = parent
    scores[at], items[at] = score, item


@njit(cache=True, nogil=True)
def _sift_down(scores: NDArray, items: NDArray, size: int, score: float, item: int) -> None:
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and _worse(
            scores[child + 1], items[child + 1], scores[child], items[child]
        ):
            child += 1
        if not _worse(scores[child], items[child], score, item):
            break
        scores[at], items[at] = scores[child], items[child]
        at = child
    scores[at], items[at] = score, item
