"""What every model of the engine promises; nothing to inherit."""

from __future__ import annotations

from typing import Protocol, Self

from scipy.sparse import csr_array

from recommendations.engine.interactions import Interactions


class NotFittedError(Exception):
    """The model was asked for scores before `fit` or `load` gave it any weights."""


class Recommender(Protocol):
    def fit(self, interactions: Interactions) -> Self:
        """Learn from all interactions, forgetting any earlier fit."""

    def score(self, histories: csr_array) -> csr_array:
        """Return (n_histories, n_items) scores of the candidates only; higher is better.

        A history is scored whoever it belongs to: no user ids, so a newcomer with one like is
        scored like anyone. Items of the history itself may have scores; ranking hides them.

        :raises NotFittedError: before the first fit
        """
