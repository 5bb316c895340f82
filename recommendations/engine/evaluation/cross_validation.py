"""Errors of predicted ratings over k folds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from recommendations.engine.evaluation import metrics
from recommendations.engine.evaluation.splits import Split
from recommendations.engine.ratings import BiasedMF


@dataclass(frozen=True)
class RatingErrors:
    data: str
    n_folds: int
    n_users: int
    n_items: int
    n_ratings: int
    rmse: float  # mean over the folds, as the others
    mse: float
    mae: float
    rmse_by_fold: list[float]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def cross_validate_ratings(
    make_model: Callable[[], BiasedMF], folds: Iterable[Split], *, data: str
) -> RatingErrors:
    """Fit on each fold's training part; everyone's own training ratings are their history."""
    errors = []
    for fold in folds:
        model = make_model().fit(fold.train)
        predicted, actual = (
            model.predict_pairs(fold.train.matrix, fold.held_out),
            fold.held_out.data,
        )
        errors.append([of(predicted, actual) for of in (metrics.rmse, metrics.mse, metrics.mae)])
    rmse, mse, mae = np.mean(errors, axis=0)
    n_users, n_items = fold.held_out.shape
    n_ratings = fold.train.matrix.nnz + fold.held_out.nnz
    by_fold = [row[0] for row in errors]
    return RatingErrors(
        data, len(errors), n_users, n_items, n_ratings, float(rmse), float(mse), float(mae), by_fold
    )
