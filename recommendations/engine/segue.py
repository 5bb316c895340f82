"""What the product trains when nobody says otherwise: the ridge, and factors where they help.

The settings come from `search`, by validation on the data at hand, unless a choice is given.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from recommendations.engine import factors, ials
from recommendations.engine.interactions import Interactions
from recommendations.engine.linear import liked, score_linear
from recommendations.engine.model import LowRank
from recommendations.engine.parallel import Progress
from recommendations.engine.ridge import NeighbourhoodRidge
from recommendations.engine.search import Choice, Trial, choose

FEW = 100  # candidates under which a history is filled up
A_LITTLE = 1e-5  # far less than any score that listening earns


class Segue:
    """`progress` is told the share done of each step; what it raises stops the fit."""

    weights_: csr_array | None = None  # (n_items, n_items)
    low_rank_: LowRank | None = None
    popular_: csr_array | None = None  # (1, n_items) a little for what most like, best known
    choice_: Choice | None = None
    trials_: list[Trial]  # what validation said; empty when the choice was given

    def __init__(
        self,
        *,
        choice: Choice | None = None,
        row_limit: int | None = None,
        seed: int = 0,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.choice = choice
        self.row_limit = row_limit
        self.seed = seed
        self.workers = workers
        self.progress = progress

    def fit(self, interactions: Interactions) -> Self:
        self.weights_ = self.low_rank_ = None
        self.popular_ = a_little_for_the_popular(interactions)
        self.choice_, self.trials_ = self._choose(interactions)
        weights = self._ridge(self.choice_).fit(interactions).weights_
        self.low_rank_ = self._low_rank(self.choice_, interactions)
        self.weights_ = weights
        return self

    def score(self, histories: csr_array) -> csr_array:
        """A history that reaches few items, or none, is filled up with what most like."""
        scores = score_linear(self.weights_, histories)
        if self.low_rank_ is not None:
            users = ials.fold_in(self.low_rank_, histories)
            known, scale = self.low_rank_.factors, self.low_rank_.scale
            ials.add_low_rank(scores.indptr, scores.indices, scores.data, users, known, scale)
        return self._filled_up(scores)

    def _filled_up(self, scores: csr_array) -> csr_array:
        lonely = np.flatnonzero(np.diff(scores.indptr) < FEW)
        if self.popular_ is None or lonely.size == 0:
            return scores
        rows = csr_array(
            (np.ones(lonely.size, np.float32), (lonely, np.zeros(lonely.size, np.int64))),
            shape=(scores.shape[0], 1),
        )
        return csr_array(scores + rows @ self.popular_)

    def _choose(self, interactions: Interactions) -> tuple[Choice, list[Trial]]:
        if self.choice is not None:
            return self.choice, []
        return choose(interactions, seed=self.seed, workers=self.workers, progress=self.progress)

    def _low_rank(self, choice: Choice, interactions: Interactions) -> LowRank | None:
        if not choice.factors:
            return None
        found = factors.train(
            liked(interactions),
            factors.Setting(choice.factors, choice.alpha, choice.shrinkage),
            seed=self.seed,
            workers=self.workers,
            progress=self.progress,
        )
        return replace(found, scale=found.scale * np.float32(choice.low_rank_share))

    def _ridge(self, choice: Choice) -> NeighbourhoodRidge:
        return NeighbourhoodRidge(
            k=choice.k,
            regularization=choice.regularization,
            dropout=choice.dropout,
            popularity_power=choice.popularity_power,
            row_limit=self.row_limit,
            seed=self.seed,
            workers=self.workers,
            progress=self.progress,
        )


def a_little_for_the_popular(interactions: Interactions, *, n: int = 500) -> csr_array:
    counts = np.bincount(liked(interactions).indices, minlength=interactions.n_items)
    best = np.argsort(-counts, kind="stable")[:n]
    best = best[counts[best] > 0]
    shares = (A_LITTLE * counts[best] / max(interactions.n_users, 1)).astype(np.float32)
    return csr_array((shares, (np.zeros(best.size, np.int64), best)), (1, interactions.n_items))
