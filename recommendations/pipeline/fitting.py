"""From what was read to a model that can serve."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine import content
from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.engine.model import LowRank, ServingModel, Term
from recommendations.pipeline.judging import ROW_LIMIT, Progress, Settings, hybrid

HYBRID, CONTENT, POPULARITY = "hybrid", "content", "popularity"


def fit(
    interactions: Interactions,
    catalogue: Catalogue,
    settings: Settings,
    *,
    seed: int,
    progress: Progress | None = None,
) -> tuple[str, ServingModel]:
    """Return the model and what it is called: while nobody teaches, sound and tags must do."""
    if not (interactions.matrix.data > 0).any():
        near = content.Content(catalogue, seed=seed, progress=progress).fit(interactions)
        return CONTENT, _served(interactions, catalogue, near.sources_ or {})
    fitted = hybrid(catalogue, settings, seed, progress).fit(interactions)
    model = _served(
        interactions,
        catalogue,
        fitted.sources_ or {},
        support=fitted.support_,
        low_rank=fitted.low_rank_,
        parameters=Settings.of(fitted).to_dict() | {"seed": seed},
    )
    return HYBRID, model


def fit_popularity(interactions: Interactions, catalogue: Catalogue) -> ServingModel:
    return _served(interactions, catalogue, {})


def _served(
    interactions: Interactions,
    catalogue: Catalogue,
    sources: dict[str, csr_array],
    *,
    support: NDArray[np.float32] | None = None,
    low_rank: LowRank | None = None,
    parameters: dict[str, Any] | None = None,
) -> ServingModel:
    liked = interactions.matrix.indices[interactions.matrix.data > 0]
    return ServingModel.build(
        interactions.item_ids,
        [Term.of(name, weights, row_limit=ROW_LIMIT) for name, weights in sources.items()],
        popularity=np.bincount(liked, minlength=interactions.n_items),
        catalogue=catalogue,
        vectors=content.vectors(catalogue),
        support=support,
        low_rank=low_rank,
        parameters=parameters,
    )
