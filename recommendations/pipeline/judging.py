"""How good a candidate is: on one split by time, beside the live version and the baselines.

All are fitted on the same earlier part and asked for the same later one. Of the live version its
settings are fitted anew: its arrays have seen the later part, so they would only be repeating it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np

from recommendations.engine.evaluation import metrics
from recommendations.engine.evaluation.bootstrap import Interval, paired_interval
from recommendations.engine.evaluation.report import Evaluation, measure
from recommendations.engine.evaluation.splits import Split, keep_entries
from recommendations.engine.hybrid import Hybrid
from recommendations.engine.interactions import Catalogue
from recommendations.engine.knn import CosineKNN
from recommendations.engine.mix import Mix
from recommendations.engine.popularity import Popularity
from recommendations.engine.protocol import Recommender
from recommendations.engine.search import Choice
from recommendations.models import ModelVersion
from recommendations.pipeline.gate import FEW

DATA = "This site's own listeners"
JUDGES = 5_000  # listeners asked at most, drawn at random
ROW_LIMIT = 200  # entries a history track may cost when a list is made
NAMES = {
    "candidate": "This version",
    "live": "The version before",
    "knn": "Item-kNN, cosine, 200 neighbours",
    "popularity": "Most popular",
}

Setting = TypeVar("Setting", Choice, Mix)
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Settings:
    """What a training chose, so that it need not be chosen again."""

    choice: Choice | None = None
    mix: Mix | None = None

    @classmethod
    def of(cls, hybrid: Hybrid) -> Settings:
        return cls(hybrid.choice_, hybrid.mix_)

    @classmethod
    def stored(cls, parameters: dict[str, Any]) -> Settings:
        return cls(_read(Choice, parameters["choice"]), _read(Mix, parameters["mix"]))

    def to_dict(self) -> dict[str, Any]:
        return {
            "choice": asdict(self.choice) if self.choice else {},
            "mix": asdict(self.mix) if self.mix else {},
        }


@dataclass(frozen=True)
class Judged:
    settings: Settings
    evaluations: dict[str, Evaluation]  # by the names of NAMES
    versus: dict[str, Interval]  # the candidate's lead in NDCG, listener by listener

    def to_dict(self) -> dict[str, Any]:
        return {
            "evaluations": {name: found.to_dict() for name, found in self.evaluations.items()},
            "versus": {name: asdict(lead) for name, lead in self.versus.items()},
        }


def can_be_judged(split: Split) -> bool:
    return asked_in(split) >= FEW and split.train.n_users - int(split.cold_users.sum()) >= FEW


def asked_in(split: Split) -> int:
    """Return how many listeners went for something they had not met before."""
    return int(np.count_nonzero(metrics.relevant_counts(split.held_out)))


def judge(
    split: Split,
    catalogue: Catalogue,
    *,
    live: ModelVersion | None,
    seed: int,
    progress: Progress | None = None,
) -> Judged:
    """Choose settings on the earlier part alone, and measure them on the later one."""
    rng = np.random.default_rng(seed)
    split = _of_some(split, rng)
    candidate = hybrid(catalogue, Settings(), seed, progress).fit(split.train)
    settings = Settings.of(candidate)
    fitted: dict[str, Recommender] = {
        "candidate": candidate,
        "knn": CosineKNN(row_limit=ROW_LIMIT, seed=seed).fit(split.train),
        "popularity": Popularity().fit(split.train),
    }
    if live is not None and (again := _again(live, settings, fitted, catalogue, split, seed)):
        fitted["live"] = again
    found = {
        name: measure(model, split, model=NAMES[name], data=DATA, rng=rng)
        for name, model in fitted.items()
    }
    found["candidate"] = _beside_validation(found["candidate"], candidate, rng)
    return Judged(settings, found, _leads(found, rng))


def _beside_validation(
    found: Evaluation, candidate: Hybrid, rng: np.random.Generator
) -> Evaluation:
    """Put the figures beside it by which the settings were chosen, on the split of the search."""
    validated = candidate.validated_
    if validated is None:
        return found
    asked = _of_some(validated.split, rng)
    return found.with_validation(
        measure(validated.model, asked, model=found.model, data=DATA, rng=rng)
    )


def hybrid(
    catalogue: Catalogue, settings: Settings, seed: int, progress: Progress | None = None
) -> Hybrid:
    return Hybrid(
        catalogue,
        choice=settings.choice,
        mix=settings.mix,
        row_limit=ROW_LIMIT,
        seed=seed,
        progress=progress,
    )


def _again(
    live: ModelVersion,
    settings: Settings,
    fitted: dict[str, Recommender],
    catalogue: Catalogue,
    split: Split,
    seed: int,
) -> Recommender | None:
    """The live version's settings, fitted on the earlier part; None if they cannot be read."""
    if live.algorithm == "popularity":
        return fitted["popularity"]
    try:
        known = Settings.stored(live.parameters)
    except (KeyError, TypeError, AttributeError):
        return None
    if known == settings:
        return fitted["candidate"]
    return hybrid(catalogue, known, seed).fit(split.train)


def _read(kind: type[Setting], values: dict[str, Any]) -> Setting:
    """What an earlier release did not know has its default."""
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in values.items() if name in known})


def _of_some(split: Split, rng: np.random.Generator) -> Split:
    """Ask `JUDGES` listeners at most; what is learnt stays the same."""
    counts = metrics.relevant_counts(split.held_out)
    asked = np.flatnonzero(counts)
    if asked.size <= JUDGES:
        return split
    drawn = np.zeros(counts.size, dtype=bool)
    drawn[rng.permutation(asked)[:JUDGES]] = True
    kept = keep_entries(split.held_out, np.repeat(drawn, np.diff(split.held_out.indptr)))
    words = f"{split.method}, {JUDGES:,} of {asked.size:,} listeners drawn at random"
    return replace(split, held_out=kept, method=words)


def _leads(found: dict[str, Evaluation], rng: np.random.Generator) -> dict[str, Interval]:
    ours = found["candidate"].per_user["ndcg"]
    return {
        name: paired_interval(ours, other.per_user["ndcg"], rng=rng)
        for name, other in found.items()
        if name != "candidate"
    }
