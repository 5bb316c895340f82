"""Two versions, or two settings, before real listeners: begun, ended, and counted by listener.

How many listeners must have shown a preference is set beforehand, and nothing is said before: who
looks every day and stops when it pleases would find a difference where there is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import IntegrityError, transaction

from accounts.models import User
from recommendations import pipeline
from recommendations.interleaving import A, B, Lead, leads, sign_test
from recommendations.models import Experiment, ModelVersion, SlateOutcome
from recommendations.services.outcomes import CREDITED
from recommendations.services.promoting import CAN_GO_LIVE

if TYPE_CHECKING:
    from recommendations.pipeline import Interval

ENOUGH = 200  # listeners with a preference: what shows 60 against 40 in four cases of five
MOST_BY_ARTIST = 100
# What each slider may be: as in a list that somebody steers
RANGES: dict[str, tuple[Any, int, int]] = {
    **dict.fromkeys(("adventure", "rarity", "energy", "newness"), (int | float, -1, 1)),
    **dict.fromkeys(("history", "sound", "tags"), (int | float, 0, 2)),
    "per_artist": (int, 1, MOST_BY_ARTIST),
}


class NotStarted(Exception):
    """A refusal whose message may be shown as it stands."""


@dataclass(frozen=True)
class Count:
    """What an experiment has come to."""

    acts: dict[str, Counter[str]]  # by side: how often liked, played, skipped …
    leads: dict[int, Lead]  # by listener

    @property
    def wins_a(self) -> int:
        return sum(lead.a > lead.b for lead in self.leads.values())

    @property
    def wins_b(self) -> int:
        return sum(lead.b > lead.a for lead in self.leads.values())

    @property
    def ties(self) -> int:
        return len(self.leads) - self.decided

    @property
    def decided(self) -> int:
        return self.wins_a + self.wins_b

    @property
    def chance(self) -> float:
        """How likely wins this uneven are between equals."""
        return sign_test(self.wins_a, self.wins_b)

    @property
    def lead(self) -> Interval:
        """The share of listeners who prefer A less that of those who prefer B; drawn anew."""
        signs = [np.sign(lead.a - lead.b) for lead in self.leads.values()]
        return pipeline.interval(np.array(signs, dtype=float), rng=np.random.default_rng(0))

    @property
    def verdict(self) -> str:
        if self.decided < ENOUGH:
            return f"Not enough yet: {self.decided:,} of {ENOUGH} listeners showed a preference."
        lead = self.lead
        if lead.low > 0 or lead.high < 0:
            return f"Enough: side {A.upper() if lead.low > 0 else B.upper()} is better."
        return "Enough: they cannot be told apart."


def start(
    *,
    name: str,
    model_a: ModelVersion,
    model_b: ModelVersion,
    by: User | None,
    at: datetime,
    settings_a: dict[str, Any] | None = None,
    settings_b: dict[str, Any] | None = None,
) -> Experiment:
    """:raises NotStarted: if one is running, or there is nothing to compare"""
    sides = ((model_a, settings_a or {}), (model_b, settings_b or {}))
    if sides[0] == sides[1]:
        raise NotStarted("Both sides are the same: choose two versions, or two settings.")
    for model, asked in sides:
        _check(asked)
        if model.state not in (*CAN_GO_LIVE, ModelVersion.State.LIVE) or not model.artifact:
            raise NotStarted(f"Version {model.pk} cannot serve: it has no arrays.")
        if damage := pipeline.damage_of(model):
            raise NotStarted(f"Version {model.pk} cannot serve. {damage}")
    try:
        with transaction.atomic():
            return Experiment.objects.create(
                name=name,
                model_a=model_a,
                model_b=model_b,
                settings_a=sides[0][1],
                settings_b=sides[1][1],
                started_by=by,
                started_at=at,
            )
    except IntegrityError:
        raise NotStarted("An experiment is running already: end it first.") from None


def _check(asked: dict[str, Any]) -> None:
    """:raises NotStarted: if these are not sliders of a list, or stand where none can"""
    if unknown := sorted(asked.keys() - RANGES.keys()):
        raise NotStarted(f"No such setting: {', '.join(unknown)}.")
    for name, value in asked.items():
        kind, low, high = RANGES[name]
        if isinstance(value, bool) or not isinstance(value, kind) or not low <= value <= high:
            whole = "a whole number" if kind is int else "a number"
            raise NotStarted(f"{name} must be {whole} from {low} to {high}.")


def end(*, experiment: Experiment, by: User | None, at: datetime) -> bool:
    """Return False if it was over already."""
    ended = Experiment.objects.running().filter(pk=experiment.pk)
    return bool(ended.update(state=Experiment.State.ENDED, ended_at=at, ended_by=by))


def count(experiment: Experiment) -> Count:
    """Credit each act of the day after a list to the side that had put the track there."""
    acts = list(_acts(experiment))
    by_side = {side: Counter(kind for _, of, kind in acts if of == side) for side in (A, B)}
    return Count(by_side, leads(acts))


def _acts(experiment: Experiment) -> Iterator[tuple[int, str, str]]:
    """Yield listener, side and kind."""
    outcomes = SlateOutcome.objects.filter(slate__experiment=experiment).values_list(
        "slate__listener", "track", "kind", "at",
        "slate__shown_at", "slate__tracks", "slate__sides",
    )  # fmt: skip
    for listener, track, kind, at, shown_at, tracks, sides in outcomes.order_by("pk").iterator():
        place = tracks.index(track) if track in tracks else len(sides)
        if place < len(sides) and at - shown_at <= CREDITED:
            yield listener, sides[place], kind
