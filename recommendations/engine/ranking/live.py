"""From a history to a list: score, hide, steer, then rank by the rules. One listener at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommendations.engine.lookup import places_of
from recommendations.engine.model import Folded, Scratch, ServingModel
from recommendations.engine.ranking import kernels
from recommendations.engine.ranking.rules import DIVERSITY, EXPLORATION, Rules, choose
from recommendations.engine.ranking.steering import Steering, slider_terms

NOTHING = np.empty(0, np.int32)
EVERYTHING = np.empty(0, np.bool_)
POOL = 10  # candidates looked at for each place of the list


@dataclass(frozen=True)
class Taste:
    """A history as the engine sees it; items the model does not know are simply left out."""

    items: NDArray[np.int32]  # columns
    weights: NDArray[np.float32]

    @classmethod
    def of(cls, model: ServingModel, item_ids: ArrayLike, weights: ArrayLike) -> Taste:
        columns = model.columns(item_ids)
        known = columns >= 0
        return cls(columns[known], np.asarray(weights, dtype=np.float32)[known])


@dataclass(frozen=True)
class Ranking:
    items: NDArray[np.int32]  # (n,) columns, in the order of the list
    scores: NDArray[np.float64]  # (n,) with every term, steering included
    added: Mapping[str, NDArray[np.float64]]  # by name, (n,): terms that no history item explains
    flags: NDArray[np.uint8]  # (n,) DIVERSITY, EXPLORATION: the rule that put it there
    held_back: Mapping[str, int]  # by rule: how many candidates it kept off the list
    taste: Taste
    folded: Folded | None = None  # the taste among the factors of the model, if it has any
    steering: Steering = field(default_factory=Steering)

    def rules_at(self, position: int) -> list[str]:
        """Return the names of the rules that put the item at this position (from 0)."""
        names = {DIVERSITY: "diversity", EXPLORATION: "exploration"}
        return [name for flag, name in names.items() if self.flags[position] & flag]


def recommend(
    model: ServingModel,
    taste: Taste,
    n: int,
    *,
    hidden: NDArray[np.int32] = NOTHING,
    allowed: NDArray[np.bool_] = EVERYTHING,
    also: NDArray[np.int32] = NOTHING,
    steering: Steering | None = None,
    rules: Rules | None = None,
    added: Mapping[str, tuple[NDArray[np.int32], NDArray[np.float64]]] | None = None,
    rng: np.random.Generator | None = None,
    pool_size: int | None = None,
) -> Ranking:
    """Return the `n` best for a taste, or fewer when there are fewer candidates.

    Candidates are what the taste reaches through the model, and `also` (for those it cannot
    reach: the popular, the fresh, the tracks of a genre). `hidden` are columns never shown;
    `allowed`, one flag an item, says what may be (playable, of the genre asked for). `added` are
    further terms by name, as columns and values in units of the best score: what was shown
    lately, what a curator demoted.

    Sliders, `added` and the low-rank part act on the `pool_size` best of the sparse scores, and
    the rules choose from these (10 n where it is not given).
    Versions of what is hidden are the caller's to hide, since only it knows why it hides.
    """
    if allowed.size not in (0, model.n_items):
        raise ValueError(f"allowed has {allowed.size} flags for {model.n_items} items")
    steering, rules = steering or Steering(), rules or Rules()
    hidden, also = _real(model, hidden), _real(model, also)
    limit = POOL * n if pool_size is None else max(n, pool_size)
    pool, scores, left_out = _pool(model, taste, steering, hidden, allowed, also, limit)
    folded = _folded(model, taste)
    if folded is not None:
        scores += steering.share("history") * folded.scores(pool)
    unit = float(np.abs(scores).max(initial=0.0)) or 1.0
    vectors = _vectors(model, pool, steering, rules)
    terms = slider_terms(model, steering, pool, vectors, taste.items, taste.weights, unit)
    terms |= {name: unit * _at(pool, *values) for name, values in (added or {}).items()}
    if terms or model.low_rank is not None:
        scores = scores + sum(terms.values())
        order = np.lexsort((pool, -scores))
        pool, scores, vectors = pool[order], scores[order], vectors[order]
        terms = {name: values[order] for name, values in terms.items()}
    chosen = choose(scores, model.artist[pool], model.work[pool], vectors, n, rules, rng)
    return Ranking(
        items=pool[chosen.places],
        scores=scores[chosen.places],
        added={name: values[chosen.places] for name, values in terms.items()},
        flags=chosen.flags,
        held_back={"hidden": left_out, **chosen.held_back},
        taste=taste,
        folded=folded,
        steering=steering,
    )


def _real(model: ServingModel, columns: NDArray[np.int32]) -> NDArray[np.int32]:
    """The compiled loops check no bounds, and -1 (an id the model does not know) is usual."""
    columns = np.asarray(columns, dtype=np.int32)
    return columns[(columns >= 0) & (columns < model.n_items)]


def _pool(
    model: ServingModel,
    taste: Taste,
    steering: Steering,
    hidden: NDArray[np.int32],
    allowed: NDArray[np.bool_],
    also: NDArray[np.int32],
    limit: int,
) -> tuple[NDArray[np.int32], NDArray[np.float64], int]:
    scratch = model.scratch
    try:
        count = kernels.add_candidates(also, scratch.scores, scratch.touched)
        for term in model.terms:
            weights = taste.weights * np.float64(steering.share(term.name))
            count = kernels.add_term(
                term.indptr, term.indices, term.data, taste.items, weights,
                scratch.scores, scratch.touched, count,
            )  # fmt: skip
        return kernels.collect(scratch.scores, scratch.touched, count, hidden, allowed, limit)
    except BaseException:  # the scratch may be left half used
        Scratch.__init__(scratch, model.n_items)
        raise


def _folded(model: ServingModel, taste: Taste) -> Folded | None:
    if model.low_rank is None or not taste.items.size:
        return None
    return model.low_rank.folded(taste.items, taste.weights)


def _vectors(
    model: ServingModel, pool: NDArray[np.int32], steering: Steering, rules: Rules
) -> NDArray[np.float32]:
    if rules.diversity <= 0 and not steering.adventure:
        return np.empty((pool.size, 0), np.float32)
    return model.vectors[pool].astype(np.float32)


def _at(
    pool: NDArray[np.int32], columns: NDArray[np.int32], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the value of each item of the pool, 0 where none is given."""
    if not columns.size:
        return np.zeros(pool.size)
    order = np.argsort(columns, kind="stable")
    values = np.asarray(values, dtype=np.float64)[order]
    at = places_of(pool, columns[order])
    return np.where(at >= 0, values[at], 0.0)
