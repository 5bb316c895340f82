"""EASE (Steck 2019, https://arxiv.org/abs/1905.03375): each item from all others, in closed form.

W = -P / diag(P), P = (X'X + Lambda)^-1, with the diagonal zero; Lambda as in `ridge`.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack
from scipy.sparse import csr_array

from recommendations.engine.interactions import Interactions
from recommendations.engine.linear import liked, score_linear, unpopularity

MEMORY = Path("/proc/meminfo")
SHARE_OF_MEMORY = 1 / 3
BYTES_A_CELL = 16
BLOCK = 1024  # rows mirrored at once


class CatalogueTooLargeError(ValueError):
    """The dense matrix would not fit: use the neighbourhood ridge instead."""


class EASE:
    """Memory grows with the square of the catalogue: 16 bytes a cell, 1.6 GB for 10,000 items.

    It takes no catalogue for which a third of the free memory is too little, nor one of more than
    `max_items`, on which it would be at work for hours.
    """

    weights_: csr_array | None = None  # (n_items, n_items), zero diagonal, otherwise full

    def __init__(
        self,
        *,
        regularization: float = 200.0,
        dropout: float = 0.0,
        popularity_power: float = 0.0,
        max_items: int = 20_000,
    ) -> None:
        self.regularization = regularization
        self.dropout = dropout
        self.popularity_power = popularity_power
        self.max_items = max_items

    def fit(self, interactions: Interactions) -> Self:
        """:raises CatalogueTooLargeError: above `max_items`, or where memory is short"""
        _refuse_too_large(interactions.n_items, self.max_items)
        heard = liked(interactions)
        gram = (heard.T @ heard).toarray()
        diagonal = np.diag_indices_from(gram)
        support = gram[diagonal].copy()
        gram[diagonal] += self.regularization + self.dropout * support
        weights = _inverse(gram)
        weights /= -np.diag(weights).copy()  # divides each column
        weights[diagonal] = 0.0
        weights *= unpopularity(support, self.popularity_power)
        self.weights_ = _as_sparse(weights)
        return self

    def score(self, histories: csr_array) -> csr_array:
        return score_linear(self.weights_, histories)


def _refuse_too_large(n_items: int, most: int) -> None:
    if n_items > most:
        raise CatalogueTooLargeError(f"{n_items} items; EASE takes up to {most}.")
    needed, allowed = BYTES_A_CELL * n_items**2, available_memory() * SHARE_OF_MEMORY
    if needed > allowed:
        raise CatalogueTooLargeError(
            f"{n_items} items need {needed / 1e9:.1f} GB; EASE takes up to a third of the memory "
            f"that is free, {allowed / 1e9:.1f} GB."
        )


def available_memory() -> float:
    """Return bytes; without end where the system does not say."""
    try:
        lines = MEMORY.read_text().splitlines()
    except OSError:
        return math.inf
    found = (int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    return next(found, math.inf)


def _inverse(positive: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the inverse by Cholesky, a third of the work of a general one, in the same memory."""
    if not positive.size:
        return positive
    factor, failed = lapack.spotrf(positive.T, lower=1, overwrite_a=1)
    if failed:
        raise np.linalg.LinAlgError("The Gram matrix is not positive definite: regularize more.")
    lower = lapack.spotri(factor, lower=1, overwrite_c=1)[0]
    for start in range(0, len(lower), BLOCK):
        end = start + BLOCK
        corner = np.tril(lower[start:end, start:end])
        lower[start:end, start:end] = corner + np.tril(corner, -1).T
        lower[start:end, end:] = lower[end:, start:end].T
    return lower.T  # symmetric; by row, as what comes next reads it


def _as_sparse(full: NDArray[np.float32]) -> csr_array:
    n_rows, n_columns = full.shape
    columns = np.tile(np.arange(n_columns, dtype=np.int32), n_rows)
    ends = np.arange(n_rows + 1, dtype=np.int32) * n_columns
    return csr_array((full.ravel(), columns, ends), shape=full.shape)
