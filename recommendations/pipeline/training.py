"""One training, from the plays to a version that is live or waits for a curator."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from numpy.typing import NDArray

from catalog.models import Track
from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.models import ModelVersion
from recommendations.pipeline import claiming, clearing, publishing
from recommendations.pipeline.claiming import Clock
from recommendations.pipeline.counting import counts_of
from recommendations.pipeline.fitting import HYBRID, POPULARITY, fit, fit_popularity
from recommendations.pipeline.gate import LiveVersion, Verdict, decide, still
from recommendations.pipeline.judging import Judged, Settings, asked_in, can_be_judged, judge
from recommendations.pipeline.mapping import draw_map
from recommendations.pipeline.rating import learn_ratings
from recommendations.pipeline.reading import (
    read_catalogue,
    read_interactions,
    read_ratings,
    read_split,
)

SECONDS_BETWEEN_WORDS = 1.0
NO_VERSION = "No version is good enough to go live, so the most popular tracks are, by rule."

Progress = Callable[[float, str], None]


class NothingToTrainOn(Exception):
    """There is no track that may be recommended."""


def quietly(share: float, words: str) -> None:
    """Report to nobody."""


def train(
    *, at: datetime, progress: Progress = quietly, seed: int = 0, clock: Clock | None = None
) -> ModelVersion:
    """Fit a model on everything that may teach, measure and publish it; the gate decides the rest.

    With a `clock` it says every few seconds that it is alive.

    :raises NothingToTrainOn: if there is no track to recommend; then nothing has changed
    :raises AlreadyTraining: if another training is under way
    """
    if not Track.objects.playable().exists():
        raise NothingToTrainOn("No track here may be recommended yet.")
    row = claiming.claim(algorithm=HYBRID, at=at)
    with claiming.beating(row, clock):
        _Training(row, at, progress, seed).run()
    clearing.forget_old()
    return row


@dataclass
class _Training:
    row: ModelVersion
    at: datetime
    progress: Progress
    seed: int
    begun: float = field(default_factory=time.monotonic)
    told: tuple[float, str] = (0.0, "")

    @property
    def now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.begun)

    def tell(self, share: float, words: str) -> None:
        """Say how far it is: each step once, and then once a second.

        :raises TakenOver: if this training was taken for dead
        """
        when, before = self.told
        if words == before and time.monotonic() - when < SECONDS_BETWEEN_WORDS:
            return
        self.told = (time.monotonic(), words)
        self.progress(share, words)
        claiming.hold(self.row, progress=share, step=words)

    def between(self, start: float, end: float, words: str) -> Callable[[float], None]:
        """Tell of a step that says again and again how far a part of it is: never backwards."""
        reached = start

        def tell(_of_a_part: float) -> None:
            nonlocal reached
            reached += (end - reached) / 100
            self.tell(reached, words)

        return tell

    def run(self) -> ModelVersion:
        try:
            self._run()
        except BaseException as error:
            why = f"{self.told[1]}: {error or type(error).__name__}"
            claiming.fail(self.row, at=self.now, why=why)
            clearing.discard(self.row)
            raise
        return self.row

    def _run(self) -> None:
        self.tell(0.0, "Reading plays")
        interactions = read_interactions(at=self.at)
        self.tell(0.05, "Reading the catalogue")
        catalogue = read_catalogue(interactions.item_ids)
        live = ModelVersion.objects.live().first()
        judged, asked = self._judged(interactions, catalogue, live)
        verdict = decide(judged.versus if judged else None, asked=asked, live=_known(live))
        settings = judged.settings if judged else Settings()
        progress = self.between(0.6, 0.9, "Learning from everything")
        algorithm, model = fit(interactions, catalogue, settings, seed=self.seed, progress=progress)
        self.tell(0.9, "Drawing the map")
        more = draw_map(interactions, catalogue, seed=self.seed)
        self.tell(0.93, "Learning from ratings")
        rated = learn_ratings(read_ratings(interactions.item_ids), seed=self.seed)
        more |= rated.arrays
        self.tell(0.95, "Publishing")
        said = publishing.store(self.row, model, counts_of(interactions), more=more)
        said["algorithm"] = algorithm
        said["metrics"] = {
            "asked": asked,
            "compared_with": _number(live),
            "ratings": rated.figures,
            **(judged.to_dict() if judged else {}),
        }
        _publish(self.row, verdict, said, compared=live, at=self.now)
        self.row.refresh_from_db()
        self.progress(1.0, f"Model {self.row.pk} is {self.row.get_state_display()}")
        if live is None and not verdict.goes_live:
            _publish_popularity(interactions, catalogue, more, said["metrics"], at=self.now)

    def _judged(
        self, interactions: Interactions, catalogue: Catalogue, live: ModelVersion | None
    ) -> tuple[Judged | None, int]:
        """Return what was measured, if it could be, and how many listeners could be asked."""
        self.tell(0.08, "Splitting by time")
        split = read_split(interactions.item_ids, at=self.at)
        if split is None or not can_be_judged(split):
            return None, asked_in(split) if split else 0
        progress = self.between(0.1, 0.6, "Learning from the earlier part")
        judged = judge(split, catalogue, live=live, seed=self.seed, progress=progress)
        return judged, asked_in(split)


def _known(live: ModelVersion | None) -> LiveVersion | None:
    return LiveVersion(live.pk, "evaluations" in live.metrics) if live else None


@transaction.atomic
def _publish(
    row: ModelVersion,
    verdict: Verdict,
    said: dict[str, Any],
    *,
    compared: ModelVersion | None,
    at: datetime,
) -> None:
    """Let the version go live, or wait: no other goes live between the look and the act."""
    now_live = publishing.lock_live(row)
    verdict = still(verdict, compared=_number(compared), live=_number(now_live))
    publishing.ready(row, at=at, message=verdict.why, **said)
    if verdict.goes_live:
        publishing.promote(row, at=at, why=verdict.why)


def _number(version: ModelVersion | None) -> int | None:
    return version.pk if version else None


def _publish_popularity(
    interactions: Interactions,
    catalogue: Catalogue,
    more: Mapping[str, NDArray],
    metrics: dict[str, Any],
    *,
    at: datetime,
) -> None:
    """A site is never left without a version: the most popular tracks are better than nothing."""
    row = claiming.claim(algorithm=POPULARITY, at=at)
    model = fit_popularity(interactions, catalogue)
    said = publishing.store(row, model, counts_of(interactions), more=more)
    said["metrics"] = {
        "asked": metrics["asked"],
        "ratings": metrics["ratings"],
        "evaluations": {"candidate": metrics["evaluations"]["popularity"]},
        "versus": {},
    }
    _publish(row, Verdict(True, NO_VERSION), said, compared=None, at=at)
