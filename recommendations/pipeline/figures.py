"""What a version's training measured, read back from its row: for pages and for comparing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recommendations.engine.evaluation.bootstrap import Interval
from recommendations.engine.evaluation.breakdown import Band
from recommendations.engine.evaluation.page import page_fragment
from recommendations.engine.evaluation.report import ColdItems, Evaluation
from recommendations.models import ModelVersion

MAIN = "ndcg"


@dataclass(frozen=True)
class Figures:
    """Both by the names of `judging.NAMES`; empty if nothing was measured."""

    evaluations: Mapping[str, Evaluation]
    leads: Mapping[str, Interval]  # the version's lead in NDCG over each other, paired

    @property
    def own(self) -> Evaluation | None:
        return self.evaluations.get("candidate")

    @property
    def quality(self) -> Interval | None:
        return self.own.accuracy[MAIN] if self.own else None

    def fragment(self) -> dict[str, Any] | None:
        """Return what `recommendations/_evaluation.html` needs."""
        return page_fragment(self.own) if self.own else None


def figures_of(version: ModelVersion) -> Figures:
    stored = version.metrics
    return Figures(
        {name: _evaluation(found) for name, found in stored.get("evaluations", {}).items()},
        {name: _interval(lead) for name, lead in stored.get("versus", {}).items()},
    )


def _evaluation(found: Mapping[str, Any]) -> Evaluation:
    cold, validation = found["cold_items"], found.get("validation")
    plain = ("model", "data", "split", "n", "n_users", "n_items", "n_interactions")
    return Evaluation(
        **{name: found[name] for name in plain},
        accuracy=_intervals(found["accuracy"]),
        beyond={name: _number(value) for name, value in found["beyond"].items()},
        activity=_bands(found["activity"]),
        popularity=_bands(found["popularity"]),
        cold_items=ColdItems(cold["n"], cold["n_items"], _interval(cold["recall"]))
        if cold
        else None,
        validation=_evaluation(validation) if validation else None,
    )


def _bands(found: Sequence[Mapping[str, Any]]) -> list[Band]:
    return [
        Band(band["low"], band["high"], band["share"], _intervals(band["figures"]))
        for band in found
    ]


def _intervals(found: Mapping[str, Any]) -> dict[str, Interval]:
    return {name: _interval(value) for name, value in found.items()}


def _interval(found: Mapping[str, Any]) -> Interval:
    mean, low, high = (_number(found[end]) for end in ("mean", "low", "high"))
    return Interval(mean, low, high, found["n_users"])


def _number(value: float | None) -> float:
    return math.nan if value is None else value
