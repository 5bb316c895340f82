"""The catalogue as a picture: each track's cluster and place, and what sets each cluster apart.

The middles of the clusters stand where the two main directions between them put them, pushed apart
until none lies on another; a track stands around the middle of its own cluster, by the two main
directions inside it. No randomness but that of K-Means, so equal data gives an equal picture.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.clusters import Groups, describe, k_means, of_items
from recommendations.engine.interactions import Catalogue, Interactions

CLUSTERS = 8  # as many inks as a picture can tell apart
WIDTH, HEIGHT = 1000, 640
FEWEST = 10  # listeners of a group that may be spoken of
STEPS = 300  # of pushing middles apart
CLOSE = 0.4  # how far apart they begin; where they begin on each other they end up touching
GENRE = "genre: "


def draw_map(
    interactions: Interactions, catalogue: Catalogue, *, seed: int
) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of the picture, to be published beside those of the model."""
    table = of_items(interactions, catalogue, seed=seed)
    groups = k_means(table.values, CLUSTERS, seed=seed)
    alike = list(_listeners(interactions.matrix, groups))
    said = [
        {
            "name": profile.name,
            "size": profile.size,
            "words": list(dict.fromkeys(trait.word for trait in profile.traits)),
            "tags": profile.tags,
            "listeners": listeners,
            "shares": shares,
        }
        for profile, (listeners, shares) in zip(
            describe(groups, table, *_genres(catalogue)), alike, strict=True
        )
    ]
    return {
        "map-places": _places(table.values, groups),
        "map-clusters": groups.labels.astype(np.int8),
        "map-said": np.frombuffer(json.dumps(said).encode(), dtype=np.uint8),
    }


def _genres(catalogue: Catalogue) -> tuple[csr_array, list[str]]:
    """Return the genres among the tags: a cluster is called by one, the rest sound does say."""
    names = list(catalogue.tag_names)
    columns = [at for at, name in enumerate(names) if name.startswith(GENRE)]
    return catalogue.tags[:, columns], [names[at].removeprefix(GENRE) for at in columns]


def _listeners(matrix: csr_array, groups: Groups) -> Iterator[tuple[int, list[int]]]:
    """Yield for each cluster how many have most of their taste there, and their mean shares.

    A group of fewer than FEWEST is as good as none: nothing of it is kept.
    """
    liked = matrix.maximum(csr_array(matrix.shape, dtype=matrix.dtype))
    member = np.eye(groups.k)[groups.labels]
    shares = liked @ member
    shares = shares[shares.sum(axis=1) > 0]
    shares /= shares.sum(axis=1, keepdims=True)
    most = shares.argmax(axis=1)
    for cluster in range(groups.k):
        alike = shares[most == cluster]
        if len(alike) < FEWEST:
            yield 0, []
        else:
            yield len(alike), np.rint(100 * alike.mean(axis=0)).astype(int).tolist()


def _places(values: NDArray[np.float64], groups: Groups) -> NDArray[np.uint16]:
    """Return (n, 2): whole numbers within the picture."""
    radii = np.sqrt(groups.sizes / groups.labels.size)
    middles = _pushed_apart(CLOSE * _spread(_main_directions(groups.centres)), radii)
    places = middles[groups.labels]
    for cluster, radius in enumerate(radii):
        inside = groups.labels == cluster
        places[inside] += radius * _in_disc(_spread(_main_directions(values[inside])))
    low, high = places.min(axis=0), places.max(axis=0)
    scaled = (places - low) / np.where(high > low, high - low, 1)
    return np.rint(scaled * [WIDTH, HEIGHT]).astype(np.uint16)


def _main_directions(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, 2): the rows along the two directions they differ most in, with fixed signs."""
    centred = rows - rows.mean(axis=0)
    axes = np.linalg.eigh(centred.T @ centred)[1][:, :-3:-1]
    axes *= np.where(axes[np.abs(axes).argmax(axis=0), range(axes.shape[1])] < 0, -1, 1)
    return centred @ axes


def _spread(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    deviation = rows.std(axis=0)
    return rows / np.where(deviation > 1e-9, deviation, 1)


def _in_disc(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draw far rows in, so that all lie in a disc of radius 1."""
    away = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows * np.tanh(away / 2) / np.where(away > 0, away, 1)


def _pushed_apart(middles: NDArray[np.float64], radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """Push pairs of discs that lie on each other apart, a little each step."""
    turn = np.arange(len(middles))
    middles = middles + 1e-3 * np.column_stack([np.cos(turn), np.sin(turn)])  # none is another
    needed = radii[:, None] + radii[None, :]
    for _ in range(STEPS):
        away = middles[:, None] - middles[None, :]
        distance = np.linalg.norm(away, axis=2)
        short = np.maximum(needed - distance, 0) / np.where(distance > 0, distance, np.inf)
        middles = middles + 0.25 * (away * short[:, :, None]).sum(axis=1)
    return middles
