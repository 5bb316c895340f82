"""Where the site meets the algorithms: read what may teach, fit, measure, publish, promote.

Each name is loaded when it is first asked for: the engine behind them takes 200 MB, which a
command or a web process that never trains need not carry.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recommendations.engine.evaluation.bootstrap import Interval, interval
    from recommendations.engine.evaluation.breakdown import Band
    from recommendations.engine.evaluation.report import Evaluation
    from recommendations.pipeline.claiming import AlreadyTraining, TakenOver, release_stale
    from recommendations.pipeline.clearing import forget_lost
    from recommendations.pipeline.figures import Figures, figures_of
    from recommendations.pipeline.publishing import damage_of, promote
    from recommendations.pipeline.reading import (
        can_learn,
        read_catalogue,
        read_interactions,
        read_split,
    )
    from recommendations.pipeline.training import NothingToTrainOn, train

__all__ = [
    "AlreadyTraining",
    "Band",
    "Evaluation",
    "Figures",
    "Interval",
    "NothingToTrainOn",
    "TakenOver",
    "can_learn",
    "damage_of",
    "figures_of",
    "forget_lost",
    "interval",
    "promote",
    "read_catalogue",
    "read_interactions",
    "read_split",
    "release_stale",
    "train",
]

_HOMES = {
    "recommendations.engine.evaluation.bootstrap": ("Interval", "interval"),
    "recommendations.engine.evaluation.breakdown": ("Band",),
    "recommendations.engine.evaluation.report": ("Evaluation",),
    "recommendations.pipeline.claiming": ("AlreadyTraining", "TakenOver", "release_stale"),
    "recommendations.pipeline.clearing": ("forget_lost",),
    "recommendations.pipeline.figures": ("Figures", "figures_of"),
    "recommendations.pipeline.publishing": ("damage_of", "promote"),
    "recommendations.pipeline.reading": (
        "can_learn",
        "read_catalogue",
        "read_interactions",
        "read_split",
    ),
    "recommendations.pipeline.training": ("NothingToTrainOn", "train"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"{__name__} has no {name}")
