"""How well each track of a model fits a mood, told from where its features stand among all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catalog.features import MOODS
from recommendations.engine.model import ServingModel


def mood_levels(model: ServingModel, mood: str) -> NDArray[np.float64]:
    """Return 0 (not at all, or not known) to 1 (fits) for each column.

    A mood is a corner of the features; a level of -1 to 1 is taken as 0 to 1 of its axis.
    """
    wanted = MOODS.get(mood, {})
    known = [name for name in wanted if name in model.level_names]
    if not known:
        return np.zeros(model.n_items)
    places = [model.level_names.index(name) for name in known]
    axis = (model.levels[:, places].astype(np.float64) + 1) / 2
    away = axis - np.array([wanted[name] for name in known])
    return np.nan_to_num(1 - np.sqrt((away**2).mean(axis=1)), nan=0.0)
