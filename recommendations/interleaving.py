"""Two lists in one, so that a listener chooses between two models without knowing; pure.

Team draft (Radlinski, Kurup and Joachims 2008): two captains choose in turns, who begins a round
is drawn by lot, and each takes the best of its own list that is not taken yet. Both sides get as
many places, so what is done with a track speaks for the side that put it there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import comb
from random import Random
from typing import NamedTuple, TypeVar

A, B = "a", "b"
SPEAKS = {"like": 1, "favourite": 1, "play": 1, "skip": -1, "dislike": -1, "hide": -1}

Item = TypeVar("Item", bound=Hashable)


class Lead(NamedTuple):
    """What one listener's acts say for each side."""

    a: int
    b: int


def team_draft(
    first: Sequence[Item], second: Sequence[Item], n: int, *, seed: str
) -> list[tuple[Item, str]]:
    """Return up to `n` items, each with the side that put it there; one seed, one list."""
    rng = Random(seed)  # noqa: S311 -- a lot that can be drawn again, not a secret
    chosen: dict[Item, str] = {}
    lists = {A: iter(first), B: iter(second)}
    while len(chosen) < n:
        begun = len(chosen)
        for side in rng.sample((A, B), 2):
            found = next((item for item in lists[side] if item not in chosen), None)
            if found is not None and len(chosen) < n:
                chosen[found] = side
        if len(chosen) == begun:
            break
    return list(chosen.items())


def leads(
    acts: Iterable[tuple[int, str, str]], speaks: Mapping[str, int] | None = None
) -> dict[int, Lead]:
    """Add up what each listener's acts (listener, side, kind) say for the sides."""
    speaks = SPEAKS if speaks is None else speaks
    found: dict[int, Lead] = {}
    for listener, side, kind in acts:
        credit = speaks.get(kind, 0)
        a, b = found.get(listener, Lead(0, 0))
        found[listener] = Lead(a + credit * (side == A), b + credit * (side == B))
    return found


def sign_test(wins: int, losses: int) -> float:
    """Return how likely it is that a fair coin comes out at least as uneven, on either side."""
    n = wins + losses
    if n == 0:
        return 1.0
    tail = sum(comb(n, k) for k in range(max(wins, losses), n + 1))
    return min(1.0, 2 * tail / 2**n)
