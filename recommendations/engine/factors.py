"""iALS (Hu, Koren and Volinsky 2008, https://doi.org/10.1109/ICDM.2008.22), solved exactly:
the factors that Segue adds to its ridge. (`ials.py` is the peer, trained by `implicit`.)

Each round solves all users, then all items. With Y the factors of the m things a row met, A the
Gram matrix of all factors + regularization * I, and confidence 1 + alpha in what was met,

    x = (A + alpha Y'Y)^-1 (1 + alpha) Y'1                   as it stands, where m is large
      = (1 + alpha) Z' (I + alpha Y Z')^-1 1,  Z = Y A^-1    the same, where m is small,

so that the long tail, most rows of any catalogue, costs next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from threadpoolctl import threadpool_limits

from recommendations.engine.model import LowRank
from recommendations.engine.parallel import Progress, map_blocks, tell
from recommendations.engine.solve import backward, cholesky, forward

BLOCK = 256  # rows a thread takes at a time, or more, for
BLOCKS = 64  # blocks at most


@dataclass(frozen=True)
class Setting:
    factors: int = 32
    alpha: float = 10.0
    regularization: float = 10.0
    rounds: int = 5


def train(
    matrix: csr_array,
    setting: Setting,
    *,
    seed: int = 0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> LowRank:
    """Return item factors for a matrix of ones (n_users, n_items).

    `progress` is told the share done after each round; what it raises stops the training.
    """
    by_item = csr_array(matrix.T.tocsr())
    with threadpool_limits(1):  # or the last bits would depend on the machine's cores
        items = _leading_directions(matrix, setting.factors, np.random.default_rng(seed))
        for done in range(1, setting.rounds + 1):
            users = _solved(matrix, items, setting, workers)
            items = _solved(by_item, users, setting, workers)
            tell(progress, done, setting.rounds)
        gram = _gram(items, setting.regularization)
    return LowRank(items, gram, np.ones(len(items), np.float32), setting.alpha)


def _leading_directions(
    matrix: csr_array, n_factors: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return (n_items, n_factors) to start from: five rounds then do what ten do from chance.

    They span the leading singular directions of the matrix divided by the roots of its degrees,
    by subspace iteration (Halko, Martinsson, Tropp 2011, https://doi.org/10.1137/090771806).
    """
    lengths = [
        np.maximum(np.bincount(at, minlength=size), 1) ** -0.5
        for at, size in (
            (np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.shape[0]),
            (matrix.indices, matrix.shape[1]),
        )
    ]
    even = (diags_array(lengths[0]) @ matrix @ diags_array(lengths[1])).astype(np.float32)
    users = rng.normal(size=(matrix.shape[0], n_factors)).astype(np.float32)
    for _ in range(2):
        users, _ = np.linalg.qr(even @ (even.T @ users))
    items = np.zeros((matrix.shape[1], n_factors), np.float32)
    items[:, : users.shape[1]] = even.T @ users
    return items


def _gram(factors: NDArray[np.float32], regularization: float) -> NDArray[np.float32]:
    gram = factors.T @ factors
    gram[np.diag_indices_from(gram)] += np.float32(regularization)
    return gram


def _solved(
    matrix: csr_array, factors: NDArray[np.float32], setting: Setting, workers: int | None
) -> NDArray[np.float32]:
    """Return the factors of the matrix's rows, given those of its columns."""
    gram = _gram(factors, setting.regularization)
    through = factors @ np.linalg.inv(gram.astype(np.float64)).astype(np.float32)
    found = np.zeros((matrix.shape[0], setting.factors), np.float32)
    block = max(BLOCK, -(-len(found) // BLOCKS))

    def solve(start: int) -> None:
        _solve_rows(
            matrix.indptr[start : start + block + 1], matrix.indices,
            factors, through, gram, setting.alpha, found[start : start + block],
        )  # fmt: skip

    map_blocks(solve, range(0, len(found), block), workers=workers)
    return found


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc"})
def _solve_rows(
    indptr: NDArray, indices: NDArray,
    factors: NDArray, through: NDArray, gram: NDArray, alpha: float, found: NDArray,
) -> None:  # fmt: skip
    extra, size = np.float32(alpha), factors.shape[1]
    confidence = np.float32(1.0) + extra
    for row in range(len(found)):
        met = indices[indptr[row] : indptr[row + 1]]
        if met.size == 1:  # half of all tracks, often: no matrix is worth making
            nearness = np.dot(factors[met[0]], through[met[0]])
            found[row] = confidence / (np.float32(1.0) + extra * nearness) * through[met[0]]
        elif met.size >= size:
            known = factors[met]
            system = gram + extra * np.dot(known.T, known)
            _solve(system, confidence * known.sum(axis=0), found[row])
        elif met.size > 1:
            known, short = factors[met], through[met]
            system = extra * np.dot(known, short.T) + np.eye(met.size, dtype=np.float32)
            shares = np.empty(met.size, np.float32)
            _solve(system, np.full(met.size, confidence), shares)
            found[row] = np.dot(shares, short)


@njit(cache=True, nogil=True)
def _solve(system: NDArray, right: NDArray, out: NDArray) -> None:
    upper, middle = cholesky(system), np.empty_like(right)
    forward(upper, right, right.size, middle)
    backward(upper, middle, right.size, out)
