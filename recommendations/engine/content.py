"""Content: tracks that sound alike, or share tags, artist or years; needs no listening at all.

    sound(i, j) = known(i, j) * (1 + d(i, j)^2 / width^2) ** -sharpness
    tags(i, j)  = genres * cosine of TF-IDF rows + artist * [same artist] + year * nearness
    W(i, j)     = sound_share * sound(i, j) + tags(i, j), for the K greatest i of each j

d is the distance over the features known of both, scaled by median and interquartile range and
clipped; known is the share of features known of both, so that a track of which little is known
claims little. Nothing unknown is filled in: a track without tags has no nearness by tags.

Exact up to `exact_up_to` items, in blocks. Above, items are put into cells by K-Means on their
vectors, and neighbours are sought in the nearest cells and among the tracks of the same artists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.engine.linear import no_weights, score_linear
from recommendations.engine.parallel import Progress, tell
from recommendations.engine.protocol import NotFittedError
from recommendations.engine.ranking.top import drain, offer

BLOCK = 256  # columns compared at once
CLIP = 3.0  # scaled features are kept within
YEARS = 5.0  # years apart at which nearness is gone


class Content:
    """`progress` is told the share of the tracks compared; what it raises stops the fit."""

    weights_: csr_array | None = None  # (n_items, n_items), the sum of
    sources_: dict[str, csr_array] | None = None  # "sound" and "tags", each (n_items, n_items)

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        k: int = 100,
        sound_share: float = 0.3,
        sharpness: float = 3.0,
        width: float = 2.0,
        genres: float = 1.0,
        artist: float = 1.0,
        year: float = 0.2,
        exact_up_to: int = 40_000,
        probes: int = 6,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.k = k
        self.sound_share = sound_share
        self.sharpness = sharpness
        self.width = width
        self.genres = genres
        self.artist = artist
        self.year = year
        self.exact_up_to = exact_up_to
        self.probes = probes
        self.seed = seed
        self.progress = progress

    def fit(self, interactions: Interactions) -> Self:
        """Compare the tracks; of the interactions only the columns matter.

        :raises ValueError: if they are not those of the catalogue
        """
        if interactions.n_items != self.catalogue.n_items:
            raise ValueError(
                f"{interactions.n_items} items met, {self.catalogue.n_items} in the catalogue"
            )
        sound = Sound.of(self.catalogue.features, self.width, self.sharpness, self.sound_share)
        marks = marked(self.catalogue, self.genres, self.artist, self.year)
        neighbours, compared = [], 0
        for targets, candidates in self._cells():
            neighbours.append(self._nearest(sound, marks, targets, candidates))
            compared += targets.size
            tell(self.progress, compared, self.catalogue.n_items)
        self.sources_ = {
            name: _matrix(self.catalogue.n_items, neighbours, which)
            for name, which in (("sound", 2), ("tags", 3))
        }
        self.weights_ = csr_array(self.sources_["sound"] + self.sources_["tags"])
        return self

    def score(self, histories: csr_array) -> csr_array:
        if self.weights_ is None:
            raise NotFittedError("Content has compared no tracks yet: call fit first.")
        return score_linear(self.weights_, histories)

    def _cells(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield items, and the items to seek their neighbours among."""
        n_items = self.catalogue.n_items
        if n_items <= self.exact_up_to:
            everything = np.arange(n_items)
            for start in range(0, n_items, BLOCK):
                yield everything[start : start + BLOCK], everything
            return
        points = vectors(self.catalogue, seed=self.seed)
        by_artist = ByArtist.of(self.catalogue.artist)
        for members, candidates in nearest_cells(points, self.probes, self.seed):
            yield members, np.union1d(candidates, by_artist.items_beside(members))

    def _nearest(
        self, sound: Sound, marks: csr_array, targets: NDArray, candidates: NDArray
    ) -> tuple[NDArray, NDArray, NDArray, NDArray]:
        """Return rows, columns and both kinds of nearness of the K nearest of each target."""
        by_sound = sound.nearness(candidates, targets)
        by_tags = (marks[candidates] @ marks[targets].T.toarray()).astype(np.float32)
        chosen = _strongest(by_sound, by_tags, candidates, targets, self.k)
        kept = chosen >= 0
        columns = np.broadcast_to(np.arange(targets.size), chosen.shape)[kept]
        rows = chosen[kept]
        return candidates[rows], targets[columns], by_sound[rows, columns], by_tags[rows, columns]


@dataclass(frozen=True)
class Sound:
    scaled: NDArray[np.float32]  # (n_items, n_features), 0 where unknown
    known: NDArray[np.float32]  # (n_items, n_features), 1 or 0
    width: float
    sharpness: float
    share: float

    @classmethod
    def of(cls, features: NDArray, width: float, sharpness: float, share: float) -> Self:
        scaled = robust_scaled(features)
        known = ~np.isnan(scaled)
        return cls(np.where(known, scaled, 0), known.astype(np.float32), width, sharpness, share)

    def nearness(self, rows: NDArray, columns: NDArray) -> NDArray[np.float32]:
        """Return (len(rows), len(columns)); the distance is over what is known of both."""
        a, b, seen, known = self.scaled[rows], self.scaled[columns], self.known[rows], self.known
        both = seen @ known[columns].T
        squares = (a * a) @ known[columns].T + seen @ (b * b).T - 2 * (a @ b.T)
        mean = np.maximum(squares, 0) / np.maximum(both, 1) * self.scaled.shape[1]
        falling = (1 + mean / np.float32(self.width**2)) ** np.float32(-self.sharpness)
        return (self.share / max(1, self.scaled.shape[1])) * both * falling


@dataclass(frozen=True)
class ByArtist:
    """So that a cell may hold one of an artist's tracks and still find the others."""

    artist: NDArray[np.int64]
    order: NDArray[np.int64]  # items by artist
    sorted: NDArray[np.int64]  # their artists

    @classmethod
    def of(cls, artist: NDArray[np.int64]) -> Self:
        order = np.argsort(artist, kind="stable")
        return cls(artist, order, artist[order])

    def items_beside(self, members: NDArray[np.int64]) -> NDArray[np.int64]:
        artists = np.unique(self.artist[members])
        artists = artists[artists >= 0]
        starts = np.searchsorted(self.sorted, artists, "left")
        ends = np.searchsorted(self.sorted, artists, "right")
        runs = [self.order[start:end] for start, end in zip(starts, ends, strict=True)]
        return np.concatenate([members, *runs])


def robust_scaled(features: NDArray) -> NDArray[np.float32]:
    """Subtract the median and divide by the interquartile range (of what is known), and clip.

    A feature without spread says nothing and is 0; the unknown stays NaN.
    """
    scaled = np.full(features.shape, np.nan, np.float32)
    for column, values in enumerate(features.T.astype(np.float64)):
        known = ~np.isnan(values)
        if known.any():
            low, middle, high = np.quantile(values[known], [0.25, 0.5, 0.75])
            spread = (high - low) or np.std(values[known])
            scaled[known, column] = (values[known] - middle) / spread if spread else 0
    return np.clip(scaled, -CLIP, CLIP)


def tf_idf(tags: csr_array) -> csr_array:
    """Return rows of length 1, in which a tag that few tracks have weighs more."""
    n_items = tags.shape[0]
    having = np.bincount(tags.indices, minlength=tags.shape[1])
    rarity = np.log((1 + n_items) / (1 + having)) + 1
    weighted = csr_array(tags @ diags_array(rarity))
    lengths = np.sqrt(np.asarray((weighted * weighted).sum(axis=1)))
    return csr_array(diags_array(1 / np.maximum(lengths, 1e-12)) @ weighted)


def marked(catalogue: Catalogue, genres: float, artist: float, year: float) -> csr_array:
    """Return rows whose products are the nearness by tags, artist and year, as weighted."""
    parts = [
        tf_idf(catalogue.tags) * genres**0.5,
        _one_hot(catalogue.artist) * artist**0.5,
        _years(catalogue.year) * year**0.5,
    ]
    return csr_array(hstack(parts, format="csr", dtype=np.float32))


def _one_hot(codes: NDArray) -> csr_array:
    known = np.flatnonzero(codes >= 0)
    ones = np.ones(known.size, np.float32)
    shape = (codes.size, int(codes.max(initial=0)) + 1)
    return csr_array((ones, (known, codes[known])), shape=shape)


def _years(years: NDArray) -> csr_array:
    """Spread each year over the two nearest bins, `YEARS` wide, to length 1."""
    known = np.flatnonzero(~np.isnan(years))
    if not known.size:
        return csr_array(np.zeros((years.size, 1), np.float32))
    place = (years[known] - years[known].min()) / YEARS
    low = place.astype(np.int64)
    high_share = place - low
    lengths = np.hypot(high_share, 1 - high_share)
    data = np.concatenate([(1 - high_share) / lengths, high_share / lengths])
    columns = np.concatenate([low, low + 1])
    shape = (years.size, int(columns.max()) + 1)
    return csr_array((data, (np.concatenate([known, known]), columns)), shape=shape)


def vectors(catalogue: Catalogue, *, dimensions: int = 32, seed: int = 0) -> NDArray[np.float32]:
    """Return (n_items, at most `dimensions` + n_features) rows of length 1 whose product is
    likeness by sound and tags; 0 where nothing is known. For diversity, cells and the map.
    """
    scaled = robust_scaled(catalogue.features)
    sound = np.where(np.isnan(scaled), 0, scaled)
    marks = marked(catalogue, 1.0, 0.5, 0.2)
    rank = min(dimensions, *marks.shape)
    if marks.nnz:
        u, s, _ = randomized_svd(marks, rank, random_state=seed)
        both = np.hstack([unit(sound), u * s])
    else:
        both = sound
    return unit(both).astype(np.float32)


def unit(rows: NDArray) -> NDArray:
    """Return rows of length 1; rows of zeros stay zeros."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def nearest_cells(
    points: NDArray[np.float32], probes: int, seed: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield the items of each cell, in blocks, and those of the `probes` nearest cells."""
    n_cells = max(1, int(len(points) ** 0.5) // 2)
    means = MiniBatchKMeans(n_cells, random_state=seed, n_init=1, batch_size=4096).fit(points)
    order = np.argsort(means.labels_, kind="stable")
    edges = np.searchsorted(means.labels_[order], np.arange(n_cells + 1))
    centres = means.cluster_centers_
    squares = (centres**2).sum(axis=1)
    near = np.argsort(squares[None, :] - 2 * centres @ centres.T, axis=1, kind="stable")
    for cell in range(n_cells):
        members = order[edges[cell] : edges[cell + 1]]
        others = [order[edges[c] : edges[c + 1]] for c in near[cell, :probes]]
        candidates = np.sort(np.concatenate(others))
        for start in range(0, members.size, BLOCK):
            yield members[start : start + BLOCK], candidates


@njit(cache=True, nogil=True)
def _strongest(
    by_sound: NDArray, by_tags: NDArray, candidates: NDArray, targets: NDArray, k: int
) -> NDArray[np.int64]:
    """Return (k, n_targets) places of the candidates nearest in sum, -1 where there are fewer."""
    n_targets = targets.size
    places = np.full((k, n_targets), -1, np.int64)
    values, items = np.empty((n_targets, k)), np.empty((n_targets, k), np.int64)
    sizes = np.zeros(n_targets, np.int64)
    for row in range(candidates.size):
        for column in range(n_targets):
            value = by_sound[row, column] + by_tags[row, column]
            full = sizes[column] == k
            if value <= 0 or (full and value <= values[column, 0]):
                continue
            if candidates[row] != targets[column]:
                sizes[column] = offer(values[column], items[column], sizes[column], value, row)
    for column in range(n_targets):
        size = sizes[column]
        places[:size, column] = drain(values[column], items[column], size)
    return places


def _matrix(
    n_items: int, neighbours: list[tuple[NDArray, NDArray, NDArray, NDArray]], which: int
) -> csr_array:
    if not neighbours:
        return no_weights(n_items, n_items)
    rows, columns, values = (
        np.concatenate([part[at] for part in neighbours]) for at in (0, 1, which)
    )
    matrix = csr_array((values.astype(np.float32), (rows, columns)), shape=(n_items, n_items))
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return matrix
