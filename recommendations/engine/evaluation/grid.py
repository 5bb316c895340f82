"""Which settings to choose: every combination tried on a validation split, never on the test."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from recommendations.engine.evaluation import metrics
from recommendations.engine.evaluation.bootstrap import Interval, paired_interval
from recommendations.engine.evaluation.metrics import PerUser
from recommendations.engine.evaluation.report import rank_everyone
from recommendations.engine.evaluation.splits import Split
from recommendations.engine.protocol import Recommender
from recommendations.engine.ratings import BiasedMF


@dataclass(frozen=True)
class Trial:
    params: dict[str, Any]
    figure: float  # the mean of the objective over users; higher is better
    seconds: float  # to fit and to measure
    per_user: PerUser = field(repr=False, compare=False)

    def gain_over(self, other: Trial, *, rng: np.random.Generator) -> Interval:
        return paired_interval(self.per_user, other.per_user, rng=rng)


def grid_search(
    make_model: Callable[..., Any],
    grid: Mapping[str, Sequence[Any]],
    validation: Split,
    *,
    objective: Callable[[Any, Split], PerUser],
    on_trial: Callable[[Trial], None] | None = None,
) -> list[Trial]:
    """Return every combination of the grid, the best first; equals in the order of the grid.

    `validation` is cut from the training part alone: this function never sees what is held out
    for the test.
    """
    trials = []
    for params in combinations(grid):
        trial = _try(make_model, params, validation, objective)
        trials.append(trial)
        if on_trial is not None:
            on_trial(trial)
    return sorted(trials, key=lambda trial: -trial.figure)


def combinations(grid: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for values in itertools.product(*grid.values()):
        yield dict(zip(grid, values, strict=True))


def ranking_objective(metric: str = "ndcg", *, n: int = 20) -> Callable[[Any, Split], PerUser]:
    """Make an objective of any of `metrics.ACCURACY`."""

    def objective(model: Recommender, validation: Split) -> PerUser:
        ranked, _ = rank_everyone(model, validation, validation.train.matrix, n=n)
        return metrics.accuracy(ranked, validation.held_out, n=n)[metric]

    return objective


def rating_objective(model: BiasedMF, validation: Split) -> PerUser:
    """Return less the squared error of each user's held-out ratings; NaN without any."""
    predicted = model.predict_pairs(validation.train.matrix, validation.held_out)
    errors = (predicted - validation.held_out.data) ** 2
    counts = np.diff(validation.held_out.indptr)
    rows = np.repeat(np.arange(counts.size), counts)
    sums = np.bincount(rows, errors, minlength=counts.size)
    return -sums / np.where(counts > 0, counts, np.nan)


def _try(
    make_model: Callable[..., Any],
    params: dict[str, Any],
    validation: Split,
    objective: Callable[[Any, Split], PerUser],
) -> Trial:
    started = time.perf_counter()
    model = make_model(**params).fit(validation.train)
    per_user = objective(model, validation)
    seconds = time.perf_counter() - started
    return Trial(params, float(np.nanmean(per_user)), seconds, per_user)
