"""Which mix of listening and content is best, by validation inside the training data only.

A fifth of each listener's items is held out once. First what tags weigh in the ridge is settled,
by listening alone, then how content is mixed in, then how much is carried to unheard tracks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.content import Content
from recommendations.engine.evaluation.metrics import PerUser, accuracy, relevant_counts
from recommendations.engine.evaluation.splits import Split, by_user
from recommendations.engine.interactions import Interactions
from recommendations.engine.linear import only_columns
from recommendations.engine.mix import Mix, carried_through, listeners, mixed
from recommendations.engine.parallel import Progress, tell
from recommendations.engine.ranking import top_n
from recommendations.engine.search import surely_ahead
from recommendations.engine.segue import Segue

KAPPAS = (0.1, 0.5, 2.0, 8.0)
SHARES = (0.1, 0.3, 1.0, 3.0)
CARRIES = (0.0, 0.5, 1.0, 2.0, 4.0)
TAGS = (0.5, 1.0, 2.0)
UNHEARD = 0.2  # of the tracks, taken for such in the validation
LISTED = 50  # of them
JUDGES = 2000  # listeners asked in the validation
ROWS = 256  # of whom so many at once

Learn = Callable[[Interactions, float], Segue]  # with tags that weigh so much


@dataclass(frozen=True)
class Validated:
    """The mix chosen, and the model as it was asked for what validation held out."""

    mix: Mix
    split: Split
    model: Segue


def choose_mix(
    interactions: Interactions,
    content: Content,
    learn: Learn,
    *,
    has_tags: bool,
    seed: int,
    progress: Progress | None,
) -> Validated | None:
    """Return None where nobody can be asked anything: then the default must do."""
    rng = np.random.default_rng(seed)
    split = by_user(interactions, rng=rng)
    judges = np.sort(rng.permutation(np.flatnonzero(relevant_counts(split.held_out)))[:JUDGES])
    if judges.size == 0:
        return None
    tags, listening = _best_tags(split, judges, learn, TAGS if has_tags else ())
    counts = listeners(split.train)
    tried = [Mix(kappa, share, tags=tags) for kappa in KAPPAS for share in SHARES]
    figures = []
    for mix in tried:
        model = mixed(listening, content, counts, mix)[0]
        figures.append(np.nanmean(_figures(model, split, judges)))
        tell(progress, len(figures), len(tried))
    carry = _best_carry(listening, content, split, judges, rng, progress)
    best = replace(tried[int(np.argmax(figures))], carry=carry)
    return Validated(best, split, mixed(listening, content, counts, best, progress)[0])


def _best_tags(
    split: Split, judges: NDArray[np.int64], learn: Learn, weights: Sequence[float]
) -> tuple[float, Segue]:
    """Return what tags weigh, 0 where they surely gain nothing, and what learnt with them."""
    plain = learn(split.train, 0.0)
    if not weights:
        return 0.0, plain
    without = _figures(plain, split, judges)
    chosen, best = (0.0, plain), without
    for weight in weights:
        model = learn(split.train, weight)
        figures = _figures(model, split, judges)
        if surely_ahead(figures, without) and np.nanmean(figures) > np.nanmean(best):
            chosen, best = (weight, model), figures
    return chosen


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
    through = carried_through(history, near, np.where(unheard, 0, counts), progress)
    alike, heard = (
        only_columns(csr_array(histories @ columns), unheard) for columns in (near, through)
    )
    ranked = [top_n(csr_array(alike + carry * heard), LISTED) for carry in CARRIES]
    figures = [np.nanmean(accuracy(each, answers, n=LISTED)["ndcg"]) for each in ranked]
    return CARRIES[int(np.argmax(figures))]


def _figures(model: Segue, split: Split, judges: NDArray[np.int64]) -> PerUser:
    """Return the NDCG of each judge."""
    per_judge = []
    for start in range(0, judges.size, ROWS):
        rows = judges[start : start + ROWS]
        histories = csr_array(split.train.matrix[rows])
        ranked = top_n(model.score(histories), 20, hide=histories)
        per_judge.append(accuracy(ranked, csr_array(split.held_out[rows]))["ndcg"])
    return np.concatenate(per_judge)
