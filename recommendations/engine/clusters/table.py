"""What items, and users by their items, are compared by: one row each, columns in blocks.

Each column is scaled robustly (median and quartiles), so one odd value moves nothing. What is
unknown sits at the median: neither for nor against any group. Each block is divided by the square
root of its width, so that twelve columns of sound do not outvote one of popularity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer

from recommendations.engine.interactions import Catalogue, Interactions

CIRCULAR = frozenset({"key"})  # B is next to C: no distance can be read off the number
CLIP = 4.0  # scaled values beyond this say no more
USUAL_HISTORY = np.log1p(20.0)  # so many items are neither casual nor avid; e times as many is 1
RATINGS_OF_DOUBT = 5.0  # an item's mean rating is drawn to the overall mean by as many


@dataclass(frozen=True)
class Table:
    values: NDArray[np.float64]  # (n, width) scaled and weighted by block: distances are on these
    scaled: NDArray[np.float64]  # (n, len(names)) the columns with a meaning of their own, NaN kept
    names: Sequence[str]  # of the columns of `scaled`


def of_items(
    interactions: Interactions,
    catalogue: Catalogue | None = None,
    ratings: Interactions | None = None,
    *,
    dimensions: int = 32,
    seed: int = 0,
) -> Table:
    """Return tempo, rhythm and the other sound, year, genres, popularity of the artist, ratings.

    `ratings` has the columns of `interactions`. Without a catalogue items are compared by the
    company they keep: the users who met them.
    """
    if catalogue is None:
        company = _components(_company(interactions), dimensions, seed)
        popularity = robust(np.log1p(_degrees(interactions)))
        return Table(company, popularity[:, None], ["popularity"])
    named = _sound(catalogue) | {
        "year": catalogue.year.astype(np.float64),
        "artist popularity": artist_popularity(interactions, catalogue.artist),
    }
    if ratings is not None:
        named["rating"] = mean_ratings(ratings)
    scaled = np.column_stack([robust(column) for column in named.values()])
    sound = np.nan_to_num(scaled) / np.sqrt(scaled.shape[1])
    genres = _components(_genres(catalogue.tags), dimensions, seed)
    return Table(np.column_stack([sound, genres]), scaled, list(named))


def of_users(histories: csr_array, items: Table) -> Table:
    """Return the mean of what each user likes, and how much there is of it.

    A row depends on no other, so one user may be assigned alone. Holds persons' rows: for
    fitting and assigning, never for storing.
    """
    shares = _shares(histories)
    means = shares @ items.values
    size = np.log1p(np.diff(histories.indptr).astype(np.float64)) - USUAL_HISTORY
    known = ~np.isnan(items.scaled)
    weight = shares @ known.astype(np.float64)
    scaled = shares @ np.where(known, items.scaled, 0.0)
    scaled = np.divide(scaled, weight, out=np.full(scaled.shape, np.nan), where=weight > 0)
    return Table(
        np.column_stack([means, size / 2.0]),
        np.column_stack([scaled, size]),
        [*items.names, "history"],
    )


def tags_of_users(histories: csr_array, tags: csr_array) -> csr_array:
    """Return (n_users, n_tags): the share of what each user likes that has the tag."""
    return csr_array(_shares(histories) @ tags.astype(bool).astype(np.float64))


def _shares(histories: csr_array) -> csr_array:
    """Return the rows without what speaks against an item, each adding up to 1 or empty."""
    liked = histories.maximum(csr_array(histories.shape, dtype=histories.dtype))
    totals = np.asarray(liked.sum(axis=1), dtype=np.float64)
    return csr_array(diags_array(1.0 / np.where(totals > 0, totals, 1.0)) @ liked)


def robust(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (value - median) / (quartile range), clipped; NaN stays, a constant becomes 0.

    Where half of all values are equal the quartiles say nothing, and the deviation stands in.
    """
    known = column[~np.isnan(column)]
    if known.size == 0:
        return column
    low, middle, high = np.quantile(known, [0.25, 0.5, 0.75])
    spread = (high - low) / 1.349 or known.std()  # 1.349: the range of a normal of deviation 1
    if spread == 0.0:
        return np.where(np.isnan(column), np.nan, 0.0)
    return np.clip((column - middle) / spread, -CLIP, CLIP)


def artist_popularity(interactions: Interactions, artist: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return log(1 + meetings with any item of the same artist); NaN where the artist is unknown.

    An artist's popularity is of all their items, so a new item of a known artist has one.
    """
    known = artist >= 0
    totals = np.bincount(artist[known], _degrees(interactions)[known])
    popularity = np.full(artist.size, np.nan)
    popularity[known] = np.log1p(totals[artist[known]])
    return popularity


def mean_ratings(ratings: Interactions) -> NDArray[np.float64]:
    """Return each item's mean rating, few ratings drawn to the overall mean; NaN without any."""
    counts = _degrees(ratings)
    sums = np.asarray(ratings.matrix.sum(axis=0), dtype=np.float64)
    overall = sums.sum() / max(1.0, counts.sum())
    means = (sums + RATINGS_OF_DOUBT * overall) / (counts + RATINGS_OF_DOUBT)
    return np.where(counts > 0, means, np.nan)


def _degrees(interactions: Interactions) -> NDArray[np.float64]:
    return np.bincount(interactions.matrix.indices, minlength=interactions.n_items).astype(float)


def _sound(catalogue: Catalogue) -> dict[str, NDArray[np.float64]]:
    return {
        name: catalogue.features[:, column].astype(np.float64)
        for column, name in enumerate(catalogue.feature_names)
        if name not in CIRCULAR
    }


def _genres(tags: csr_array) -> csr_array:
    return csr_array(TfidfTransformer().fit_transform(tags)) if tags.nnz else tags


def _company(interactions: Interactions) -> csr_array:
    """Return (n_items, n_users) rows of length 1, busy users counting less (as in IDF)."""
    met = csr_array(interactions.matrix.T.astype(bool).astype(np.float64))
    busy = np.sqrt(np.maximum(1.0, np.diff(interactions.matrix.indptr)))
    rare = np.sqrt(np.maximum(1.0, np.diff(met.indptr)))
    return csr_array(diags_array(1.0 / rare) @ met @ diags_array(1.0 / busy))


def _components(rows: csr_array, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Return the rows in their few strongest directions, the whole block of deviation 1."""
    width = min(dimensions, min(rows.shape) - 1)
    if width < 1 or rows.nnz == 0:
        return np.zeros((rows.shape[0], 0))
    with np.errstate(invalid="ignore", divide="ignore"):  # the share explained of equal rows
        found = TruncatedSVD(width, random_state=seed).fit_transform(rows)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.divide(found, lengths, out=np.zeros_like(found), where=lengths > 1e-9)
