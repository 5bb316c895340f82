"""One training, from the plays to the live model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

import numpy as np

from recommendations.engine import content
from recommendations.engine.hybrid import Hybrid
from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.engine.model import ServingModel, Term
from recommendations.models import ModelVersion
from recommendations.pipeline.publishing import promote, publish
from recommendations.pipeline.reading import read_catalogue, read_interactions

ROW_LIMIT = 200  # entries a history track may cost when a list is made

Progress = Callable[[float, str], None]


class NothingToTrainOn(Exception):
    """There is no play that may teach the shared model."""


def quietly(share: float, words: str) -> None:
    """Report to nobody."""


def train(*, at: datetime, progress: Progress = quietly, seed: int = 0) -> ModelVersion:
    """Fit a model on everything that may teach, publish it, and make it the live one.

    :raises NothingToTrainOn: if there is nothing; then nothing has changed
    """
    progress(0.0, "Reading plays")
    interactions = read_interactions(at=at)
    if not interactions.n_users:
        raise NothingToTrainOn("No play here may teach the shared model yet.")
    progress(0.2, "Reading the catalogue")
    catalogue = read_catalogue(interactions.item_ids)
    row = ModelVersion.objects.create(algorithm="hybrid", started_at=at)
    progress(0.3, "Learning")
    model = _fitted(interactions, catalogue, seed)
    progress(0.9, "Publishing")
    publish(row, model, _counts(interactions))
    promote(row, at=at)
    progress(1.0, f"Model {row.pk} is live")
    return row


def _fitted(interactions: Interactions, catalogue: Catalogue, seed: int) -> ServingModel:
    hybrid = Hybrid(catalogue, row_limit=ROW_LIMIT, seed=seed).fit(interactions)
    sources = hybrid.sources_ or {}
    liked = interactions.matrix.indices[interactions.matrix.data > 0]
    return ServingModel.build(
        interactions.item_ids,
        [Term.of(name, weights, row_limit=ROW_LIMIT) for name, weights in sources.items()],
        popularity=np.bincount(liked, minlength=interactions.n_items),
        catalogue=catalogue,
        vectors=content.vectors(catalogue, seed=seed),
        support=hybrid.support_,
        low_rank=hybrid.low_rank_,
        parameters={
            "choice": asdict(hybrid.choice_) if hybrid.choice_ else {},
            "mix": asdict(hybrid.mix_) if hybrid.mix_ else {},
            "seed": seed,
        },
    )


def _counts(interactions: Interactions) -> dict[str, int]:
    return {
        "listeners": interactions.n_users,
        "tracks": interactions.n_items,
        "pairs": int(interactions.matrix.nnz),
    }
