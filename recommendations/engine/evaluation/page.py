"""An evaluation as the plain values a template prints, in the words of the screen."""

from __future__ import annotations

import math
from typing import Any

from recommendations.engine.evaluation.bootstrap import DRAWS, Interval
from recommendations.engine.evaluation.breakdown import Band
from recommendations.engine.evaluation.report import Evaluation

NAMES = {
    "ndcg": "NDCG@{n}",
    "recall": "Recall@{n}",
    "precision": "Precision@{n}",
    "f1": "F1@{n}",
    "map": "MAP@{n}",
    "mrr": "MRR@{n}",
    "hit_rate": "Hit rate@{n}",
}
BEYOND = {
    "coverage": "Tracks shown to anyone",
    "gini": "Unevenness (Gini)",
    "novelty": "Novelty, in bits",
    "diversity": "Diversity",
    "popularity_lift": "Popularity against the history",
}
UNKNOWN = "–"


def page_fragment(found: Evaluation) -> dict[str, Any]:
    """Return what `recommendations/_evaluation.html` needs."""
    return {
        "model": found.model,
        "says": _says(found),
        "figures": [_figure(found, name) for name in NAMES],
        "beyond": [_beyond(found, name) for name in BEYOND],
        "activity": [_row(band, "tracks") for band in found.activity if _has_users(band)],
        "popularity": [_row(band, "listeners") for band in found.popularity if _has_users(band)],
        "cold_items": _cold_items(found),
        "n": found.n,
        "has_validation": found.validation is not None,
    }


def _says(found: Evaluation) -> str:
    return (
        f"{found.data}, {found.split}, full ranking of {found.n_items:,} tracks with heard tracks "
        f"left out, lists of {found.n}, {found.n_users:,} listeners, "
        f"learned from {found.n_interactions:,} pairs, {DRAWS:,} bootstrap draws."
    )


def _figure(found: Evaluation, name: str) -> dict[str, Any]:
    chosen_by = found.validation.accuracy[name].mean if found.validation else math.nan
    return {
        "name": NAMES[name].format(n=found.n),
        "validation": _number(chosen_by),
        **_interval(found.accuracy[name]),
    }


def _beyond(found: Evaluation, name: str) -> dict[str, str]:
    chosen_by = found.validation.beyond[name] if found.validation else math.nan
    return {
        "name": BEYOND[name],
        "figure": _number(found.beyond[name]),
        "validation": _number(chosen_by),
    }


def _row(band: Band, what: str) -> dict[str, Any]:
    return {
        "name": _band_name(band, what),
        "share": f"{band.share:.0%}",
        "is_cold": band.is_cold,
        "recall": _number(band.figures["recall"].mean),
        **_interval(band.figures["ndcg"]),
    }


def _cold_items(found: Evaluation) -> dict[str, Any] | None:
    if found.cold_items is None:
        return None
    cold = found.cold_items
    return {"n": cold.n, "n_tracks": f"{cold.n_items:,}", **_interval(cold.recall)}


def _interval(figure: Interval) -> dict[str, Any]:
    known = not math.isnan(figure.low)
    return {
        "figure": _number(figure.mean),
        "interval": f"{figure.low:.3f} to {figure.high:.3f}" if known else UNKNOWN,
        "listeners": f"{figure.n_users:,}",
    }


def _number(value: float) -> str:
    return UNKNOWN if math.isnan(value) else f"{value:.3f}"


def _has_users(band: Band) -> bool:
    return band.figures["ndcg"].n_users > 0


def _band_name(band: Band, what: str) -> str:
    if band.is_cold:
        return f"no {what} yet"
    if band.high is None:
        return f"{band.low} {what} and more"
    return f"{band.low} to {band.high - 1} {what}"
