"""A trained model as it serves: rows of W by source, and what ranking must know of each item.

    score(history, j) = sum over sources s, over i in the history, of  history[i] * W_s[i, j]
                        (+ the same sum for a low-rank part, see `LowRank`)

Everything is a plain array, so that `save` and `load` are a list of names, and a loaded model is
a set of read-only memory maps that all processes of a machine share.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from recommendations.engine import artifacts
from recommendations.engine.interactions import Catalogue
from recommendations.engine.lookup import places_of

KIND = "serving"
UNKNOWN = -1  # the code of an artist or a work nobody named


@dataclass(frozen=True)
class Term:
    """One source of scores, such as history, sound or tags: W by row."""

    name: str
    indptr: NDArray[np.int64]  # (n_items + 1,)
    indices: NDArray[np.int32]  # (n_entries,) sorted within a row
    data: NDArray[np.float32]  # (n_entries,)

    @classmethod
    def of(cls, name: str, weights: csr_array, *, row_limit: int | None = None) -> Self:
        """`row_limit` bounds the time a history item costs: its largest weights are kept."""
        weights = weights if row_limit is None else strongest(weights, row_limit)
        weights.sort_indices()
        return cls(
            name,
            weights.indptr.astype(np.int64),
            weights.indices.astype(np.int32),
            weights.data.astype(np.float32),
        )


@dataclass(frozen=True)
class LowRank:
    """Item factors into which a history folds by one small solve (Hu, Koren, Volinsky, 2008).

    With y the factors, c the confidence 1 + alpha * weight of each history item and
    A = gram + sum of (c - 1) y y', the score of j is scale[j] * y_j' inv(A) sum of c y:
    a sum over the history's items, so that reasons add up here too.
    """

    factors: NDArray[np.float32]  # (n_items, n_factors)
    gram: NDArray[np.float32]  # (n_factors, n_factors) y'y plus the regularisation
    scale: NDArray[np.float32]  # (n_items,) its share in the blend, by item
    alpha: float = 1.0

    def folded(self, items: NDArray, weights: NDArray) -> Folded:
        known = self.factors[items].astype(np.float64)
        extra = self.alpha * np.abs(weights.astype(np.float64))
        confidence = np.where(weights > 0, 1 + extra, 0)
        return Folded(self, known, confidence, self.gram + (known.T * extra) @ known)

    def of(self, items: NDArray) -> NDArray[np.float64]:
        """Return (n_items, n_factors): the factors of these, as they count in the blend."""
        return self.scale[items].astype(np.float64)[:, None] * self.factors[items]


@dataclass(frozen=True)
class Folded:
    """A history among the factors: what the scores of other items ask of it."""

    low_rank: LowRank
    known: NDArray[np.float64]  # (n_history, n_factors) y of its items
    confidence: NDArray[np.float64]  # (n_history,) c
    system: NDArray[np.float64]  # (n_factors, n_factors) A

    @property
    def user(self) -> NDArray[np.floating]:
        """The history's own factors: the score of j is `scale[j] * (user @ factors[j])`."""
        return np.linalg.solve(self.system, self.known.T @ self.confidence)

    def scores(self, items: NDArray) -> NDArray[np.float64]:
        return self.low_rank.of(items) @ self.user

    def parts(self, items: NDArray) -> NDArray[np.float64]:
        """Return (n_items, n_history): what each item of the history adds to these scores."""
        towards = np.linalg.solve(self.system, self.low_rank.of(items).T)
        return (towards.T @ self.known.T) * self.confidence


class Scratch(threading.local):
    """Arrays of the catalogue's length, made once a thread and left as found by each use."""

    def __init__(self, n_items: int) -> None:
        self.scores = np.full(n_items, np.nan)
        self.touched = np.empty(n_items + 1, np.int32)  # and room to write past the last
        self.place = np.zeros(n_items, np.int32)


@dataclass(frozen=True)
class ServingModel:
    item_ids: NDArray[np.int64]  # (n_items,) track ids, sorted
    terms: tuple[Term, ...]
    popularity: NDArray[np.float32]  # (n_items,) how many users met it
    popular: NDArray[np.int32]  # the most popular items, best first
    support: NDArray[np.float32]  # (n_items,) 0 to 1: how much of its score is listening
    artist: NDArray[np.int32]  # (n_items,) codes, -1 unknown
    work: NDArray[np.int32]  # (n_items,) codes, -1 unknown
    vectors: NDArray[np.float16]  # (n_items, n_dimensions) of length 1, or 0 where unknown
    levels: NDArray[np.float16]  # (n_items, len(level_names)) -1 to 1 by rank, NaN unknown
    level_names: tuple[str, ...]
    low_rank: LowRank | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    scratch: Scratch = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scratch", Scratch(self.n_items))

    @classmethod
    def build(
        cls,
        item_ids: NDArray[np.int64],
        terms: Iterable[Term],
        *,
        popularity: NDArray,
        catalogue: Catalogue,
        vectors: NDArray,
        support: NDArray | None = None,
        low_rank: LowRank | None = None,
        parameters: Mapping[str, Any] | None = None,
        n_popular: int = 2000,
    ) -> Self:
        """Put together what training found; levels are ranks, so that sliders need no units."""
        raw = np.column_stack([catalogue.features, catalogue.year, popularity])
        return cls(
            item_ids=item_ids.astype(np.int64),
            terms=tuple(terms),
            popularity=popularity.astype(np.float32),
            popular=np.argsort(-popularity, kind="stable")[:n_popular].astype(np.int32),
            support=_support(popularity) if support is None else support.astype(np.float32),
            artist=catalogue.artist.astype(np.int32),
            work=catalogue.work.astype(np.int32),
            vectors=vectors.astype(np.float16),
            levels=rank_levels(raw),
            level_names=(*catalogue.feature_names, "year", "popularity"),
            low_rank=low_rank,
            parameters=dict(parameters or {}),
        )

    @property
    def n_items(self) -> int:
        return self.item_ids.size

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(term.name for term in self.terms)

    def columns(self, item_ids: ArrayLike) -> NDArray[np.int32]:
        """Return the column of each id, -1 for those the model does not know."""
        return places_of(np.asarray(item_ids, dtype=np.int64), self.item_ids).astype(np.int32)

    def with_low_rank(self, low_rank: LowRank | None) -> Self:
        return replace(self, low_rank=low_rank)

    def save(
        self,
        folder: Path,
        *,
        counts: Mapping[str, int] | None = None,
        more: Mapping[str, NDArray] | None = None,
    ) -> artifacts.Manifest:
        """Publish the model's arrays, and `more` that others read.

        :raises FileExistsError: if something is published there already
        """
        return artifacts.publish(
            folder,
            kind=KIND,
            arrays={**(more or {}), **_arrays(self)},
            parameters={
                "sources": list(self.sources),
                "levels": list(self.level_names),
                "alpha": None if self.low_rank is None else self.low_rank.alpha,
                "model": dict(self.parameters),
            },
            counts={"items": self.n_items, **(counts or {})},
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """:raises ArtifactError: if the folder is damaged, of another kind or another format"""
        manifest, arrays = artifacts.open_arrays(folder)
        if manifest.kind != KIND:
            raise artifacts.ArtifactError(f"Model “{folder.name}” is not one that can serve.")
        try:
            return cls(**_fields(manifest.parameters, arrays))
        except KeyError as error:
            raise artifacts.ArtifactError(f"Model “{folder.name}” lacks {error}.") from error


PLAIN = ("item_ids", "popularity", "popular", "support", "artist", "work", "vectors", "levels")
OF_TERM = ("indptr", "indices", "data")
OF_LOW_RANK = ("factors", "gram", "scale")


def _arrays(model: ServingModel) -> dict[str, NDArray]:
    arrays = {name: getattr(model, name) for name in PLAIN}
    for term in model.terms:
        arrays |= {f"{term.name}-{name}": getattr(term, name) for name in OF_TERM}
    if model.low_rank is not None:
        arrays |= {f"low-rank-{name}": getattr(model.low_rank, name) for name in OF_LOW_RANK}
    return arrays


def _fields(parameters: Mapping[str, Any], arrays: Mapping[str, NDArray]) -> dict[str, Any]:
    low_rank = None
    if parameters["alpha"] is not None:
        parts = {name: arrays[f"low-rank-{name}"] for name in OF_LOW_RANK}
        low_rank = LowRank(**parts, alpha=parameters["alpha"])
    return {
        **{name: arrays[name] for name in PLAIN},
        "terms": tuple(
            Term(source, *(arrays[f"{source}-{name}"] for name in OF_TERM))
            for source in parameters["sources"]
        ),
        "level_names": tuple(parameters["levels"]),
        "low_rank": low_rank,
        "parameters": parameters["model"],
    }


def _support(popularity: NDArray, half: float = 10.0) -> NDArray[np.float32]:
    """With `half` users an item stands half on listening."""
    return (popularity / (popularity + half)).astype(np.float32)


def rank_levels(raw: NDArray) -> NDArray[np.float16]:
    """Spread the known values of each column evenly over -1 to 1; equal values stay equal."""
    levels = np.full(raw.shape, np.nan, np.float16)
    for column, values in enumerate(raw.T):
        known = np.flatnonzero(~np.isnan(values))
        levels[known, column] = _spread(values[known])
    return levels


def _spread(values: NDArray) -> NDArray[np.float64]:
    distinct, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    if distinct.size < 2:
        return np.zeros(values.size)
    middle = np.cumsum(counts) - (counts + 1) / 2  # the mean rank of equal values
    return (2 * (middle - middle[0]) / (middle[-1] - middle[0]) - 1)[place]


def strongest(weights: csr_array, limit: int) -> csr_array:
    """Keep the `limit` entries of greatest size in each row; of equals, the first columns."""
    weights = weights.copy()
    weights.sort_indices()
    keep = _strongest(weights.indptr.astype(np.int64), np.abs(weights.data), limit)
    counts = np.add.reduceat(np.append(keep, False), weights.indptr[:-1], dtype=np.int64)
    counts[np.diff(weights.indptr) == 0] = 0
    return csr_array(
        (weights.data[keep], weights.indices[keep], np.concatenate([[0], np.cumsum(counts)])),
        shape=weights.shape,
    )


@njit(cache=True, nogil=True)
def _strongest(indptr: NDArray, sizes: NDArray, limit: int) -> NDArray[np.bool_]:
    keep = np.ones(sizes.size, np.bool_)
    for row in range(indptr.size - 1):
        start, end = indptr[row], indptr[row + 1]
        if end - start > limit:
            order = np.argsort(-sizes[start:end], kind="mergesort")
            keep[start + order[limit:]] = False
    return keep
