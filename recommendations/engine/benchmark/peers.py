"""The models that compete; each tunes itself by validation inside the training part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.ease import EASE
from recommendations.engine.evaluation.metrics import accuracy, relevant_counts
from recommendations.engine.evaluation.splits import Split, by_user
from recommendations.engine.ials import IALS
from recommendations.engine.interactions import Interactions
from recommendations.engine.knn import CosineKNN
from recommendations.engine.popularity import Popularity
from recommendations.engine.protocol import NotFittedError, Recommender
from recommendations.engine.ranking import top_n
from recommendations.engine.segue import Segue

Setting = dict[str, Any]
JUDGES = 4000  # users asked in a validation
ROWS = 512  # histories scored at once
CANDIDATES = 500  # scored beside a history where not all are; more for longer lists

KNN_GRID = [
    {"k": 200, "history_power": history, "candidate_power": candidate, "user_power": user}
    for history, candidate in ((0.5, 0.5), (0.4, 0.4), (0.3, 0.3), (0.5, 0.3), (0.7, 0.3))
    for user in (0.0, 0.5)
]
EASE_GRID = [{"regularization": value} for value in (20.0, 100.0, 500.0)]
IALS_GRID = [
    {"factors": factors, "alpha": alpha}
    for factors in (32, 64, 128, 256)
    for alpha in (1.0, 5.0, 20.0)
]
IALS_THEN = [{"regularization": value} for value in (1.0, 10.0)]  # with the best of the first


class Tuned:
    """The best of some settings by NDCG@20 on a fifth of each user's items, then trained on all.

    They are those for lists of 20, however long the lists asked for later. Each grid is tried in
    turn on top of the best so far.
    """

    model_: Recommender | None = None
    setting_: Setting | None = None
    validation_ndcg_: float | None = None  # of the best setting; None when nobody could be asked

    def __init__(
        self, make: Callable[..., Any], grids: Sequence[Sequence[Setting]], *, seed: int = 0
    ) -> None:
        self.make = make
        self.grids = grids
        self.seed = seed

    def fit(self, interactions: Interactions) -> Self:
        split = by_user(interactions, rng=np.random.default_rng(self.seed))
        best: Setting = {}
        best_figure = -1.0
        for grid in self.grids:
            for setting in [{**best, **change} for change in grid]:
                figure = judge(self.make(**setting).fit(split.train), split)
                if figure > best_figure:
                    best, best_figure = setting, figure
        self.setting_ = best
        self.validation_ndcg_ = best_figure if _judges(split).size else None
        self.model_ = self.make(**best).fit(interactions)
        return self

    def score(self, histories: csr_array) -> csr_array:
        if self.model_ is None:
            raise NotFittedError("Nothing is tuned yet: call fit first.")
        return self.model_.score(histories)

    def again(self) -> Recommender:
        """Return the model untrained, with the setting that won."""
        return self.make(**(self.setting_ or {}))


class Product(Segue):
    """What the product chooses by itself."""

    def again(self) -> Segue:
        return Segue(choice=self.choice_, seed=self.seed)

    @property
    def setting_(self) -> Setting:
        return vars(self.choice_) if self.choice_ else {}

    @property
    def validation_ndcg_(self) -> float | None:
        """On a sample of the items where the catalogue is large; see `search`."""
        return next((trial.ndcg for trial in self.trials_ if trial.choice == self.choice_), None)


def judge(model: Recommender, split: Split, *, n: int = 20) -> float:
    """Return the mean NDCG; 0 when there is nobody to ask."""
    judges = _judges(split)
    if judges.size == 0:
        return 0.0
    held_out = csr_array(split.held_out[judges])
    histories = csr_array(split.train.matrix[judges])
    return float(np.nanmean(accuracy(rank(model, histories, n), held_out, n=n)["ndcg"]))


def _judges(split: Split) -> NDArray[np.int64]:
    return np.flatnonzero(relevant_counts(split.held_out))[:JUDGES]


def rank(
    model: Recommender, histories: csr_array, n: int, *, hide: csr_array | None = None
) -> NDArray[np.int32]:
    """Return lists of `n`, or of all items where there are fewer, a few rows at a time.

    `hide` is the history if not given.
    """
    n = min(n, histories.shape[1])
    hidden = histories if hide is None else hide
    lists = [np.empty((0, n), np.int32)]
    for start in range(0, histories.shape[0], ROWS):
        scores = model.score(csr_array(histories[start : start + ROWS]))
        lists.append(top_n(scores, n, hide=csr_array(hidden[start : start + ROWS])))
    return np.concatenate(lists)


def candidates(n: int) -> int:
    """Return how many a model that does not score all items must score for lists of `n`."""
    return max(CANDIDATES, n)


# Made of a seed and the length of the lists
MODELS: Mapping[str, Callable[[int, int], Recommender]] = {
    "popularity": lambda seed, n: Popularity(candidates=candidates(n)),
    "knn": lambda seed, n: Tuned(partial(CosineKNN, seed=seed), [KNN_GRID], seed=seed),
    "ease": lambda seed, n: Tuned(EASE, [EASE_GRID], seed=seed),
    "ials": lambda seed, n: Tuned(
        partial(IALS, seed=seed, candidates=candidates(n)), [IALS_GRID, IALS_THEN], seed=seed
    ),
    "segue": lambda seed, n: Product(seed=seed),
}
