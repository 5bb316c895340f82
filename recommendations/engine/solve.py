"""Ridge regressions of a few hundred unknowns, many a second, on one thread each."""

from __future__ import annotations

from numba import njit
from numpy.typing import NDArray

PANEL = 4  # rows eliminated at once: each row below is then read once for four


@njit(cache=True, nogil=True, fastmath={"contract"})
def factorise(upper: NDArray, size: int, lowest: NDArray) -> None:
    """Replace the upper triangle of A, positive definite, by U with U'U = A, in place.

    The leading k x k block of U is the factor of the leading block of A, for every k. A pivot
    that rounding (or an estimated Gram matrix) made smaller than `lowest` (size,) is lifted.
    """
    for start in range(0, size, PANEL):
        end = min(start + PANEL, size)
        for pivot in range(start, end):
            _divide_row(upper[pivot], pivot, size, lowest[pivot])
            for below in range(pivot + 1, end):
                _subtract_row(upper[below], upper[pivot], below, size)
        if end - start == PANEL:
            for below in range(end, size):
                _subtract_panel(upper, start, below, size)


@njit(cache=True, nogil=True, fastmath={"contract"})
def _divide_row(row: NDArray, pivot: int, size: int, lowest: float) -> None:
    root = max(row[pivot], lowest) ** 0.5
    row[pivot] = root
    for column in range(pivot + 1, size):
        row[column] /= root


@njit(cache=True, nogil=True, fastmath={"contract"})
def _subtract_row(target: NDArray, row: NDArray, below: int, size: int) -> None:
    times = row[below]
    for column in range(below, size):
        target[column] -= times * row[column]


@njit(cache=True, nogil=True, fastmath={"contract"})
def _subtract_panel(upper: NDArray, start: int, below: int, size: int) -> None:
    target = upper[below]
    a, b, c, d = upper[start], upper[start + 1], upper[start + 2], upper[start + 3]
    times_a, times_b, times_c, times_d = a[below], b[below], c[below], d[below]
    for column in range(below, size):
        target[column] -= (
            times_a * a[column] + times_b * b[column] + times_c * c[column] + times_d * d[column]
        )


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


@njit(cache=True, nogil=True)
def backward(upper: NDArray, middle: NDArray, size: int, out: NDArray) -> None:
    """Solve Ux = middle."""
    for pivot in range(size - 1, -1, -1):
        row = upper[pivot]
        total = middle[pivot]
        for column in range(pivot + 1, size):
            total -= row[column] * out[column]
        out[pivot] = total / row[pivot]
