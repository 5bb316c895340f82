"""Ridge regressions of a few hundred unknowns, many a second, on one thread each."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

LIFT = 1e-3  # of the diagonal: the least a pivot may be


@njit(cache=True, nogil=True)
def cholesky(matrix: NDArray) -> NDArray:
    """Return U with U'U = `matrix`, symmetric, of which the upper triangle counts.

    The leading k x k block of U is the factor of the leading block, for every k.
    """
    try:
        return np.linalg.cholesky(matrix.T).T
    except Exception:  # compiled code knows no narrower one
        return lifted(matrix)


@njit(cache=True, nogil=True)
def lifted(matrix: NDArray) -> NDArray:
    """Return the factor of what rounding, or an estimated Gram matrix, made indefinite: a pivot
    smaller than a share of its diagonal is lifted to it.
    """
    upper = matrix.copy()
    for pivot in range(len(matrix)):
        row = upper[pivot, pivot:]
        row[0] = max(row[0], np.float32(LIFT) * matrix[pivot, pivot])
        row /= np.sqrt(row[0])
        for below in range(1, row.size):
            upper[pivot + below, pivot + below :] -= row[below] * row[below:]
    return upper


@njit(cache=True, nogil=True, fastmath={"contract"})
def forward(upper: NDArray, right: NDArray, size: int, out: NDArray) -> None:
    """Solve U'z = right; z for a leading block is the leading part of z."""
    out[:size] = right[:size]
    for pivot in range(size):
        row = upper[pivot]
        out[pivot] /= row[pivot]
        value = out[pivot]
        for column in range(pivot + 1, size):
            out[column] -= value * row[column]


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc"})
def backward(upper: NDArray, middle: NDArray, size: int, out: NDArray) -> None:
    """Solve Ux = middle."""
    for pivot in range(size - 1, -1, -1):
        row = upper[pivot]
        total = middle[pivot]
        for column in range(pivot + 1, size):
            total -= row[column] * out[column]
        out[pivot] = total / row[pivot]
