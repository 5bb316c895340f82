"""The model this process serves: noticed within seconds, verified once a machine, never damaged."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypedDict

import numpy as np
import structlog
from django.conf import settings
from django.db import DatabaseError
from numpy.typing import NDArray

from recommendations.engine import artifacts
from recommendations.engine.model import ServingModel
from recommendations.engine.ranking import live as engine
from recommendations.engine.ratings import BiasedMF
from recommendations.engine.reasons import explain
from recommendations.models import ModelVersion
from recommendations.serving.storage import Unreachable, fetched, reached

log = structlog.get_logger(__name__)

RATINGS = "ratings-"
MAP = "map-places"
LOOK_AGAIN = 3.0  # seconds until a process asks the database which version is live
TRY_AGAIN = 60.0  # seconds until a version that was damaged is copied once more
ASK_AGAIN = 15.0  # seconds until storage that was away is asked once more


class NoModel(Exception):
    """No model has been trained yet, or none can be read."""


class Said(TypedDict):
    """What a training says of one cluster; of fewer than ten listeners alike it says nothing."""

    name: str
    size: int
    words: list[str]
    tags: list[str]
    listeners: int  # who have most of their taste here
    shares: list[int]  # in percent of their taste, by cluster


@dataclass(frozen=True)
class Map:
    """The catalogue as a picture; row j is item j of the model."""

    places: NDArray[np.uint16]  # (n_items, 2)
    clusters: NDArray[np.int8]  # (n_items,)
    said: list[Said]  # of each cluster

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray]) -> Self:
        said = json.loads(arrays["map-said"].tobytes())
        return cls(arrays[MAP], arrays["map-clusters"], said)


@dataclass(frozen=True)
class Live:
    """One adopted artifact, its arrays shared by all processes of this machine."""

    version: int
    listeners: int
    model: ServingModel
    ratings: BiasedMF | None = None  # where the artifact has its arrays, “ratings-…”
    map: Map | None = None  # an artifact of before the map has none


class _Process:
    """What this process serves; asked for again every few seconds, kept when in doubt."""

    def __init__(self) -> None:
        self.live: Live | None = None
        self.refused: dict[int, tuple[str, float]] = {}  # by version: why, and when to try again
        self.looked_at = -LOOK_AGAIN
        self.lock = threading.Lock()

    def get(self) -> Live:
        if time.monotonic() - self.looked_at >= LOOK_AGAIN:
            self._look_alone()
        if self.live is None:
            raise NoModel("There is no model yet.")
        return self.live

    def open(self, row: ModelVersion) -> Live:
        """:raises ArtifactError: if it cannot be opened, or could not a moment ago"""
        why, until = self.refused.get(row.pk, ("", 0.0))
        if time.monotonic() < until:
            raise artifacts.ArtifactError(why)
        try:
            return load(_adopted(row), version=row.pk)
        except artifacts.ArtifactError as error:
            pause = ASK_AGAIN if isinstance(error, Unreachable) else TRY_AGAIN
            self.refused[row.pk] = str(error), time.monotonic() + pause
            log.error("model refused", version=row.pk, reason=str(error))
            raise

    def _look_alone(self) -> None:
        """While one looks, which may take long, those who have a model go on with it."""
        if self.lock.acquire(blocking=self.live is None):
            try:
                self._look()
            finally:
                self.lock.release()

    def _look(self) -> None:
        self.looked_at = time.monotonic()
        row = ModelVersion.objects.live().first()
        if row is None:
            self.live = None
        elif self.live is None or self.live.version != row.pk:
            self._adopt(row)

    def _adopt(self, row: ModelVersion) -> None:
        try:
            self.live = self.open(row)
        except artifacts.ArtifactError:
            self._fall_back()
        else:
            _forget_old(row)

    def _fall_back(self) -> None:
        good = artifacts.latest_good(settings.MODELS_DIR)
        if self.live is None and good is not None:
            self.live = load(good, version=int(good.name))


_process = _Process()


def current() -> Live:
    """Return the live model, or the last good one while the live one is damaged.

    :raises NoModel: if there is none at all
    """
    return _process.get()


def current_version() -> int | None:
    """Return the number of the version this process serves, for the health page."""
    try:
        return current().version
    except NoModel:
        return None


def warm_up() -> None:
    """Make one list, so that the first listener does not wait for a model to be read.

    A site without a model or a database starts all the same.
    """
    try:
        live = current()
    except (NoModel, DatabaseError) as error:
        log.info("nothing to warm up", reason=str(error))
        return
    taste = engine.Taste.of(live.model, live.model.item_ids[:1], [1.0])
    explain(live.model, engine.recommend(live.model, taste, 1)).all()


def load(folder: Path, *, version: int) -> Live:
    manifest, arrays = artifacts.open_arrays(folder)
    learnt = {
        name.removeprefix(RATINGS): array
        for name, array in arrays.items()
        if name.startswith(RATINGS)
    }
    ratings = BiasedMF().with_arrays(learnt) if learnt else None
    drawn = Map.of(arrays) if MAP in arrays else None
    return Live(version, manifest.counts["listeners"], ServingModel.load(folder), ratings, drawn)


def open_version(row: ModelVersion) -> Live:
    """:raises ArtifactError: if the artifact is damaged, or cannot be reached"""
    return _process.open(row)


def _forget_old(live: ModelVersion) -> None:
    """Delete from this machine what storage has no more.

    Those of an experiment, and those that can be rolled back to, are stored and stay.
    """
    stored = ModelVersion.objects.exclude(artifact="").values_list("pk", flat=True)
    keep = {str(pk) for pk in (*stored, live.pk)}
    try:
        gone = artifacts.forget(settings.MODELS_DIR, keep=keep)
    except OSError as error:  # the lists go on; the next version tries again
        log.error("old models stay", reason=str(error))
    else:
        if gone:
            log.info("old models deleted", versions=gone)


def _adopted(row: ModelVersion) -> Path:
    """Copy the artifact from storage to this machine, verified once."""
    with reached(), tempfile.TemporaryDirectory() as beside:
        return artifacts.adopt(fetched(row, Path(beside)), settings.MODELS_DIR)
