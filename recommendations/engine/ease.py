"""EASE (Steck 2019, https://arxiv.org/abs/1905.03375): each item from all others, in closed form.

W = -P / diag(P), P = (X'X + Lambda)^-1, with the diagonal zero; Lambda as in `ridge`.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack
from scipy.sparse import csr_array

from recommendations.engine.interactions import Interactions
from recommendations.engine.linear import liked, score_linear, unpopularity


class CatalogueTooLargeError(ValueError):
    """The dense matrix would not fit: use the neighbourhood ridge instead."""


class EASE:
    """Memory grows with the square of the catalogue: 16 bytes a cell, 1.6 GB for 10,000 items."""

    weights_: csr_array | None = None  # (n_items, n_items), zero diagonal, otherwise full

    def __init__(
        self,
        *,
        regularization: float = 200.0,
        dropout: float = 0.0,
        popularity_power: float = 0.0,
        max_items: int = 10_000,
    ) -> None:
        self.regularization = regularization
        self.dropout = dropout
        self.popularity_power = popularity_power
        self.max_items = max_items

    def fit(self, interactions: Interactions) -> Self:
        """:raises CatalogueTooLargeError: above `max_items`"""
        if interactions.n_items > self.max_items:
            raise CatalogueTooLargeError(
                f"{interactions.n_items} items; EASE takes up to {self.max_items}."
            )
        heard = liked(interactions)
        gram = (heard.T @ heard).toarray()
        diagonal = np.diag_indices_from(gram)
        support = gram[diagonal].copy()
        gram[diagonal] += self.regularization + self.dropout * support
        inverse = _inverse(gram)
        weights = -inverse / np.diag(inverse)  # divides each column
        weights[diagonal] = 0.0
        weights *= unpopularity(support, self.popularity_power)
        self.weights_ = csr_array(weights.astype(np.float32))
        return self

    def score(self, histories: csr_array) -> csr_array:
        return score_linear(self.weights_, histories)


def _inverse(positive: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the inverse by Cholesky, a third of the work of a general one."""
    if not positive.size:
        return positive
    factor, failed = lapack.spotrf(positive, lower=1, overwrite_a=1)
    if failed:
        raise np.linalg.LinAlgError("The Gram matrix is not positive definite: regularize more.")
    lower = np.tril(lapack.spotri(factor, lower=1, overwrite_c=1)[0])
    return lower + np.tril(lower, -1).T
