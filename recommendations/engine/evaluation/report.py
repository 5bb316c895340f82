"""One model measured on one split, as one object: for JSON, for a page, for comparing."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.evaluation import metrics
from recommendations.engine.evaluation.bootstrap import DRAWS, LEVEL, Interval, interval, intervals
from recommendations.engine.evaluation.breakdown import Band, by_activity, by_popularity
from recommendations.engine.evaluation.metrics import PerUser, Ranked
from recommendations.engine.evaluation.splits import Split, keep_entries
from recommendations.engine.protocol import Recommender
from recommendations.engine.ranking import top_n

BATCH = 1024  # users scored at once, so that scores never need more than some hundred MB
PAIRS_OF_ENTRIES = 20_000_000  # work spent on diversity; as many lists, drawn at random, as that is
COLD_N = 50


@dataclass(frozen=True)
class ColdItems:
    """How well items nobody met in training are ranked among themselves."""

    n: int
    n_items: int
    recall: Interval


@dataclass(frozen=True)
class Evaluation:
    model: str
    data: str  # which data, in words
    split: str
    n: int  # length of the lists
    n_users: int  # with something held out: all figures are about them
    n_items: int  # ranked in full
    n_interactions: int  # learnt from
    accuracy: dict[str, Interval]
    beyond: dict[str, float]  # coverage, novelty, diversity, gini, popularity_lift
    activity: list[Band]
    popularity: list[Band]
    cold_items: ColdItems | None
    validation: Evaluation | None = None
    per_user: dict[str, PerUser] = field(default_factory=dict, repr=False, compare=False)

    @property
    def cold_users(self) -> Band | None:
        """Return the band of users the model knew nothing of, if any was asked."""
        return next((b for b in self.activity if b.is_cold and b.figures["ndcg"].n_users), None)

    def with_validation(self, validation: Evaluation) -> Evaluation:
        """Put the figures by which the model was chosen beside those it is judged by."""
        return replace(self, validation=validation)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON: what is not known is None, never NaN."""
        plain = asdict(replace(self, per_user={}, validation=None))
        del plain["per_user"]
        plain["bootstrap"] = {"draws": DRAWS, "level": LEVEL}
        plain["validation"] = self.validation.to_dict() if self.validation else None
        return _without_nan(plain)


def evaluate(
    make_model: Callable[[], Recommender],
    test: Split,
    *,
    model: str,
    data: str,
    rng: np.random.Generator,
    n: int = 20,
    validation: Split | None = None,
) -> Evaluation:
    """Fit one model on each split's training part and measure it on what was held out.

    `validation` must be cut from the training part of `test`.
    """
    fitted = make_model().fit(test.train)
    found = measure(fitted, test, model=model, data=data, rng=rng, n=n)
    if validation is None:
        return found
    chosen_by = make_model().fit(validation.train)
    return found.with_validation(
        measure(chosen_by, validation, model=model, data=data, rng=rng, n=n)
    )


def measure(
    fitted: Recommender,
    split: Split,
    *,
    model: str,
    data: str,
    rng: np.random.Generator,
    n: int = 20,
    histories: csr_array | None = None,
    vectors: csr_array | None = None,
) -> Evaluation:
    """Rank the whole catalogue for everyone asked, and compare with what was held out.

    `histories` stand in for the training rows when the users were not there in training.
    Diversity is by `vectors` (n_items, any), or by who met the items when there are none.
    """
    histories = split.train.matrix if histories is None else histories
    degrees = split.item_degrees
    ranked, cold_ranked = rank_everyone(fitted, split, histories, n=n)
    per_user = metrics.accuracy(ranked, split.held_out, n=n)
    return Evaluation(
        model=model,
        data=data,
        split=split.method,
        n=n,
        n_users=int(np.count_nonzero(metrics.relevant_counts(split.held_out))),
        n_items=split.train.n_items,
        n_interactions=split.train.matrix.nnz,
        accuracy=intervals(per_user, rng=rng),
        beyond=_beyond(ranked, split, histories, vectors, rng),
        activity=by_activity(per_user, np.diff(histories.indptr), rng=rng),
        popularity=by_popularity(ranked, split.held_out, degrees, n=n, rng=rng),
        cold_items=_cold_items(cold_ranked, split, degrees, rng),
        per_user=per_user,
    )


def rank_everyone(
    fitted: Recommender, split: Split, histories: csr_array, *, n: int
) -> tuple[Ranked, Ranked]:
    """Return the lists of everyone asked, and their lists of cold items alone.

    Rows of users not asked are -1 throughout.
    """
    asked = np.flatnonzero(metrics.relevant_counts(split.held_out))
    cold = split.item_degrees == 0
    ranked = np.full((histories.shape[0], n), -1, dtype=np.int64)
    cold_ranked = np.full((histories.shape[0], COLD_N), -1, dtype=np.int64)
    for start in range(0, asked.size, BATCH):
        rows = asked[start : start + BATCH]
        known = csr_array(histories[rows])
        scores = fitted.score(known)
        ranked[rows] = top_n(scores, n, hide=known)
        if cold.any():
            cold_scores = keep_entries(scores, cold[scores.indices])
            cold_ranked[rows] = top_n(cold_scores, COLD_N, hide=known)
    return ranked, cold_ranked


def _cold_items(
    cold_ranked: Ranked, split: Split, degrees: NDArray[np.int64], rng: np.random.Generator
) -> ColdItems | None:
    cold = degrees == 0
    asked_for = keep_entries(split.held_out, cold[split.held_out.indices])
    if not metrics.relevant_counts(asked_for).any():
        return None
    found = metrics.accuracy(cold_ranked, asked_for, n=COLD_N)["recall"]
    return ColdItems(COLD_N, int(cold.sum()), interval(found, rng=rng))


def _beyond(
    ranked: Ranked,
    split: Split,
    histories: csr_array,
    vectors: csr_array | None,
    rng: np.random.Generator,
) -> dict[str, float]:
    shown = ranked[(ranked >= 0).any(axis=1)]
    degrees, n_items = split.item_degrees, split.train.n_items
    vectors = csr_array(split.train.matrix.T) if vectors is None else vectors
    return {
        "coverage": metrics.coverage(shown, n_items),
        "gini": metrics.gini(shown, n_items),
        "novelty": _mean(metrics.novelty(shown, degrees, split.train.n_users)),
        "diversity": _mean(metrics.diversity(_affordable(shown, vectors, rng), vectors)),
        "popularity_lift": metrics.popularity_lift(ranked, histories, degrees),
    }


def _affordable(ranked: Ranked, vectors: csr_array, rng: np.random.Generator) -> Ranked:
    """Return lists drawn at random, as many as their vectors' entries allow, at least one."""
    drawn = ranked[rng.permutation(ranked.shape[0])]
    work = np.where(drawn >= 0, np.diff(vectors.indptr)[drawn], 0).sum(axis=1)
    return drawn[: max(1, int((work.cumsum() <= PAIRS_OF_ENTRIES).sum()))]


def _mean(values: PerUser) -> float:
    return math.nan if np.isnan(values).all() else float(np.nanmean(values))


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_nan(inner) for inner in value]
    return None if isinstance(value, float) and math.isnan(value) else value
