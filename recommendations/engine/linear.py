"""What all models that are one sparse matrix share: score(history) = history @ W."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, csr_array

from recommendations.engine.interactions import Interactions
from recommendations.engine.protocol import NotFittedError


def score_linear(weights: csr_array | None, histories: csr_array) -> csr_array:
    """:raises NotFittedError: when there are no weights yet"""
    if weights is None:
        raise NotFittedError("The model has no weights yet: call fit first.")
    return csr_array(histories.astype(np.float32) @ weights)


def liked(interactions: Interactions) -> csr_array:
    """Return 1 for each item that a user's weight speaks for; how loudly teaches nothing more."""
    matrix = interactions.matrix
    data = (matrix.data > 0).astype(np.float32)
    kept = csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape, copy=True)
    kept.eliminate_zeros()
    return kept


def from_columns(
    neighbours: NDArray[np.int32], weights: NDArray[np.float32], *, n_items: int | None = None
) -> csr_array:
    """Return W (n_items, n_columns) by row, sorted, of (n_columns, k) neighbours padded with -1.

    There are as many items as columns when not said otherwise.
    """
    kept = (neighbours >= 0) & (weights != 0)
    ends = np.concatenate(([0], np.cumsum(kept.sum(axis=1))))
    shape = (n_items or len(neighbours), len(neighbours))
    return csr_array(csc_array((weights[kept], neighbours[kept], ends), shape=shape).tocsr())


def no_weights(n_items: int, n_columns: int) -> csr_array:
    """Return weights that lead nowhere."""
    return csr_array(coo_array((n_items, n_columns), dtype=np.float32))


def scale_columns(weights: csr_array, scale: NDArray) -> csr_array:
    scaled = weights.data * scale.astype(np.float32)[weights.indices]
    return csr_array((scaled, weights.indices, weights.indptr), shape=weights.shape)


def only_columns(matrix: csr_array, columns: NDArray[np.bool_]) -> csr_array:
    """Return a copy with nothing in the other columns."""
    kept = scale_columns(matrix, columns).copy()
    kept.eliminate_zeros()
    return kept


def unpopularity(support: NDArray, power: float) -> NDArray[np.float32]:
    """Return what columns are scaled by so that the popular win less often: support ** -power.

    It is 1 for the item of the average meeting, so that scores keep their size.
    """
    known = np.maximum(support, 1.0)
    usual = np.average(known, weights=known) if known.size else 1.0
    return ((known / usual) ** -power).astype(np.float32)
