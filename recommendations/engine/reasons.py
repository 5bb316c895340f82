"""Reasons: the terms of a score, by history track and by source; they add up to the score.

Nothing here is a story told afterwards: each part is a product that the score is the sum of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommendations.engine.model import ServingModel
from recommendations.engine.ranking import kernels
from recommendations.engine.ranking.live import Ranking
from recommendations.engine.ranking.top import drain, offer


class Part(NamedTuple):
    """What one track of the history says, and through which sources."""

    item: int  # column
    value: float
    by_source: tuple[float, ...]  # in the order of `Reasons.sources`


class Reason(NamedTuple):
    """`score` = the sum of `speaks_for`, `speaks_against`, `others` and `added`.

    `others` is what the tracks not named add up to, split likewise so that nothing cancels out
    of sight. `by_source` adds up to the score as well.
    """

    score: float
    speaks_for: list[Part]  # the strongest first
    speaks_against: list[Part]
    others: tuple[float, float]  # for, against
    added: dict[str, float]  # sliders, popularity, what was shown lately
    by_source: dict[str, float]

    @property
    def total_for(self) -> float:
        """What all shares are shares of."""
        named = sum(part.value for part in self.speaks_for)
        return named + self.others[0] + sum(value for value in self.added.values() if value > 0)


@dataclass(frozen=True)
class Reasons:
    sources: tuple[str, ...]
    parts: NDArray[np.float64]  # (n_shown, n_history, n_sources)
    ranking: Ranking

    @property
    def by_track(self) -> NDArray[np.float64]:  # (n_shown, n_history)
        return self.parts.sum(axis=2)

    @property
    def totals(self) -> NDArray[np.float64]:  # (n_shown,), equal to the scores
        added = sum(self.ranking.added.values(), np.zeros(self.ranking.items.size))
        return self.parts.sum(axis=(1, 2)) + added

    def of(self, position: int, top: int = 3) -> Reason:
        """Return the reason at a position (from 0), with the `top` tracks for and against."""
        return self.all(top)[position]

    def all(self, top: int = 3) -> list[Reason]:
        best, worst, others, by_source = _summaries(self.parts, top)
        added = {name: values.tolist() for name, values in self.ranking.added.items()}
        rows = zip(
            self.ranking.scores.tolist(),
            self._named(*best),
            self._named(*worst),
            map(tuple, others.tolist()),
            by_source.tolist(),
            strict=True,
        )
        reasons = []
        for position, (score, most, least, rest, sums) in enumerate(rows):
            terms = {name: values[position] for name, values in added.items()}
            total = dict(zip(self.sources, sums, strict=True)) | terms
            reasons.append(Reason(score, most, least, rest, terms, total))
        return reasons

    def _named(
        self, counts: NDArray[np.int64], places: NDArray[np.int64], values: NDArray[np.float64]
    ) -> list[list[Part]]:
        """Return the first `counts` of each row's (n_shown, top) places in the history."""
        if not counts.any():
            return [[] for _ in counts]
        items = self.ranking.taste.items[places].tolist()
        return [
            [
                Part(item, sum(value), tuple(value))
                for item, value in zip(row[:count], by_source, strict=False)
            ]
            for count, row, by_source in zip(counts.tolist(), items, values.tolist(), strict=True)
        ]


@njit(cache=True, nogil=True)
def _summaries(parts: NDArray, top: int) -> tuple[tuple, tuple, NDArray, NDArray]:
    """For each item shown: which places of the history say most for it (how many there are,
    which, what by source), which against it, what the others say, and the sum of each source.
    """
    n_shown, n_history, n_sources = parts.shape
    for_counts, against_counts = np.zeros(n_shown, np.int64), np.zeros(n_shown, np.int64)
    for_places = np.zeros((n_shown, top), np.int64)
    against_places = np.zeros((n_shown, top), np.int64)
    for_values = np.zeros((n_shown, top, n_sources))
    against_values = np.zeros((n_shown, top, n_sources))
    others, by_source = np.zeros((n_shown, 2)), np.zeros((n_shown, n_sources))
    totals = np.empty(n_history)
    for shown in range(n_shown):
        _add_up(parts[shown], totals, by_source[shown], others[shown])
        for_counts[shown] = _most(totals, 1.0, for_places[shown])
        against_counts[shown] = _most(totals, -1.0, against_places[shown])
        for rank in range(for_counts[shown]):
            for_values[shown, rank] = parts[shown, for_places[shown, rank]]
            others[shown, 0] -= totals[for_places[shown, rank]]
        for rank in range(against_counts[shown]):
            against_values[shown, rank] = parts[shown, against_places[shown, rank]]
            others[shown, 1] -= totals[against_places[shown, rank]]
    return (
        (for_counts, for_places, for_values),
        (against_counts, against_places, against_values),
        others,
        by_source,
    )


@njit(cache=True, nogil=True)
def _add_up(parts: NDArray, totals: NDArray, by_source: NDArray, sides: NDArray) -> None:
    for h in range(parts.shape[0]):
        total = 0.0
        for source in range(parts.shape[1]):
            total += parts[h, source]
            by_source[source] += parts[h, source]
        totals[h] = total
        sides[0 if total > 0.0 else 1] += total


@njit(cache=True, nogil=True)
def _most(totals: NDArray, sign: float, places: NDArray) -> int:
    """Fill `places` with those of the greatest totals of this sign; return how many there are."""
    values = np.empty(places.size)
    size = 0
    for h in range(totals.size):
        value = sign * totals[h]
        if value > 0.0 and (size < places.size or value > values[0]):
            size = offer(values, places, size, value, h)
    drain(values, places, size)
    return size


def explain(model: ServingModel, ranking: Ranking) -> Reasons:
    """Take the scores of a ranking apart, by source and history track."""
    sources = _sources(model)
    taste, shown = ranking.taste, ranking.items
    parts = np.zeros((shown.size, taste.items.size, len(sources)))
    place = model.scratch.place
    place[shown] = np.arange(1, shown.size + 1)
    for term in model.terms:
        weights = taste.weights * np.float64(ranking.steering.share(term.name))
        kernels.contributions(
            term.indptr, term.indices, term.data, taste.items, weights, place,
            parts[:, :, sources.index(term.name)],
        )  # fmt: skip
    place[shown] = 0
    if ranking.folded is not None:
        share = ranking.steering.share("history")
        parts[:, :, sources.index("history")] += share * ranking.folded.parts(shown)
    return Reasons(sources, parts, ranking)


def _sources(model: ServingModel) -> tuple[str, ...]:
    if model.low_rank is None or "history" in model.sources:
        return model.sources
    return ("history", *model.sources)
