"""What a person would rate each item: biased matrix factorisation.

Koren, Bell and Volinsky, "Matrix Factorization Techniques for Recommender Systems" (2009):

    rating(u, i) = mean + bias(i) + bias(u) + factors(u) . factors(i)

fitted by alternating ridge regressions. The user's side is one small ridge regression on the
items rated, so it is not stored: a person is folded in from their own ratings when asked for,
whether or not they were there in training, and the model holds no person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.interactions import Interactions
from recommendations.engine.protocol import NotFittedError


class BiasedMF:
    """Expected ratings; the weights of the interactions are the ratings.

    `reg_bias` and `reg_factors` are how many ratings' worth of doubt stand against a bias and a
    factor: few ratings, and the answer stays near the mean.
    """

    def __init__(
        self,
        *,
        factors: int = 8,
        reg_bias: float = 2.0,
        reg_factors: float = 8.0,
        epochs: int = 20,
        scale: tuple[float, float] = (1.0, 5.0),
        seed: int = 0,
    ) -> None:
        self.factors = factors
        self.reg_bias = reg_bias
        self.reg_factors = reg_factors
        self.epochs = epochs
        self.scale = scale
        self.seed = seed

    def fit(self, interactions: Interactions) -> Self:
        ratings = interactions.matrix.astype(np.float64)
        by_item = csr_array(ratings.T)
        self.mean_ = float(ratings.data.mean()) if ratings.nnz else float(np.mean(self.scale))
        rng = np.random.default_rng(self.seed)
        items = rng.normal(0.0, 0.1, (ratings.shape[1], self.factors + 1))
        items[:, 0] = 0.0
        for _ in range(self.epochs):
            users = self._solve(ratings, items)
            items = self._solve(by_item, users)
        self.items_ = items  # (n_items, 1 + factors): bias, then factors
        self.support_ = np.diff(by_item.indptr).astype(np.int64)  # (n_items,) ratings learnt from
        return self

    def to_arrays(self) -> dict[str, NDArray]:
        """Return what an artifact stores; nothing in it is a person's.

        :raises NotFittedError: before the first fit
        """
        return {
            "items": self._fitted(),
            "support": self.support_,
            "mean": np.array(self.mean_),
            "doubt": np.array([self.reg_bias, self.reg_factors]),
        }

    def with_arrays(self, arrays: Mapping[str, NDArray]) -> Self:
        """Take up what `to_arrays` gave, in place of a fit."""
        self.items_ = arrays["items"]
        self.support_ = arrays["support"]
        self.mean_ = float(arrays["mean"])
        self.reg_bias, self.reg_factors = arrays["doubt"].tolist()
        return self

    def fold_in(self, ratings: csr_array) -> NDArray[np.float64]:
        """Return (n, 1 + factors): the bias and factors of whoever gave each row of ratings."""
        return self._solve(ratings.astype(np.float64), self._fitted())

    def predict(
        self, ratings: csr_array, items: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """Return the (n, len(items)) expected ratings, all items when none are named.

        Without ratings of their own a person gets the mean of each item.

        :raises NotFittedError: before the first fit
        """
        wanted = self._fitted() if items is None else self._fitted()[items]
        users = self.fold_in(ratings)
        expected = self.mean_ + wanted[:, 0] + users[:, :1] + users[:, 1:] @ wanted[:, 1:].T
        return np.clip(expected, *self.scale)

    def predict_pairs(self, ratings: csr_array, wanted: csr_array) -> NDArray[np.float64]:
        """Return the expected rating of each stored entry of `wanted`, in its order."""
        rows = np.repeat(np.arange(wanted.shape[0]), np.diff(wanted.indptr))
        users, items = self.fold_in(ratings)[rows], self._fitted()[wanted.indices]
        expected = self.mean_ + users[:, 0] + items[:, 0]
        expected += np.einsum("ij,ij->i", users[:, 1:], items[:, 1:])
        return np.clip(expected, *self.scale)

    def _solve(self, ratings: csr_array, others: NDArray[np.float64]) -> NDArray[np.float64]:
        doubt = np.full(others.shape[1], self.reg_factors)
        doubt[0] = self.reg_bias
        return _ridge_rows(
            ratings.indptr, ratings.indices, ratings.data - self.mean_, others, doubt
        )

    def _fitted(self) -> NDArray[np.float64]:
        if not hasattr(self, "items_"):
            raise NotFittedError("Call fit before asking for ratings.")
        return self.items_


@njit(cache=True, nogil=True)
def _ridge_rows(
    indptr: NDArray, indices: NDArray, centred: NDArray, others: NDArray, doubt: NDArray
) -> NDArray[np.float64]:
    """Solve one ridge regression a row: rating - bias(other) on (1, factors(other))."""
    n_rows, width = indptr.size - 1, others.shape[1]
    solved = np.zeros((n_rows, width))
    for row in range(n_rows):
        start, end = indptr[row], indptr[row + 1]
        if start == end:
            continue
        features = others[indices[start:end]]
        target = centred[start:end] - features[:, 0]
        features[:, 0] = 1.0
        gram = features.T @ features
        for k in range(width):
            gram[k, k] += doubt[k]
        solved[row] = np.linalg.solve(gram, features.T @ target)
    return solved
