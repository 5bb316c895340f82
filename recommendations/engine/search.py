"""What to train on this data: a small search by validation inside the training data only.

A fifth of each listener's items is held out once. The ridge's neighbours are counted once for
all its penalties, a smaller neighbourhood is the corner of a larger one, and all scales and
blends are ranked in one pass, so some hundred settings cost about as much as a few trainings.
On a large catalogue the settings compete on the columns of a sample of items. Where the best does
not surely beat what most like, the same for everybody, the plainer is chosen: data too sparse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine import factors, ials
from recommendations.engine.blend import Parts, rank_blends
from recommendations.engine.evaluation.metrics import PerUser, accuracy, relevant_counts
from recommendations.engine.evaluation.splits import Split, by_user
from recommendations.engine.interactions import Interactions
from recommendations.engine.linear import from_columns, liked, no_weights, unpopularity
from recommendations.engine.model import LowRank
from recommendations.engine.neighbours import Meetings
from recommendations.engine.parallel import Progress
from recommendations.engine.popularity import Popular
from recommendations.engine.ridge import solve_columns

PENALTIES = ((20.0, 0.3), (20.0, 1.0), (50.0, 1.0), (50.0, 2.0), (200.0, 1.0))
POWERS = (0.0, 0.1, 0.2, 0.3)
SHARES = (0.03, 0.1, 0.3, 1.0)
LOW_RANKS = (factors.Setting(32, 10.0, 10.0), factors.Setting(64, 10.0, 30.0))
SMALL_LOW_RANKS = LOW_RANKS[:1]  # for catalogues where factors cost more than neighbours
MANY = 100_000  # users and items together
K = 100
MAX_JUDGES, MAX_ITEMS = 4000, 12_000
N = 20
WORTH_IT = 1.003  # what a dearer model must multiply the validation figure by


@dataclass(frozen=True)
class Choice:
    """Everything that training needs to know; the same choice gives the same model."""

    k: int = K
    regularization: float = 50.0
    dropout: float = 1.0
    popularity_power: float = 0.1
    factors: int = 0  # 0: no low-rank part
    alpha: float = 10.0
    shrinkage: float = 10.0  # of the factors
    low_rank_share: float = 0.0


POPULARITY = Choice(k=0, regularization=0.0, dropout=0.0, popularity_power=0.0)


@dataclass(frozen=True)
class Trial:
    choice: Choice
    ndcg: float  # on the validation users
    per_judge: PerUser = field(repr=False, compare=False)

    @classmethod
    def of(cls, choice: Choice, per_judge: PerUser) -> Self:
        return cls(choice, float(np.nanmean(per_judge)), per_judge)

    def surely_beats(self, other: Trial) -> bool:
        return surely_ahead(self.per_judge, other.per_judge)


@dataclass(frozen=True)
class Bench:
    """The validation: who is asked, for what, among which columns."""

    learnt: csr_array  # (n_users, n_items) what is left to train on
    histories: csr_array  # (n_judges, n_items)
    hide: csr_array  # (n_judges, n_columns)
    held_out: csr_array  # (n_judges, n_columns)
    columns: NDArray[np.int64]
    popular: Popular  # of the columns
    workers: int | None

    @classmethod
    def of(cls, split: Split, rng: np.random.Generator, workers: int | None) -> Bench:
        held = np.flatnonzero(relevant_counts(split.held_out))
        judges = np.sort(rng.permutation(held)[:MAX_JUDGES])
        columns = np.sort(rng.permutation(split.train.n_items)[:MAX_ITEMS])
        histories = csr_array(split.train.matrix[judges])
        learnt = liked(split.train)
        return cls(
            learnt,
            histories,
            csr_array(histories[:, columns]),
            csr_array(split.held_out[judges][:, columns]),
            columns,
            Popular.of(csr_array(learnt[:, columns])),
            workers,
        )

    def figures(
        self, weights: csr_array, low_rank: LowRank | None, scales: NDArray, shares: Sequence[float]
    ) -> NDArray[np.float64]:
        """Return (n_scales, n_shares, n_judges) NDCG, NaN for who is asked nothing."""
        ranked = rank_blends(
            self.histories,
            self.hide,
            self._parts(weights, low_rank),
            scales=scales,
            shares=np.asarray(shares, dtype=np.float32),
            n=N,
            workers=self.workers,
        )
        found = [accuracy(lists, self.held_out, n=N)["ndcg"] for lists in ranked]
        return np.reshape(found, (len(scales), len(shares), -1))

    def _parts(self, weights: csr_array, low_rank: LowRank | None) -> Parts:
        if low_rank is None:
            nobody = np.zeros((self.histories.shape[0], 0), np.float32)
            nothing = np.zeros((self.columns.size, 0), np.float32)
            return Parts(weights, nobody, nothing, self.popular)
        users = ials.fold_in(low_rank, self.histories)
        known = np.ascontiguousarray(low_rank.factors[self.columns])
        return Parts(weights, users, known, self.popular)


def surely_ahead(ours: PerUser, theirs: PerUser) -> bool:
    """Return whether the lead is beyond its standard error, judge by judge."""
    lead = ours - theirs
    error = np.nanstd(lead) / np.sqrt(np.count_nonzero(~np.isnan(lead)))
    return bool(np.nanmean(lead) > error)


def choose(
    interactions: Interactions,
    *,
    validation: Split | None = None,
    or_popularity: bool = True,
    seed: int = 0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[Choice, list[Trial]]:
    """Return the best choice found and every trial; the default when nobody likes two items.

    `validation`, cut from the interactions, stands in for a fifth of each listener's items: by
    time, say. With `or_popularity` it is chosen where nothing else surely beats it.
    """
    rng = np.random.default_rng(seed)
    split = by_user(interactions, rng=rng) if validation is None else validation
    bench = Bench.of(split, rng, workers)
    if not (bench.held_out.data > 0).any():
        return Choice(), []
    ranks = LOW_RANKS if sum(interactions.matrix.shape) <= MANY else SMALL_LOW_RANKS
    best, weights, trials = _ridges(bench, rng, progress)
    blends = []
    for setting in ranks:
        low_rank = factors.train(
            bench.learnt, setting, seed=seed, workers=workers, progress=progress
        )
        blends += _blends(bench, best.choice, weights, low_rank, setting)
    trials += blends
    best = _worth_it(best, blends)
    if or_popularity:
        plain = _popularity(bench)
        trials.append(plain)
        best = best if best.surely_beats(plain) else plain
    return best.choice, trials


def _popularity(bench: Bench) -> Trial:
    nothing = no_weights(bench.histories.shape[1], bench.columns.size)
    ones = np.ones((1, bench.columns.size), np.float32)
    return Trial.of(POPULARITY, bench.figures(nothing, None, ones, [0.0])[0, 0])


def _ridges(
    bench: Bench, rng: np.random.Generator, progress: Progress | None
) -> tuple[Trial, csr_array, list[Trial]]:
    """Return the best ridge, its weights not yet scaled, and every trial."""
    meetings = Meetings.from_matrix(bench.learnt, bound=3000, rng=rng)
    scales = _scales(bench, meetings.support)
    weights = dict(_solve(bench, meetings, K, PENALTIES, (0.5, 1.0), progress))
    trials = _rank_ridges(bench, weights, scales)
    best = max(trials, key=lambda trial: trial.ndcg)
    if best.choice.k == K and affordable(bench.learnt, 2 * K):
        penalty = (best.choice.regularization, best.choice.dropout)
        wider = dict(_solve(bench, meetings, 2 * K, [penalty], (1.0,), progress))
        weights |= wider
        wider_trials = _rank_ridges(bench, wider, scales)
        best = _worth_it(best, wider_trials)
        trials += wider_trials
    return best, weights[replace(best.choice, popularity_power=0.0)], trials


def _worth_it(narrow: Trial, dearer: Sequence[Trial]) -> Trial:
    """Return the best of the dearer where it is worth its cost."""
    best = max([narrow, *dearer], key=lambda trial: trial.ndcg)
    return best if best.ndcg > WORTH_IT * narrow.ndcg else narrow


def affordable(matrix: csr_array, k: int) -> bool:
    """Return whether a ridge of `k` neighbours costs no more than iALS of 256 factors would.

    Both in multiplications: an item has no more neighbours than its users met items, and takes
    k^3 / 3, at half the speed; a user or an item takes iALS 15 rounds of three steps of 256^2.
    A rule and not a clock, so that the same data choose alike on every machine.
    """
    met = matrix.astype(bool).astype(np.float64)
    reached = met.T @ np.diff(matrix.indptr).astype(np.float64)
    ours = 2 * (np.minimum(reached, k) ** 3).sum() / 3
    return bool(ours <= 15 * 3 * 256**2 * sum(matrix.shape))


def _scales(bench: Bench, support: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.stack([unpopularity(support, power)[bench.columns] for power in POWERS])


def _solve(
    bench: Bench,
    meetings: Meetings,
    k: int,
    penalties: Sequence[tuple[float, float]],
    shares: Sequence[float],
    progress: Progress | None,
) -> Iterator[tuple[Choice, csr_array]]:
    solved = solve_columns(
        meetings,
        k=k,
        lengths=np.maximum(meetings.support, 1.0) ** 0.4,
        penalties=penalties,
        shares=shares,
        items=bench.columns,
        workers=bench.workers,
        progress=progress,
    )
    settings = [(penalty, share) for penalty in penalties for share in shares]
    for number, ((regularization, dropout), share) in enumerate(settings):
        choice = Choice(round(k * share), regularization, dropout, 0.0)
        weights = from_columns(
            solved.neighbours, solved.weights[number], n_items=meetings.support.size
        )
        yield choice, weights


def _rank_ridges(
    bench: Bench, weights: dict[Choice, csr_array], scales: NDArray[np.float32]
) -> list[Trial]:
    return [
        Trial.of(replace(choice, popularity_power=power), figure)
        for choice, matrix in weights.items()
        for power, figure in zip(
            POWERS, bench.figures(matrix, None, scales, [0.0])[:, 0], strict=True
        )
    ]


def _blends(
    bench: Bench, best: Choice, weights: csr_array, low_rank: LowRank, setting: factors.Setting
) -> list[Trial]:
    support = np.bincount(bench.learnt.indices, minlength=bench.learnt.shape[1])
    powers = sorted({best.popularity_power, max(0.0, best.popularity_power - 0.1)})
    scales = np.stack([unpopularity(support, power)[bench.columns] for power in powers])
    figures = bench.figures(weights, low_rank, scales, SHARES)
    return [
        Trial.of(
            replace(
                best,
                popularity_power=power,
                factors=setting.factors,
                alpha=setting.alpha,
                shrinkage=setting.regularization,
                low_rank_share=share,
            ),
            figure,
        )
        for power, row in zip(powers, figures, strict=True)
        for share, figure in zip(SHARES, row, strict=True)
    ]
