"""Versions side by side, fact by fact."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from recommendations import pipeline
from recommendations.models import ModelVersion

if TYPE_CHECKING:
    from recommendations.pipeline import Figures, Interval

UNKNOWN = "–"
COUNTS = {
    "listeners": "Listeners who taught",
    "plays": "Plays",
    "opinions": "Opinions",
    "tracks": "Tracks",
    "pairs": "Pairs of listener and track",
    "tracks_with_sound": "Tracks with sound",
}
MEASURES = {
    "ndcg": "NDCG@20",
    "recall": "Recall@20",
    "precision": "Precision@20",
    "hit_rate": "Hit rate@20",
}
BEYOND = {
    "coverage": "Tracks shown to anyone",
    "novelty": "Novelty, in bits",
    "diversity": "Diversity",
    "popularity_lift": "Popularity against the history",
}
OTHERS = {
    "popularity": "Lead over the most popular",
    "knn": "Lead over item-kNN",
    "live": "Lead over the version before it",
}


class Row(NamedTuple):
    label: str
    cells: list[str]  # one for each version

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


def compared(versions: Sequence[ModelVersion]) -> list[Row]:
    columns = [dict(_facts(version, pipeline.figures_of(version))) for version in versions]
    labels = dict.fromkeys(label for column in columns for label in column)
    return [Row(label, [column.get(label, UNKNOWN) for column in columns]) for label in labels]


def in_words(found: Interval | None, *, sign: bool = False) -> str:
    if found is None or math.isnan(found.mean):
        return UNKNOWN
    form = "+.3f" if sign else ".3f"
    if math.isnan(found.low):
        return f"{found.mean:{form}}"
    return f"{found.mean:{form}} ({found.low:{form}} to {found.high:{form}})"


def _facts(version: ModelVersion, figures: Figures) -> Iterator[tuple[str, str]]:
    yield "State", version.get_state_display()
    yield "Why", version.message or UNKNOWN
    yield "Kind", version.algorithm
    yield "Trained", f"{version.started_at:%Y-%m-%d %H:%M}"
    seconds = version.seconds
    yield "Took", UNKNOWN if seconds is None else f"{seconds:,.0f} s"
    yield from ((words, f"{version.data.get(name, 0):,}") for name, words in COUNTS.items())
    yield from _measured(figures)
    yield from _settings(version.parameters)
    yield "Checksum", version.checksum[:12] or UNKNOWN


def _measured(figures: Figures) -> Iterator[tuple[str, str]]:
    if own := figures.own:
        yield "Split", own.split
        yield "Listeners asked", f"{own.n_users:,}"
        yield from ((words, in_words(own.accuracy[name])) for name, words in MEASURES.items())
        yield from ((words, f"{own.beyond[name]:.3f}") for name, words in BEYOND.items())
    for name, words in OTHERS.items():
        yield words, in_words(figures.leads.get(name), sign=True)


def _settings(parameters: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for group in ("choice", "mix"):
        for name, value in parameters.get(group, {}).items():
            yield f"Setting: {name.replace('_', ' ')}", str(value)
