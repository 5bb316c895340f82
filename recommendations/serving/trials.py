"""Lists of a running experiment: two models, or two settings, interleaved in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog

from recommendations.engine.artifacts import ArtifactError
from recommendations.interleaving import team_draft
from recommendations.models import Experiment, ModelVersion, Slate
from recommendations.serving.asking import About, Ask, Steering, Surface
from recommendations.serving.live import Live, current, open_version
from recommendations.serving.stock import stock_of

log = structlog.get_logger(__name__)

Row = TypeVar("Row")


@dataclass(frozen=True)
class Side:
    live: Live
    ask: Ask


@dataclass(frozen=True)
class Trial:
    number: int
    a: Side
    b: Side

    def interleaved(
        self, of: Callable[[Side], list[Row]], key: Callable[[Row], int], *, listener: int
    ) -> tuple[list[Row], str]:
        """Return the rows of both sides as one list, and for each the side that put it there.

        Drawn by lot of the listener and the visit: within a visit the page stays as it is.
        """
        ours, theirs = ({key(row): row for row in of(side)} for side in (self.a, self.b))
        seed = f"{self.number}:{listener}:{self.a.ask.seed}"
        drawn = team_draft(list(ours), list(theirs), self.a.ask.n, seed=seed)
        rows = [(ours if side == "a" else theirs)[track] for track, side in drawn]
        return rows, "".join(side for _track, side in drawn)


def trial_of(ask: Ask) -> Trial | None:
    """Return the experiment that this list takes part in: the plain first page of a listener."""
    if ask.surface != Surface.FOR_YOU or ask.about != About() or ask.steering != Steering():
        return None
    if not stock_of(current()).has_experiment:  # nearly always
        return None
    running = Experiment.objects.running().select_related("model_a", "model_b").first()
    if running is None:
        return None
    try:
        a = Side(_opened(running.model_a), _asked(ask, running.settings_a))
        b = Side(_opened(running.model_b), _asked(ask, running.settings_b))
    except ArtifactError as error:
        log.error("experiment rests", experiment=running.pk, reason=str(error))
        return None
    return Trial(running.pk, a, b)


def sides_of(slate: Slate, ask: Ask) -> dict[str, Side]:
    """Return the sides that filled a slate of an experiment, as far as they can still be opened."""
    if not slate.sides or slate.experiment_id is None:  # nearly always
        return {}
    trials = Experiment.objects.select_related("model_a", "model_b")
    held = trials.filter(pk=slate.experiment_id).first()
    if held is None:
        return {}
    sides = {}
    for name, version, settings in (
        ("a", held.model_a, held.settings_a),
        ("b", held.model_b, held.settings_b),
    ):
        try:
            sides[name] = Side(_opened(version), _asked(ask, settings))
        except ArtifactError as error:
            log.error("side of an old list is gone", experiment=held.pk, reason=str(error))
    return sides


def _asked(ask: Ask, settings: dict[str, Any]) -> Ask:
    return replace(ask, steering=Steering(**settings))


_open: dict[tuple[int, str], Live] = {}  # at most the two of the running experiment


def _opened(version: ModelVersion) -> Live:
    live = current()
    if live.version == version.pk:
        return live
    key = (version.pk, version.checksum)
    if key not in _open:
        if len(_open) > 1:
            _open.clear()
        _open[key] = open_version(version)
    return _open[key]
