"""What a training learns from ratings: measured on the last of them, published if worth it.

Settings are chosen inside the earlier part. Where too few listeners can be asked, or where the
answers are not nearer than the mean of all ratings beyond the interval, nothing is published, and
no page says what a track would be given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommendations.engine.evaluation import metrics
from recommendations.engine.evaluation.bootstrap import paired_interval
from recommendations.engine.evaluation.grid import grid_search, rating_objective
from recommendations.engine.evaluation.splits import Events, Split, by_time, k_folds
from recommendations.engine.interactions import Interactions
from recommendations.engine.ratings import BiasedMF
from recommendations.pipeline.gate import FEW
from recommendations.serving.live import RATINGS

GRID = {"reg_bias": (2.0, 5.0, 10.0, 30.0), "factors": (8, 0)}
SHARE = 0.2  # of the ratings, the last, asked for
NO_TRUST = 1e9  # ratings' worth of doubt: nothing is left but the mean of all


@dataclass(frozen=True)
class Learnt:
    figures: dict[str, Any]
    arrays: dict[str, NDArray] = field(default_factory=dict)  # none: nothing to be served


def learn_ratings(given: Events, *, seed: int) -> Learnt:
    counts = {"given": given.users.size, "listeners": given.user_ids.size}
    split = by_time(given, share=SHARE) if given.users.size else None
    if split is None or not _can_be_asked(split):
        return Learnt({**counts, "is_served": False})
    settings = _chosen(split.train, seed)
    found = _measured(BiasedMF(**settings, seed=seed).fit(split.train), split, seed)
    is_served = found["lead"]["low"] > 0
    figures = {**counts, **found, "settings": settings, "is_served": is_served}
    if not is_served:
        return Learnt(figures)
    model = BiasedMF(**settings, seed=seed).fit(given.interactions())
    return Learnt(figures, {f"{RATINGS}{name}": rows for name, rows in model.to_arrays().items()})


def _can_be_asked(split: Split) -> bool:
    asked, learnt = np.diff(split.held_out.indptr), np.diff(split.train.matrix.indptr)
    return bool(min(np.count_nonzero(asked), np.count_nonzero(learnt)) >= FEW)


def _chosen(ratings: Interactions, seed: int) -> Mapping[str, Any]:
    validation = next(k_folds(ratings, rng=np.random.default_rng(seed)))
    make = partial(BiasedMF, seed=seed)
    return grid_search(make, GRID, validation, objective=rating_objective)[0].params


def _measured(model: BiasedMF, split: Split, seed: int) -> dict[str, Any]:
    mean = BiasedMF(factors=0, reg_bias=NO_TRUST).fit(split.train)
    lead = paired_interval(
        rating_objective(model, split),
        rating_objective(mean, split),
        rng=np.random.default_rng(seed),
    )
    return {
        "asked": split.held_out.nnz,
        "models": {"candidate": _errors(model, split), "mean": _errors(mean, split)},
        "lead": asdict(lead),  # in squared error, listener by listener
    }


def _errors(model: BiasedMF, split: Split) -> dict[str, float]:
    predicted = model.predict_pairs(split.train.matrix, split.held_out)
    actual = split.held_out.data
    return {
        "rmse": metrics.rmse(predicted, actual),
        "mse": metrics.mse(predicted, actual),
        "mae": metrics.mae(predicted, actual),
    }
