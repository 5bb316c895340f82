"""Small worlds for what serves: a model with all its parts, random or written by hand."""

import numpy as np
from scipy.sparse import csr_array, random_array

from recommendations.engine.interactions import Catalogue
from recommendations.engine.model import LowRank, ServingModel, Term


def catalogue(n_items, **changes):
    fields = {
        "features": np.linspace(0, 1, n_items, dtype=np.float32)[:, None],
        "feature_names": ["energy"],
        "tags": csr_array(np.zeros((n_items, 1), np.float32)),
        "tag_names": ["jazz"],
        "artist": np.arange(n_items),
        "year": np.full(n_items, np.nan, np.float32),
        "work": np.full(n_items, -1),
    }
    return Catalogue(**(fields | changes))


def model_of(weights, *, sources=("history",), low_rank=None, vectors=None, **changes):
    """A model whose every source has the same (n_items, n_items) weights."""
    weights = csr_array(np.asarray(weights, dtype=np.float32))
    n_items = weights.shape[0]
    return ServingModel.build(
        100 + np.arange(n_items),
        [Term.of(source, weights) for source in sources],
        popularity=np.arange(n_items, 0, -1),
        catalogue=catalogue(n_items, **changes),
        vectors=np.zeros((n_items, 2)) if vectors is None else vectors,
        low_rank=low_rank,
    )


def star(scores, **changes):
    """Item 0 leads to items 1, 2, ... with these scores."""
    weights = np.zeros((len(scores) + 1, len(scores) + 1))
    weights[0, 1:] = scores
    return model_of(weights, **changes)


def random_model(seed, n_items=40, *, low_rank=True):
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(n_items, 4)).astype(np.float32)
    parts = LowRank(
        factors,
        (factors.T @ factors + 3 * np.eye(4)).astype(np.float32),
        rng.random(n_items).astype(np.float32),
        alpha=2.0,
    )
    terms = [
        Term.of(
            source,
            csr_array(
                random_array((n_items, n_items), density=0.2, rng=rng, data_sampler=rng.normal)
            ),
        )
        for source in ("history", "sound", "tags")
    ]
    return ServingModel.build(
        np.arange(n_items) * 2 + 10,
        terms,
        popularity=rng.integers(0, 50, n_items),
        catalogue=catalogue(
            n_items, artist=rng.integers(-1, 9, n_items), work=rng.integers(-1, 20, n_items)
        ),
        vectors=unit(rng.normal(size=(n_items, 3))),
        low_rank=parts if low_rank else None,
    )


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
