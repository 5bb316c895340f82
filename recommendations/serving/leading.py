"""What the listener's list leads to beyond single tracks: the genres and collections that fit."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from math import log2
from typing import TypeVar

from accounts.models import Listener
from catalog.models import Track
from recommendations.serving.asking import Ask
from recommendations.serving.filling import fill
from recommendations.serving.live import current
from recommendations.serving.past import Past, day_of
from recommendations.serving.plans import plan_of

DEEP = 200  # tracks of the list that speak for what they belong to

Group = TypeVar("Group", bound=Hashable)


def leading_tracks(*, listener: Listener, at: datetime, n: int = DEEP) -> list[Track]:
    """Return the head of the listener's list, best first, heard or not, and without its rules.

    :raises NoModel: if there is none yet
    """
    live = current()
    past = Past.of(listener, live, at=at)
    ask = Ask(n=n, rest=0)
    plan = plan_of(ask, live, past, explicit=listener.wants_explicit, day=day_of(at))
    rules = replace(plan.rules, per_artist=None, diversity=0.0, exploration=0.0)
    return [track for part in fill(replace(plan, rules=rules), live) for track in part.tracks]


def worths(track_ids: Iterable[int]) -> dict[int, float]:
    """Return what each track of a list says for what it belongs to: less from rank to rank."""
    return {pk: 1 / log2(rank + 1) for rank, pk in enumerate(track_ids, start=1)}


def fitting(groups: Iterable[tuple[Group, int]], worth: Mapping[int, float]) -> dict[Group, float]:
    """Return how well each group fits by those of its tracks that the list has, the best first.

    `groups` are pairs of a group and a track. The best group has 1.
    """
    sums: dict[Group, float] = {}
    for group, track in groups:
        if track in worth:
            sums[group] = sums.get(group, 0.0) + worth[track]
    most = max(sums.values(), default=1.0)
    return {group: sums[group] / most for group in sorted(sums, key=lambda one: -sums[one])}
