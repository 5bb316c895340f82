"""Which interactions a model learns from, and which it is asked for.

Every split keeps all rows and columns on both sides, so a cold user is an empty row of `train`
and a cold item an empty column. What a user has in `train` is never asked for again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array

from recommendations.engine.interactions import Interactions


@dataclass(frozen=True)
class Split:
    train: Interactions
    held_out: csr_array  # (n_users, n_items) weights to be predicted; only those above 0 are right
    method: str  # in words, for whoever reads a figure
    validation: Split | None = None  # cut from `train` in the same way, where that is of use

    @property
    def cold_users(self) -> NDArray[np.bool_]:
        return np.diff(self.train.matrix.indptr) == 0

    @property
    def item_degrees(self) -> NDArray[np.int64]:
        """Return how many users of the training part met each item."""
        return np.bincount(self.train.matrix.indices, minlength=self.train.n_items)


@dataclass(frozen=True)
class Events:
    """Who met what, and when; the same pair may stand there many times."""

    users: NDArray[np.int64]  # (n_events,) row codes into user_ids
    items: NDArray[np.int64]  # (n_events,) column codes into item_ids
    weights: NDArray[np.float32]
    times: NDArray[np.float64]  # any clock that grows, such as Unix seconds
    user_ids: NDArray
    item_ids: NDArray

    @classmethod
    def from_columns(
        cls,
        users: ArrayLike,
        items: ArrayLike,
        weights: ArrayLike | None = None,
        times: ArrayLike | None = None,
    ) -> Self:
        """Number the users and items; weights are 1 and times the order given when left out."""
        user_ids, rows = np.unique(np.asarray(users), return_inverse=True)
        item_ids, columns = np.unique(np.asarray(items), return_inverse=True)
        size = rows.size
        return cls(
            rows.astype(np.int64),
            columns.astype(np.int64),
            np.asarray(np.ones(size) if weights is None else weights, dtype=np.float32),
            np.asarray(np.arange(size) if times is None else times, dtype=np.float64),
            user_ids,
            item_ids,
        )

    def where(self, mask: NDArray[np.bool_]) -> Events:
        """Keep some events, and every row and column."""
        return replace(
            self,
            users=self.users[mask],
            items=self.items[mask],
            weights=self.weights[mask],
            times=self.times[mask],
        )

    def before(self, moment: float) -> Events:
        return self.where(self.times < moment)

    def moment_leaving(self, share: float) -> float:
        """Return the moment from which on about this share of the events happened."""
        return float(np.quantile(self.times, 1.0 - share))

    def interactions(self) -> Interactions:
        shape = (self.user_ids.size, self.item_ids.size)
        matrix = csr_array(coo_array((self.weights, (self.users, self.items)), shape=shape))
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return Interactions(matrix, self.user_ids, self.item_ids)


def by_time(events: Events, *, share: float = 0.2, moment: float | None = None) -> Split:
    """Cut all users' events at one moment, as when a model of that day is asked for what followed.

    A validation split of the same kind: `by_time(events.before(moment))`.
    """
    moment = events.moment_leaving(share) if moment is None else moment
    later = events.times >= moment
    return _split_events(events, later, f"by time, the last {share:.0%} of events held out")


def leave_last_out(events: Events, *, n: int = 1) -> Split:
    """Hold out each user's `n` items met first most recently; users keep at least one item."""
    pairs = _first_meetings(events)
    order = np.lexsort((pairs.times, pairs.users))
    counts = np.bincount(pairs.users, minlength=pairs.user_ids.size)
    held_counts = np.minimum(n, np.maximum(counts - 1, 0))
    ends = np.cumsum(counts)
    from_the_end = ends[pairs.users[order]] - 1 - np.arange(order.size)
    held = np.zeros(order.size, dtype=bool)
    held[order] = from_the_end < held_counts[pairs.users[order]]
    n_items = pairs.item_ids.size
    keys = pairs.users[held] * n_items + pairs.items[held]
    last = np.isin(events.users * n_items + events.items, keys)
    return _split_events(events, last, f"the last {n} of each user held out")


def by_user(interactions: Interactions, *, share: float = 0.2, rng: np.random.Generator) -> Split:
    """Hold out a random share of each user's items: at least one of two, none of one."""
    matrix = interactions.matrix
    counts = np.diff(matrix.indptr)
    held_counts = np.where(counts < 2, 0, np.maximum(1, np.rint(share * counts)))
    held_counts = np.minimum(held_counts, np.maximum(counts - 1, 0))
    held = _random_ranks(matrix, rng) < np.repeat(held_counts, counts)
    return _split_entries(interactions, held, f"{share:.0%} of each user's items held out")


def by_whole_user(
    interactions: Interactions, *, share: float = 0.2, given: int = 1, rng: np.random.Generator
) -> tuple[Split, csr_array]:
    """Hold out whole users, as newcomers the model has never seen.

    Return the split (whose held-out part is all but the `given` heaviest items of each newcomer)
    and the (n_users, n_items) histories made of the given ones, empty for everyone else.
    """
    matrix = interactions.matrix
    counts = np.diff(matrix.indptr)
    newcomers = rng.random(counts.size) < share
    newcomer_entries = np.repeat(newcomers & (counts > given), counts)
    shown = newcomer_entries & (_weight_ranks(matrix) < given)
    known = replace(interactions, matrix=keep_entries(matrix, ~np.repeat(newcomers, counts)))
    held_out = keep_entries(matrix, newcomer_entries & ~shown)
    method = f"{share:.0%} of the users held out, {given} of their items given"
    return Split(known, held_out, method), keep_entries(matrix, shown)


def k_folds(interactions: Interactions, *, k: int = 5, rng: np.random.Generator) -> Iterator[Split]:
    """Hold out each interaction once, in `k` parts of equal size drawn over all users alike."""
    fold = rng.permutation(interactions.matrix.nnz) % k
    for part in range(k):
        yield _split_entries(interactions, fold == part, f"fold {part + 1} of {k}")


def _split_events(events: Events, held: NDArray[np.bool_], method: str) -> Split:
    train = events.where(~held).interactions()
    asked = events.where(held).interactions().matrix
    heard = train.matrix.astype(bool).astype(asked.dtype)
    held_out = csr_array(asked - asked * heard)
    held_out.eliminate_zeros()
    held_out.sort_indices()
    return Split(train, held_out, method)


def _split_entries(interactions: Interactions, held: NDArray[np.bool_], method: str) -> Split:
    matrix = interactions.matrix
    train = replace(interactions, matrix=keep_entries(matrix, ~held))
    return Split(train, keep_entries(matrix, held), method)


def keep_entries(matrix: csr_array, mask: NDArray[np.bool_]) -> csr_array:
    """Return the matrix with only the stored entries of the mask, rows and order kept."""
    kept_before = np.concatenate(([0], np.cumsum(mask)))
    indptr = kept_before[matrix.indptr].astype(matrix.indptr.dtype)
    return csr_array((matrix.data[mask], matrix.indices[mask], indptr), shape=matrix.shape)


def _random_ranks(matrix: csr_array, rng: np.random.Generator) -> NDArray[np.int64]:
    return _ranks_within_rows(matrix, rng.random(matrix.nnz))


def _weight_ranks(matrix: csr_array) -> NDArray[np.int64]:
    return _ranks_within_rows(matrix, -matrix.data)


def _ranks_within_rows(matrix: csr_array, keys: NDArray) -> NDArray[np.int64]:
    """Return the place, from 0, of each stored entry in its row when the row is sorted by key."""
    counts = np.diff(matrix.indptr)
    rows = np.repeat(np.arange(counts.size), counts)
    order = np.lexsort((keys, rows))
    ranks = np.empty(matrix.nnz, dtype=np.int64)
    ranks[order] = np.arange(matrix.nnz) - np.repeat(matrix.indptr[:-1], counts)
    return ranks


def _first_meetings(events: Events) -> Events:
    """Keep the earliest event of each pair."""
    order = np.argsort(events.times, kind="stable")
    keys = events.users[order] * events.item_ids.size + events.items[order]
    first = np.unique(keys, return_index=True)[1]
    mask = np.zeros(order.size, dtype=bool)
    mask[order[first]] = True
    return events.where(mask)
