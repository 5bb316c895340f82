"""Rules: what a list obeys beside its scores. They choose and order; they change no score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

DIVERSITY, EXPLORATION = 1, 2  # flags of an item that a rule put where it is
ALIVE, CAPPED, VERSION = 0, 1, 2  # what became of a candidate


@dataclass(frozen=True)
class Rules:
    per_artist: int | None = 3  # at most so many by one artist; None: any number
    one_version: bool = True  # of the recordings of one work, only the best
    diversity: float = 0.0  # 0 to 1: how much likeness to what is already chosen costs (MMR)
    exploration: float = 0.0  # 0 to 1: share of places given by lot to tracks further down


@dataclass(frozen=True)
class Chosen:
    places: NDArray[np.int64]  # into the pool, in the order of the list
    flags: NDArray[np.uint8]  # which rule put it there
    held_back: dict[str, int]  # how many better candidates each rule left out


def choose(
    scores: NDArray[np.float64],
    artist: NDArray,
    work: NDArray,
    vectors: NDArray[np.float32],
    n: int,
    rules: Rules,
    rng: np.random.Generator | None = None,
) -> Chosen:
    """Choose `n` of a pool sorted best first.

    :raises ValueError: if exploration is asked for without `rng`
    """
    if rules.exploration > 0 and rng is None:
        raise ValueError("exploration needs a random generator")
    lots = rng.random((n, 2)) if rules.exploration > 0 and rng else np.ones((n, 2))
    fate = np.zeros(scores.size, np.uint8)
    cap = n if rules.per_artist is None else rules.per_artist
    places, flags = _choose(
        scores, artist, work, vectors, n, cap, rules.one_version, rules.diversity,
        rules.exploration, lots, fate,
    )  # fmt: skip
    before = fate[: places.max() + 1] if places.size else fate[:0]
    held_back = {
        "artist cap": int((before == CAPPED).sum()),
        "versions": int((before == VERSION).sum()),
    }
    return Chosen(places, flags, held_back)


@njit(cache=True, nogil=True)
def _choose(
    scores: NDArray,
    artist: NDArray,
    work: NDArray,
    vectors: NDArray,
    n: int,
    cap: int,
    one_version: bool,
    diversity: float,
    exploration: float,
    lots: NDArray,
    fate: NDArray,
) -> tuple[NDArray, NDArray]:
    places, flags = np.empty(n, np.int64), np.zeros(n, np.uint8)
    taken = np.zeros(scores.size, np.bool_)
    likeness = np.zeros(scores.size, np.float64)  # to the nearest chosen; lazily kept
    compared = np.zeros(scores.size, np.int64)  # with so many of the chosen
    size = 0
    while size < n:
        best = first = _first(taken, fate)
        if first < 0:
            break
        if size > 0 and lots[size, 0] < exploration:
            best = _by_lot(taken, fate, n, lots[size, 1], first)
            flags[size] = EXPLORATION if best != first else 0
        elif diversity > 0.0:
            best = _most_different(
                scores, vectors, taken, fate, places[:size], likeness, compared, diversity, 4 * n
            )
            flags[size] = DIVERSITY if best != first else 0
        places[size] = best
        taken[best] = True
        size += 1
        _rule_out(best, artist, work, taken, fate, cap, one_version)
    return places[:size], flags[:size]


@njit(cache=True, nogil=True)
def _first(taken: NDArray, fate: NDArray) -> int:
    for at in range(taken.size):
        if not taken[at] and fate[at] == ALIVE:
            return at
    return -1


@njit(cache=True, nogil=True)
def _by_lot(taken: NDArray, fate: NDArray, n: int, lot: float, otherwise: int) -> int:
    """Draw evenly from what would not make the list by score."""
    count = 0
    for at in range(n, taken.size):
        count += not taken[at] and fate[at] == ALIVE
    drawn = int(lot * count)
    for at in range(n, taken.size):
        if not taken[at] and fate[at] == ALIVE:
            if drawn == 0:
                return at
            drawn -= 1
    return otherwise


@njit(cache=True, nogil=True)
def _most_different(
    scores: NDArray,
    vectors: NDArray,
    taken: NDArray,
    fate: NDArray,
    chosen: NDArray,
    likeness: NDArray,
    compared: NDArray,
    diversity: float,
    window: int,
) -> int:
    """Maximal marginal relevance (Carbonell and Goldstein, 1998) among the `window` best left."""
    lowest = scores[min(window, scores.size) - 1]
    spread = max(scores[0] - lowest, 1e-12)
    best, best_value, looked = -1, -np.inf, 0
    for at in range(scores.size):
        if taken[at] or fate[at] != ALIVE:
            continue
        for place in chosen[compared[at] :]:
            likeness[at] = max(likeness[at], _dot(vectors, at, place))
        compared[at] = chosen.size
        value = (1 - diversity) * (scores[at] - lowest) / spread - diversity * likeness[at]
        if value > best_value:
            best, best_value = at, value
        looked += 1
        if looked == window:
            break
    return best


@njit(cache=True, nogil=True, fastmath=True)
def _dot(vectors: NDArray, one: int, other: int) -> float:
    total = np.float32(0.0)
    for d in range(vectors.shape[1]):
        total += vectors[one, d] * vectors[other, d]
    return float(total)


@njit(cache=True, nogil=True)
def _rule_out(
    chosen: int,
    artist: NDArray,
    work: NDArray,
    taken: NDArray,
    fate: NDArray,
    cap: int,
    one_version: bool,
) -> None:
    by_artist = 0
    for at in range(taken.size):
        by_artist += taken[at] and artist[at] == artist[chosen]
    full = artist[chosen] >= 0 and by_artist >= cap
    for at in range(taken.size):
        if taken[at] or fate[at] != ALIVE:
            continue
        if one_version and work[chosen] >= 0 and work[at] == work[chosen]:
            fate[at] = VERSION
        elif full and artist[at] == artist[chosen]:
            fate[at] = CAPPED
