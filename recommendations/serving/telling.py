"""What to ask somebody of whom nothing is known: the answers that would tell the most.

A track tells much if many know it (so that there is an answer) and if it is unlike what has been
asked already (so that the answer is news). Both are weighed by a greedy choice: the root of how
many have heard it, times how far its sound and tags are from the nearest of those already asked.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from recommendations.engine.model import ServingModel
from recommendations.serving.live import current

CANDIDATES = 600  # the best known tracks
OF_AN_ARTIST = 5  # of the best known tracks say what an artist sounds like


def telling_tracks(*, n: int, known: Collection[int] = (), offset: int = 0) -> list[int]:
    """Return the ids of the tracks to ask about; what is `known` of the listener is not asked.

    :raises NoModel: if there is no model
    """
    model = current().model
    columns = model.popular[:CANDIDATES]
    columns = columns[np.sort(np.unique(model.artist[columns], return_index=True)[1])]
    fame = np.sqrt(model.popularity[columns])
    asked = model.columns(list(known))
    chosen = _far_apart(
        fame, _vectors(model, columns), n + offset, _vectors(model, asked[asked >= 0])
    )
    ids = model.item_ids[columns[chosen]].tolist()
    return [one for one in ids if one not in set(known)][offset : offset + n]


def telling_artists(*, n: int, known: Collection[int] = (), offset: int = 0) -> list[int]:
    """Return the ids of the artists to ask about, one after another in other directions.

    :raises NoModel: if there is no model
    """
    model = current().model
    columns = model.popular
    artists, place = np.unique(model.artist[columns], return_inverse=True)
    fame = np.sqrt(np.bincount(place, model.popularity[columns]))
    vectors = _means(model, columns, place, artists.size)
    fame[np.isin(artists, [-1, *known])] = 0
    there = vectors[np.isin(artists, list(known))]
    chosen = _far_apart(fame, vectors, n + offset, there)
    return artists[chosen[fame[chosen] > 0]].tolist()[offset : offset + n]


def _far_apart(worth: NDArray, vectors: NDArray, n: int, asked: NDArray) -> NDArray[np.int64]:
    """Choose one after another: the most worth, times the distance to the nearest one chosen."""
    apart = 1 - (vectors @ asked.T).max(axis=1, initial=0)
    chosen: list[int] = []
    for _ in range(min(n, worth.size)):
        best = int(np.argmax(np.where(np.isin(np.arange(worth.size), chosen), -1, worth * apart)))
        chosen.append(best)
        apart = np.minimum(apart, 1 - vectors @ vectors[best])
    return np.array(chosen, dtype=np.int64)


def _vectors(model: ServingModel, columns: NDArray) -> NDArray[np.float32]:
    return model.vectors[columns].astype(np.float32)


def _means(model: ServingModel, columns: NDArray, place: NDArray, size: int) -> NDArray[np.float32]:
    """Return a vector for each artist: that of its best known tracks."""
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(size))
    rank = np.arange(place.size) - np.repeat(starts, np.diff(np.append(starts, place.size)))
    best = order[rank < OF_AN_ARTIST]
    sums: NDArray[np.float32] = np.zeros((size, model.vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, place[best], _vectors(model, columns[best]))
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return (sums / np.where(lengths > 0, lengths, 1)).astype(np.float32)
