"""The hybrid: what listening says of a track, and what its sound and tags say, by its support.

    W[:, j] = s_j * listening[:, j] + (1 - s_j) * share * content[:, j],  s_j = n_j / (n_j + kappa)

with n_j the listeners track j has. A track that nobody has played has a column from the start,
and loses it to listening as listeners come: what its content says, and `carry` times as loud what
listening says of the tracks it is like (`unheard.py`). Kappa, share and carry come from validation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.content import Content
from recommendations.engine.evaluation.metrics import accuracy, relevant_counts
from recommendations.engine.evaluation.splits import Split, by_user
from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.engine.linear import liked, only_columns, scale_columns
from recommendations.engine.model import LowRank
from recommendations.engine.parallel import Progress, tell
from recommendations.engine.protocol import NotFittedError
from recommendations.engine.ranking import top_n
from recommendations.engine.search import Choice, choose
from recommendations.engine.segue import Segue
from recommendations.engine.unheard import carried

KAPPAS = (0.1, 0.5, 2.0, 8.0)
SHARES = (0.1, 0.3, 1.0, 3.0)
CARRIES = (0.0, 0.5, 1.0, 2.0, 4.0)
CARRIED = 100  # weights kept of what is carried to a track
CARRIERS = 30  # tracks that carry it there
UNHEARD = 0.2  # of the tracks, taken for such in the validation
LISTED = 50  # of them
JUDGES = 2000  # listeners asked in the validation
ROWS = 256  # of whom so many at once


@dataclass(frozen=True)
class Mix:
    kappa: float = 1.0
    share: float = 0.3
    carry: float = 0.0


class Hybrid:
    """After `fit`, `sources_` has the weights by source, "history", "sound" and "tags", each
    scaled as it counts: their products with a history, and the low-rank part, sum to the score.

    `progress` is told the share done of each step; what it raises stops the fit.
    """

    sources_: dict[str, csr_array] | None = None  # each (n_items, n_items)
    low_rank_: LowRank | None = None
    support_: NDArray[np.float32] | None = None  # (n_items,) s of the formula
    choice_: Choice | None = None
    mix_: Mix | None = None
    listening_: Segue | None = None

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        choice: Choice | None = None,
        mix: Mix | None = None,
        row_limit: int | None = None,
        seed: int = 0,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.choice = choice
        self.mix = mix
        self.row_limit = row_limit
        self.seed = seed
        self.workers = workers
        self.progress = progress

    def fit(self, interactions: Interactions) -> Self:
        """:raises ValueError: if the catalogue has other columns than the interactions"""
        self.sources_ = self.low_rank_ = None
        content = Content(self.catalogue, seed=self.seed, progress=self.progress)
        content.fit(interactions)
        self.choice_ = self.choice or self._choose(interactions)
        self.mix_ = self.mix or self._choose_mix(interactions, content)
        self._put_together(interactions, content, self.choice_, self.mix_)
        return self

    def score(self, histories: csr_array) -> csr_array:
        if self.listening_ is None or self.sources_ is None:
            raise NotFittedError("The hybrid has no weights yet: call fit first.")
        return self.listening_.score(histories)

    def _choose(self, interactions: Interactions) -> Choice:
        """Never popularity alone: with content beside it, less listening is worth something."""
        return choose(
            interactions,
            or_popularity=False,
            seed=self.seed,
            workers=self.workers,
            progress=self.progress,
        )[0]

    def _segue(self) -> Segue:
        return Segue(
            choice=self.choice_,
            row_limit=self.row_limit,
            seed=self.seed,
            workers=self.workers,
            progress=self.progress,
        )

    def _choose_mix(self, interactions: Interactions, content: Content) -> Mix:
        rng = np.random.default_rng(self.seed)
        split = by_user(interactions, rng=rng)
        judges = np.sort(rng.permutation(np.flatnonzero(relevant_counts(split.held_out)))[:JUDGES])
        if judges.size == 0:
            return Mix()
        listening = self._segue().fit(split.train)
        counts = listeners(split.train)
        tried = [Mix(kappa, share) for kappa in KAPPAS for share in SHARES]
        figures = []
        for mix in tried:
            figures.append(_figure(mixed(listening, content, counts, mix)[0], split, judges))
            tell(self.progress, len(figures), len(tried))
        best = tried[int(np.argmax(figures))]
        carry = _best_carry(listening, content, split, judges, rng, self.progress)
        return replace(best, carry=carry)

    def _put_together(
        self, interactions: Interactions, content: Content, choice: Choice, mix: Mix
    ) -> None:
        listening = self._segue().fit(interactions)
        counts = listeners(interactions)
        self.listening_, self.sources_ = mixed(listening, content, counts, mix, self.progress)
        self.low_rank_ = self.listening_.low_rank_
        self.support_ = support(counts, mix.kappa)


def listeners(interactions: Interactions) -> NDArray[np.int64]:
    return np.bincount(liked(interactions).indices, minlength=interactions.n_items)


def support(counts: NDArray[np.int64], kappa: float) -> NDArray[np.float32]:
    return (counts / (counts + kappa)).astype(np.float32)


def mixed(
    listening: Segue,
    content: Content,
    counts: NDArray[np.int64],
    mix: Mix,
    progress: Progress | None = None,
) -> tuple[Segue, dict[str, csr_array]]:
    """Return a model with the mix for its weights, and the weights by source.

    Content is brought to the size of listening first, so that shares mean the same everywhere.
    """
    known = support(counts, mix.kappa)
    history = listening.weights_
    if history is None or content.weights_ is None or content.sources_ is None:
        raise NotFittedError("A mix needs both its parts fitted.")
    rest = (1 - known) * mix.share * _size(history) / max(_size(content.weights_), 1e-9)
    heard = scale_columns(history, known)
    if mix.carry:
        through = _through(history, content.weights_, counts, progress)
        rest = np.where(counts == 0, rest / (1 + mix.carry), rest)
        heard = csr_array(heard + scale_columns(through, mix.carry * rest))
    sources = {"history": heard} | {
        name: scale_columns(weights, rest) for name, weights in content.sources_.items()
    }
    model = Segue(choice=listening.choice)
    model.weights_ = csr_array(sum(sources.values(), csr_array(history.shape, dtype=np.float32)))
    model.popular_ = listening.popular_
    if listening.low_rank_ is not None:
        scale = listening.low_rank_.scale * known
        model.low_rank_ = replace(listening.low_rank_, scale=scale)
    return model, sources


def _through(
    history: csr_array,
    near: csr_array,
    counts: NDArray[np.int64],
    progress: Progress | None,
) -> csr_array:
    """Return what listening says of tracks without listeners, brought to the size of content."""
    through = carried(history, near, counts, k=CARRIED, near=CARRIERS, progress=progress)
    return csr_array(through * (_size(near) / max(_size(through), 1e-9)))


def _best_carry(
    listening: Segue,
    content: Content,
    split: Split,
    judges: NDArray[np.int64],
    rng: np.random.Generator,
    progress: Progress | None,
) -> float:
    """Take a fifth of the tracks for unheard, and ask for those of them that the judges play."""
    history, near = listening.weights_, content.weights_
    if history is None or near is None or not near.nnz:
        return Mix.carry
    counts = listeners(split.train)
    unheard = (rng.random(counts.size) < UNHEARD) & (counts > 0)
    learnt = csr_array(split.train.matrix[judges])
    histories = only_columns(learnt, ~unheard)
    answers = only_columns(csr_array(learnt + split.held_out[judges]), unheard)
    if not (answers.data > 0).any():
        return Mix.carry
    through = _through(history, near, np.where(unheard, 0, counts), progress)
    alike, heard = (
        only_columns(csr_array(histories @ columns), unheard) for columns in (near, through)
    )
    ranked = [top_n(csr_array(alike + carry * heard), LISTED) for carry in CARRIES]
    figures = [np.nanmean(accuracy(each, answers, n=LISTED)["ndcg"]) for each in ranked]
    return CARRIES[int(np.argmax(figures))]


def _size(weights: csr_array) -> float:
    """Return the root mean square of the ten heaviest weights a column, about what scores have."""
    columns = max(np.unique(weights.indices).size, 1)
    heavy = np.sort(np.abs(weights.data))[-10 * columns :]
    return float(np.sqrt(np.mean(heavy**2))) if heavy.size else 1.0


def _figure(model: Segue, split: Split, judges: NDArray[np.int64]) -> float:
    per_user = [
        accuracy(ranked, csr_array(split.held_out[rows]))["ndcg"]
        for rows, ranked in _ranked(model, split, judges)
    ]
    return float(np.nanmean(np.concatenate(per_user)))


def _ranked(
    model: Segue, split: Split, judges: Sequence[int] | NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32]]]:
    for start in range(0, len(judges), ROWS):
        rows = np.asarray(judges[start : start + ROWS])
        histories = csr_array(split.train.matrix[rows])
        yield rows, top_n(model.score(histories), 20, hide=histories)
