"""How good lists and predicted ratings are; one number a user, so that users can be resampled.

A list is a row of `ranked`, (n_users, n) item columns best first, padded with -1. Held-out
weights above 0 are what the user went for: right or wrong, no grades. Users with nothing held
out are NaN, so that `nanmean` leaves them out; users with something held out and an empty list
get 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from recommendations.engine.lookup import places_of

Ranked = NDArray[np.integer]
PerUser = NDArray[np.float64]

ACCURACY = ("precision", "recall", "f1", "ndcg", "map", "mrr", "hit_rate")


def hits(ranked: Ranked, held_out: csr_array) -> NDArray[np.bool_]:
    """Return (n_users, n): whether the item at each place was held out for that user."""
    n_users, n_items = held_out.shape
    rows = np.repeat(np.arange(n_users, dtype=np.int64), np.diff(held_out.indptr))
    right = held_out.data > 0
    held = np.sort(rows[right] * n_items + held_out.indices[right])
    keys = np.arange(n_users, dtype=np.int64)[:, None] * n_items + ranked
    return (places_of(keys, held) >= 0) & (ranked >= 0)


def relevant_counts(held_out: csr_array) -> NDArray[np.int64]:
    positive = csr_array((held_out.data > 0, held_out.indices, held_out.indptr), held_out.shape)
    return positive.sum(axis=1, dtype=np.int64)


def accuracy(ranked: Ranked, held_out: csr_array, *, n: int = 20) -> dict[str, PerUser]:
    """Return every metric of `ACCURACY` at list length `n`, one value a user.

    Precision divides by `n` however short the list; recall by all that was held out; NDCG and
    MAP by what a perfect list of `n` would get.
    """
    hit = hits(ranked[:, :n], held_out)
    relevant = np.where((counts := relevant_counts(held_out)) > 0, counts, np.nan).astype(float)
    found = hit.sum(axis=1) + relevant * 0.0
    possible = np.minimum(relevant, n)
    precision, recall = found / n, found / relevant
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2.0 * found / (n + relevant),
        "ndcg": _discounted(hit) / _best_discounted(possible, n),
        "map": _precision_at_hits(hit) / possible,
        "mrr": _reciprocal_rank(hit) + relevant * 0.0,
        "hit_rate": np.minimum(found, 1.0),
    }


def _discounts(n: int) -> NDArray[np.float64]:
    return 1.0 / np.log2(np.arange(2, n + 2))


def _discounted(hit: NDArray[np.bool_]) -> PerUser:
    return hit @ _discounts(hit.shape[1])


def _best_discounted(possible: PerUser, n: int) -> PerUser:
    best = np.concatenate(([np.nan], np.cumsum(_discounts(n))))
    return best[np.nan_to_num(possible).astype(np.int64)]


def _precision_at_hits(hit: NDArray[np.bool_]) -> PerUser:
    so_far = np.cumsum(hit, axis=1) / np.arange(1, hit.shape[1] + 1)
    return (so_far * hit).sum(axis=1)


def _reciprocal_rank(hit: NDArray[np.bool_]) -> PerUser:
    if hit.shape[1] == 0:
        return np.zeros(hit.shape[0])
    return np.where(hit.any(axis=1), 1.0 / (hit.argmax(axis=1) + 1), 0.0)


def exposure(ranked: Ranked, n_items: int) -> NDArray[np.int64]:
    """Return how often each item stands in a list."""
    return np.bincount(ranked[ranked >= 0], minlength=n_items)


def coverage(ranked: Ranked, n_items: int) -> float:
    """Return the share of the catalogue that stands in at least one list."""
    return float(np.count_nonzero(exposure(ranked, n_items)) / n_items) if n_items else np.nan


def gini(ranked: Ranked, n_items: int) -> float:
    """Return how unevenly the places are shared: 0 all items alike, towards 1 a few have all."""
    shown = np.sort(exposure(ranked, n_items)).astype(float)
    if not shown.sum():
        return np.nan
    steps = 2.0 * np.arange(1, n_items + 1) - n_items - 1
    return float(steps @ shown / (n_items * shown.sum()))


def novelty(ranked: Ranked, item_degrees: NDArray[np.int64], n_users: int) -> PerUser:
    """Return the mean surprise of each list in bits: -log2 of the share of users who met the item.

    One imagined user has met everything, so items nobody met are finite.
    """
    surprise = -np.log2((item_degrees + 1.0) / (n_users + 1.0))
    return _mean_over_list(ranked, surprise)


def popularity_lift(ranked: Ranked, histories: csr_array, item_degrees: NDArray[np.int64]) -> float:
    """Return how many times as popular the lists are as what their users have met already.

    Mean popularity of each list, averaged over users, by that of each history (Abdollahpouri et
    al. 2020). Users without a list or a history are left out; NaN when nobody has both.
    """
    counts = np.diff(histories.indptr)
    met = csr_array((np.ones(histories.nnz), histories.indices, histories.indptr), histories.shape)
    usual = _divide(met @ item_degrees.astype(float), counts)
    shown = _mean_over_list(ranked, item_degrees.astype(float))
    both = ~np.isnan(usual + shown)
    return float(shown[both].mean() / usual[both].mean()) if both.any() else np.nan


def diversity(ranked: Ranked, vectors: csr_array) -> PerUser:
    """Return 1 minus the mean cosine of all pairs in each list; NaN under two items.

    `vectors` is (n_items, any): content, or the users who met each item. An empty row is like
    nothing else. The pairs' sum is the squared length of the list's sum less the items' own.
    """
    squares = np.asarray(vectors.multiply(vectors).sum(axis=1), dtype=float)
    scale = _divide(np.ones_like(squares), np.sqrt(squares), otherwise=0.0)
    unit = csr_array(diags_array(scale) @ vectors)
    chosen = _list_matrix(ranked, vectors.shape[0])
    total = csr_array(chosen @ unit)
    pairs = np.asarray(total.multiply(total).sum(axis=1)) - chosen @ (squares > 0).astype(float)
    size = (ranked >= 0).sum(axis=1).astype(float)
    return 1.0 - _divide(pairs, size * (size - 1.0))


def _list_matrix(ranked: Ranked, n_items: int) -> csr_array:
    shown = ranked >= 0
    indptr = np.concatenate(([0], np.cumsum(shown.sum(axis=1))))
    ones = np.ones(int(indptr[-1]))
    return csr_array((ones, ranked[shown], indptr), shape=(ranked.shape[0], n_items))


def _mean_over_list(ranked: Ranked, values: NDArray[np.float64]) -> PerUser:
    shown = ranked >= 0
    return _divide((values[ranked] * shown).sum(axis=1), shown.sum(axis=1))


def _divide(above: NDArray, below: NDArray, otherwise: float = np.nan) -> NDArray[np.float64]:
    result = np.full(np.shape(above), otherwise)
    return np.divide(above, below, out=result, where=np.asarray(below) > 0)


def mse(predicted: NDArray, actual: NDArray) -> float:
    return float(np.mean((np.asarray(predicted, float) - actual) ** 2))


def rmse(predicted: NDArray, actual: NDArray) -> float:
    return float(np.sqrt(mse(predicted, actual)))


def mae(predicted: NDArray, actual: NDArray) -> float:
    return float(np.mean(np.abs(np.asarray(predicted, float) - actual)))
