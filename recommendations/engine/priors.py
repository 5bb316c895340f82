"""What a newcomer said about themselves, as a history not yet lived.

Chosen genres and artists become small weights on the items that stand for them:

    pseudo-history = worth * mean over the choices of  P(item | choice)

It is added to the real history, so whatever model serves needs to know nothing of it, reasons
still add up (the choice is the source), and it fades by itself as the real history grows. It is
never hidden from the list: nobody has heard it yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, vstack

from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.engine.protocol import NotFittedError
from recommendations.engine.ranking import top_n


class ChoicePrior:
    """Chosen genres and artists; all choices together are worth as much as `worth` items.

    A choice is spread over the `spread` items that stand for it most: the share of an item's tags
    that are the genre (1 for an artist's own items), times its users to the power of `fame`.
    """

    def __init__(self, *, spread: int = 50, fame: float = 0.5, worth: float = 2.0) -> None:
        self.spread = spread
        self.fame = fame
        self.worth = worth

    def fit(self, interactions: Interactions, catalogue: Catalogue) -> Self:
        users = np.bincount(interactions.matrix.indices, minlength=interactions.n_items)
        fame = np.power(users + 1.0, self.fame)
        self.unit_ = _usual_weight(interactions)
        self.genres_ = self._stand_for(_shares(catalogue.tags), fame)  # (n_tags, n_items)
        self.artists_ = self._stand_for(_own_items(catalogue.artist), fame)  # (n_artists, n_items)
        return self

    def histories(self, genres: csr_array, artists: csr_array | None = None) -> csr_array:
        """Return the (n, n_items) pseudo-histories of (n, n_tags) and (n, n_artists) choices.

        :raises NotFittedError: before the first fit
        """
        if not hasattr(self, "genres_"):
            raise NotFittedError("ChoicePrior knows no items yet: call fit first.")
        chosen = csr_array(genres.astype(bool).astype(np.float64) @ self.genres_)
        if artists is not None:
            chosen = csr_array(chosen + artists.astype(bool).astype(np.float64) @ self.artists_)
        return _weighing(chosen, self.worth * self.unit_)

    def to_arrays(self) -> dict[str, NDArray]:
        """Return what an artifact stores."""
        return {
            "unit": np.array(self.unit_),
            **_csr_arrays("genres", self.genres_),
            **_csr_arrays("artists", self.artists_),
        }

    def with_arrays(self, arrays: Mapping[str, NDArray]) -> Self:
        """Take up what `to_arrays` gave, in place of a fit."""
        self.unit_ = float(arrays["unit"])
        self.genres_ = _csr_of("genres", arrays)
        self.artists_ = _csr_of("artists", arrays)
        return self

    def _stand_for(self, belongs: csr_array, fame: NDArray[np.float64]) -> csr_array:
        return _shares(_strongest(csr_array((diags_array(fame) @ belongs).T.tocsr()), self.spread))


def _usual_weight(interactions: Interactions) -> float:
    liked = interactions.matrix.data[interactions.matrix.data > 0]
    return float(liked.mean()) if liked.size else 1.0


def _shares(matrix: csr_array) -> csr_array:
    """Return the rows divided by their sums; empty rows stay empty."""
    totals = np.asarray(matrix.sum(axis=1), dtype=np.float64)
    return csr_array(diags_array(1.0 / np.where(totals > 0, totals, 1.0)) @ matrix)


def _weighing(chosen: csr_array, weight: float) -> csr_array:
    return csr_array(_shares(chosen) * weight).astype(np.float32)


def _strongest(matrix: csr_array, n: int) -> csr_array:
    """Keep the n largest entries of each row."""
    kept = top_n(matrix, n)
    rows = np.repeat(np.arange(kept.shape[0]), (kept >= 0).sum(axis=1))
    columns = kept[kept >= 0]
    chosen = csr_array((np.ones(rows.size), (rows, columns)), shape=matrix.shape)
    return csr_array(matrix.multiply(chosen))


def _csr_arrays(name: str, matrix: csr_array) -> dict[str, NDArray]:
    return {
        f"{name}_data": matrix.data,
        f"{name}_indices": matrix.indices,
        f"{name}_indptr": matrix.indptr,
        f"{name}_shape": np.array(matrix.shape),
    }


def _csr_of(name: str, arrays: Mapping[str, NDArray]) -> csr_array:
    data, indices, indptr, shape = (
        arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr", "shape")
    )
    return csr_array((data, indices, indptr), shape=tuple(shape))


def _one_hot(codes: NDArray[np.int64]) -> csr_array:
    """Return (n_codes, n): 1 where the row's code is the column's."""
    known = np.flatnonzero(codes >= 0)
    shape = (int(codes.max(initial=-1)) + 1, codes.size)
    return csr_array((np.ones(known.size), (codes[known], known)), shape=shape)


def _own_items(artist: NDArray[np.int64]) -> csr_array:
    return csr_array(_one_hot(artist).T)


def _rows(matrix: csr_array, codes: NDArray[np.int64]) -> csr_array:
    """Return the matrix's row of each code, an empty one for a code it does not have."""
    nothing = csr_array((1, matrix.shape[1]))
    known = np.where((codes >= 0) & (codes < matrix.shape[0]), codes, matrix.shape[0])
    return csr_array(csr_array(vstack([matrix, nothing], format="csr"))[known])
