"""For each item, those it is met together with: sampled co-occurrence, never the Gram matrix.

The Gram matrix X'X of a large catalogue does not fit in memory, and counting a track that
everybody plays against everything takes for ever. So each item keeps at most `bound` users,
and all items draw from one shuffled order of users (a bottom-k sketch, Cohen and Kaplan 2007,
https://doi.org/10.1145/1281100.1281133): users before the smaller of two cut-offs are complete
for both items, and what they share, divided by that share of users, estimates what all share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.ranking.top import drain, offer

HEAD = 3000  # items whose Gram matrix is kept whole, 36 MB: most neighbours are among them
HEAD_BLOCK = 256


@dataclass(frozen=True)
class Meetings:
    """The matrix to count in, by user and (sampled) by item; users stand in a shuffled order."""

    by_user: csr_array  # (n_users, n_items) float32
    by_item: csr_array  # (n_items, n_users) float32, at most `bound` users an item
    cut: NDArray[np.int64]  # (n_items,) the item's users below this row are all kept
    squares: NDArray[np.float64]  # (n_items,) sum of squares over all users: the Gram's diagonal
    support: NDArray[np.int64]  # (n_items,) users an item, all of them
    head: NDArray[np.float32]  # (n_head, n_head) the Gram matrix of the items most met, exact
    place: NDArray[np.int32]  # (n_items,) the item's place in the head, -1 for the long tail

    @classmethod
    def from_matrix(cls, matrix: csr_array, *, bound: int, rng: np.random.Generator) -> Self:
        n_users = matrix.shape[0]
        by_user = csr_array(matrix[rng.permutation(n_users)].astype(np.float32))
        whole = csr_array(by_user.T.tocsr())
        support = np.diff(whole.indptr).astype(np.int64)
        cut = np.full(support.size, max(n_users, 1), dtype=np.int64)
        crowded = np.flatnonzero(support > bound)
        cut[crowded] = whole.indices[whole.indptr[crowded] + bound]
        squares = np.asarray(whole.multiply(whole).sum(axis=1), dtype=np.float64)
        popular = np.sort(np.argsort(-support, kind="stable")[:HEAD])
        place = np.full(support.size, -1, dtype=np.int32)
        place[popular] = np.arange(popular.size, dtype=np.int32)
        head = _dense_gram(csr_array(whole[popular]))
        return cls(by_user, _first_of_rows(whole, bound), cut, squares, support, head, place)


def _dense_gram(items: csr_array) -> NDArray[np.float32]:
    """Return X'X of X' (n_items, n_users), a few rows at a time."""
    users = csr_array(items.T.tocsr())
    gram = np.empty((items.shape[0], items.shape[0]), dtype=np.float32)
    for start in range(0, len(gram), HEAD_BLOCK):
        gram[start : start + HEAD_BLOCK] = (items[start : start + HEAD_BLOCK] @ users).toarray()
    return gram


def _first_of_rows(matrix: csr_array, bound: int) -> csr_array:
    counts = np.diff(matrix.indptr)
    if counts.max(initial=0) <= bound:
        return matrix
    place = np.arange(matrix.nnz) - np.repeat(matrix.indptr[:-1], counts)
    kept = place < bound
    indptr = np.concatenate(([0], np.cumsum(np.minimum(counts, bound))))
    return csr_array((matrix.data[kept], matrix.indices[kept], indptr), shape=matrix.shape)


@njit(cache=True, nogil=True)
def count_together(
    item: int,
    user_ptr: NDArray, user_items: NDArray, user_values: NDArray,
    item_ptr: NDArray, item_users: NDArray, item_values: NDArray,
    cut: NDArray,
    together: NDArray, touched: NDArray,
) -> int:  # fmt: skip
    """Add the estimated row of the Gram matrix to `together`; return how many were touched.

    `together` (n_items,) must come as zeros and `touched` (n_items + 1,) gets the items that are
    none now.
    """
    size = 0
    scale = user_ptr.size - 1.0
    scale /= cut[item]
    for at in range(item_ptr[item], item_ptr[item + 1]):
        user = item_users[at]
        value = item_values[at] * scale
        for other_at in range(user_ptr[user], user_ptr[user + 1]):
            other = user_items[other_at]
            touched[size] = other  # without a branch: which way it goes cannot be foreseen
            size += together[other] == 0.0
            together[other] += value * user_values[other_at]
    return size


@njit(cache=True, nogil=True)
def nearest(
    item: int,
    k: int,
    together: NDArray,
    touched: NDArray,
    size: int,
    shortness: NDArray,
    scores: NDArray,
    found: NDArray,
) -> int:
    """Put the `k` items most alike into `found`, best first; return how many there are.

    Alike is `together * shortness`; the item's own would change no order and is left out.
    """
    kept = 0
    for at in range(size):
        other = touched[at]
        likeness = together[other] * shortness[other]
        if other != item and (kept < k or likeness >= scores[0]):
            kept = offer(scores[:k], found[:k], kept, likeness, other)
    drain(scores[:k], found[:k], kept)
    return kept


@njit(cache=True, nogil=True)
def local_gram(
    found: NDArray,
    kept: int,
    item_ptr: NDArray, item_users: NDArray, item_values: NDArray,
    cut: NDArray,
    squares: NDArray,
    head_gram: NDArray, head_place: NDArray,
    n_users: int,
    first: NDArray, entry_next: NDArray, entry_place: NDArray, entry_value: NDArray,
    gram: NDArray,
) -> None:  # fmt: skip
    """Fill the upper triangle of `gram` (kept x kept) among the items found.

    Pairs of the head are looked up. For the others, users are lists of the tail items they met,
    built while counting: the work is the pairs that do meet, not all that could. `first`
    (n_users,) comes and goes as -1; the `entry` arrays have room for every tail entry.
    """
    size, crowded = 0, False
    gram[:kept, :kept] = 0.0
    for column in range(kept):
        item = found[column]
        gram[column, column] = squares[item]
        crowded |= cut[item] < n_users
        if head_place[item] >= 0:
            continue
        for at in range(item_ptr[item], item_ptr[item + 1]):
            user, value = item_users[at], item_values[at]
            _meet(
                user, value, column, cut, found, first, entry_next, entry_place, entry_value, gram
            )
            entry_next[size], entry_place[size], entry_value[size] = first[user], column, value
            first[user] = size
            size += 1
    places = head_place[found[:kept]]
    for row in range(kept):
        if places[row] < 0:
            continue
        line = head_gram[places[row]]
        for column in range(row + 1, kept):
            if places[column] >= 0:
                gram[row, column] = line[places[column]]
        if size == 0:
            continue
        item = found[row]
        for at in range(item_ptr[item], item_ptr[item + 1]):
            user, value = item_users[at], item_values[at]
            _meet(user, value, row, cut, found, first, entry_next, entry_place, entry_value, gram)
    for row in range(kept):
        item = found[row]
        if places[row] < 0:
            for at in range(item_ptr[item], item_ptr[item + 1]):
                first[item_users[at]] = -1
        for column in range(row + 1, kept if crowded else 0):
            if places[row] < 0 or places[column] < 0:
                gram[row, column] *= n_users / min(cut[item], cut[found[column]])


@njit(cache=True, nogil=True, inline="always")
def _meet(
    user: int, value: float, column: int, cut: NDArray, found: NDArray,
    first: NDArray, entry_next: NDArray, entry_place: NDArray, entry_value: NDArray,
    gram: NDArray,
) -> None:  # fmt: skip
    """Count one user's meeting of an item with all tail items of theirs listed so far."""
    entry = first[user]
    while entry >= 0:
        row = entry_place[entry]
        if user < cut[found[column]] and user < cut[found[row]]:
            gram[min(row, column), max(row, column)] += entry_value[entry] * value
        entry = entry_next[entry]
