"""Steering: what a listener may ask for; every slider is a term of the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommendations.engine.model import UNKNOWN, ServingModel


@dataclass(frozen=True)
class Steering:
    """A slider in the middle is 0 and adds nothing; a share of 1 leaves its source as it is.

    A slider's term is `slider * level * unit`: the level of an item runs from -1 to 1, and the
    unit is the best score before steering, so that a slider weighs the same for a newcomer and
    for a listener of ten years.
    """

    shares: Mapping[str, float] = field(default_factory=dict)  # by source: history, sound, tags
    levels: Mapping[str, float] = field(default_factory=dict)  # energy, year, popularity ...: -1..1
    adventure: float = 0.0  # -1 familiar to 1 adventurous

    def share(self, source: str) -> float:
        return self.shares.get(source, 1.0)


def slider_terms(
    model: ServingModel,
    steering: Steering,
    candidates: NDArray[np.int32],
    vectors: NDArray[np.float32],
    items: NDArray[np.int32],
    weights: NDArray[np.float32],
    unit: float,
) -> dict[str, NDArray[np.float64]]:
    """Return the term of each slider that is not in the middle, one value a candidate.

    `vectors` are the candidates' own.

    :raises ValueError: for a level the model does not have
    """
    terms = {
        name: slider * unit * _levels(model, name, candidates)
        for name, slider in steering.levels.items()
        if slider
    }
    if steering.adventure:
        near = familiarity(model, candidates, vectors, items, weights)
        terms["adventure"] = -steering.adventure * unit * near
    return terms


def _levels(model: ServingModel, name: str, candidates: NDArray[np.int32]) -> NDArray[np.float64]:
    """An unknown level is 0: a slider makes no claim about what nobody measured."""
    if name not in model.level_names:
        raise ValueError(f"There is no slider “{name}”; there are {', '.join(model.level_names)}.")
    column = model.levels[candidates, model.level_names.index(name)]
    return np.nan_to_num(column.astype(np.float64), nan=0.0)


def familiarity(
    model: ServingModel,
    candidates: NDArray[np.int32],
    vectors: NDArray[np.float32],
    items: NDArray[np.int32],
    weights: NDArray[np.float32],
) -> NDArray[np.float64]:
    """Return 0 (far) to 1 (near): half by artists known, half by likeness to the whole history."""
    centre = np.maximum(weights, 0) @ model.vectors[items].astype(np.float32)
    length = np.linalg.norm(centre) or np.float32(1)
    likeness = vectors @ (centre / length)
    known = _artist_shares(model.artist[candidates], model.artist[items], weights)
    return np.sqrt(known) / 2 + np.clip(likeness, 0, 1) / 2


@njit(cache=True, nogil=True)
def _artist_shares(wanted: NDArray, heard: NDArray, weights: NDArray) -> NDArray[np.float64]:
    """Return the weight of each wanted artist against that of the most heard one, 0 to 1."""
    order = np.argsort(heard, kind="mergesort")
    heard, weights = heard[order], np.maximum(weights[order], 0)
    shares, highest = np.zeros(wanted.size), 1e-12
    starts = np.searchsorted(heard, wanted)
    for start in np.searchsorted(heard, heard):
        highest = max(highest, _weight_from(start, heard, weights))
    for at in range(wanted.size):
        start = starts[at]
        if wanted[at] != UNKNOWN and start < heard.size and heard[start] == wanted[at]:
            shares[at] = _weight_from(start, heard, weights) / highest
    return shares


@njit(cache=True, nogil=True)
def _weight_from(start: int, heard: NDArray, weights: NDArray) -> float:
    total, at = 0.0, start
    while at < heard.size and heard[at] == heard[start]:
        total += weights[at]
        at += 1
    return total if heard[start] != UNKNOWN else 0.0
