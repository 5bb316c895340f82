"""The measured models as a table and as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from recommendations.engine.benchmark.data import Data, counted
from recommendations.engine.benchmark.files import Noted, UnusableDataError
from recommendations.engine.benchmark.measure import Measured
from recommendations.engine.evaluation.bootstrap import paired_interval

COLUMNS = (
    ("recall", "recall", "{:.4f}"),
    ("ndcg", "NDCG", "{:.4f}"),
    ("validation_ndcg", "validation NDCG", "{:.4f}"),
    ("precision", "precision", "{:.4f}"),
    ("coverage", "coverage", "{:.1%}"),
    ("train_seconds", "train s", "{:.1f}"),
    ("fit_seconds", "last fit s", "{:.1f}"),
    ("peak_mb", "peak MB", "{:.0f}"),
    ("score_us", "score µs", "{:.0f}"),
)


def as_json(data: Data, models: Sequence[Measured], *, n: int, seed: int) -> Any:
    return _without_nan(
        {
            "data": {**data.summary(), "n": n, "seed": seed},
            "models": [
                {
                    "name": model.name,
                    **dict.fromkeys(key for key, *_ in COLUMNS),
                    **model.figures,
                    "ndcg_against_best": against,
                }
                for model, against in zip(models, _against_best(models, seed), strict=True)
            ],
        }
    )


def unusable_as_json(error: UnusableDataError) -> Any:
    return {"data": counted("bad_line", error.bad_lines), "models": [], "error": str(error)}


def as_table(data: Data, models: Sequence[Measured], *, n: int, seed: int) -> str:
    heads = ["model", *(head for _, head, _ in COLUMNS), "NDCG less the best, 95 % paired"]
    rows = [
        _row(model, against)
        for model, against in zip(models, _against_best(models, seed), strict=True)
    ]
    lines = [f"| {' | '.join(cells)} |" for cells in [heads, ["---"] * len(heads), *rows]]
    return "\n".join([_says(data.summary(), n), *_notes(data), "", *lines])


def _notes(data: Data) -> list[str]:
    return [
        *bad_lines_in_words(data.bad_lines),
        *_in_words(data.silent_lines, "weigh 0 and say nothing"),
    ]


def bad_lines_in_words(files: Mapping[str, Noted]) -> list[str]:
    return _in_words(files, "could not be read")


def _in_words(files: Mapping[str, Noted], what: str) -> list[str]:
    return [
        f"{name}: {noted.count} lines {what}, the first: {noted}"
        for name, noted in files.items()
        if noted.count
    ]


def _row(model: Measured, against: dict[str, float] | None) -> list[str]:
    if "ndcg" not in model.figures:
        why = model.figures.get("left_out") or model.figures["error"]
        return [model.name, *["-"] * len(COLUMNS), " ".join(why.split())]
    cells = [_cell(model.figures.get(key), form) for key, _, form in COLUMNS]
    return [model.name, *cells, _interval(against)]


def _cell(figure: float | None, form: str) -> str:
    return "-" if figure is None else form.format(figure)


def _interval(against: dict[str, float] | None) -> str:
    if against is None:
        return "the best"
    if math.isnan(against["low"]):
        return f"{against['mean']:+.4f}, one listener only"
    return f"{against['mean']:+.4f} [{against['low']:+.4f}, {against['high']:+.4f}]"


def _against_best(models: Sequence[Measured], seed: int) -> list[dict[str, float] | None]:
    figures = [model.figures.get("ndcg", -math.inf) for model in models]
    best = models[int(np.argmax(figures))]
    return [
        None if model is best or "ndcg" not in model.figures else _difference(model, best, seed)
        for model in models
    ]


def _difference(model: Measured, best: Measured, seed: int) -> dict[str, float]:
    found = paired_interval(model.ndcg, best.ndcg, rng=np.random.default_rng(seed))
    return {"mean": found.mean, "low": found.low, "high": found.high}


def _says(summary: dict[str, Any], n: int) -> str:
    return (
        f"{summary['users']} listeners, {summary['items']} items, {summary['train_pairs']} pairs "
        f"to learn from; {summary['test_pairs']} pairs of {summary['test_users']} listeners asked "
        f"for ({summary['cold_test_users']} of them unknown; {summary['cold_test_pairs']} pairs of "
        f"items nobody met). Split: {summary['split']}. Lists of {n} from all items but those met "
        f"in training, which are hidden."
    )


def _without_nan(value: Any) -> Any:
    """JSON knows no NaN."""
    if isinstance(value, dict):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_nan(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
