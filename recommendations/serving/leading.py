"""What the listener's list leads to beyond single tracks: the genres and collections that fit."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from math import log2
from typing import Generic, NamedTuple, TypeVar

from accounts.models import Listener
from catalog.models import Track
from recommendations.serving.asking import Ask
from recommendations.serving.filling import fill
from recommendations.serving.live import current
from recommendations.serving.past import Past, day_of
from recommendations.serving.plans import plan_of

DEEP = 200  # tracks of the list that speak for what they belong to
SHOWN = 4  # tracks that stand for a group

Group = TypeVar("Group", bound=Hashable)


class Fit(NamedTuple, Generic[Group]):
    """How well a group fits."""

    group: Group
    share: float  # of the best one, in percent
    tracks: list[Track]  # of the list, the best first


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


def fitting(
    groups: Iterable[tuple[Group, int]], leading: Sequence[Track], *, n: int
) -> list[Fit[Group]]:
    """Return the `n` groups that fit best: by their tracks that a list has, each less from rank to
    rank.

    `groups` are pairs of a group and the key of a track; `leading` is the list, best first.
    """
    rank = {track.pk: place for place, track in enumerate(leading, start=1)}
    held: dict[Group, set[int]] = {}
    for group, track in groups:
        if track in rank:
            held.setdefault(group, set()).add(rank[track])
    worth = {group: sum(1 / log2(place + 1) for place in ranks) for group, ranks in held.items()}
    best = sorted(worth, key=lambda group: -worth[group])[:n]
    return [
        Fit(
            group,
            100 * worth[group] / worth[best[0]],
            [leading[place - 1] for place in sorted(held[group])[:SHOWN]],
        )
        for group in best
    ]
