"""What the product trains when nobody says otherwise: the ridge, and factors where they help;
what most like where neither does.

The settings come from `search`, by validation on the data at hand, unless a choice is given.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from recommendations.engine import factors, ials
from recommendations.engine.evaluation.splits import Split
from recommendations.engine.interactions import Interactions
from recommendations.engine.linear import liked, no_weights, score_linear
from recommendations.engine.model import LowRank
from recommendations.engine.parallel import Progress
from recommendations.engine.popularity import Popular
from recommendations.engine.ridge import NeighbourhoodRidge
from recommendations.engine.search import POPULARITY, Choice, Trial, choose


class Segue:
    """`validation`, cut from the interactions of the fit, says which settings are best; else a
    fifth of each user's items does. `beside` are rows (n_rows, n_items) that the ridge learns from
    beside those of the users.

    `progress` is told the share done of each step; what it raises stops the fit.
    """

    weights_: csr_array | None = None  # (n_items, n_items)
    low_rank_: LowRank | None = None
    popular_: Popular | None = None
    choice_: Choice | None = None
    trials_: list[Trial]  # what validation said; empty when the choice was given

    def __init__(
        self,
        *,
        choice: Choice | None = None,
        validation: Split | None = None,
        beside: csr_array | None = None,
        row_limit: int | None = None,
        seed: int = 0,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.choice = choice
        self.validation = validation
        self.beside = beside
        self.row_limit = row_limit
        self.seed = seed
        self.workers = workers
        self.progress = progress

    def fit(self, interactions: Interactions) -> Self:
        self.weights_ = self.low_rank_ = None
        self.popular_ = Popular.of(liked(interactions))
        self.choice_, self.trials_ = self._choose(interactions)
        weights = self._weights(self.choice_, interactions)
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
        return scores if self.popular_ is None else self.popular_.fill_up(scores, histories)

    def _choose(self, interactions: Interactions) -> tuple[Choice, list[Trial]]:
        if self.choice is not None:
            return self.choice, []
        return choose(
            interactions,
            validation=self.validation,
            seed=self.seed,
            workers=self.workers,
            progress=self.progress,
        )

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

    def _weights(self, choice: Choice, interactions: Interactions) -> csr_array | None:
        if choice == POPULARITY:
            return no_weights(interactions.n_items, interactions.n_items)
        ridge = NeighbourhoodRidge(
            k=choice.k,
            regularization=choice.regularization,
            dropout=choice.dropout,
            popularity_power=choice.popularity_power,
            beside=self.beside,
            row_limit=self.row_limit,
            seed=self.seed,
            workers=self.workers,
            progress=self.progress,
        )
        return ridge.fit(interactions).weights_
