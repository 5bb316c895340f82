"""What nobody needs any more goes from storage: old versions, and what came to nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.core.files.storage import default_storage

from recommendations.engine.artifacts import MANIFEST
from recommendations.models import Experiment, ModelVersion
from recommendations.serving.storage import Unreachable, reached

log = structlog.get_logger(__name__)

FOLDER = "models"
KEPT = 5  # replaced or waiting versions whose arrays stay, to roll back to
SAFE = timedelta(days=1)  # what is younger, somebody may be at work on


def folder_of(row: ModelVersion) -> str:
    return f"{FOLDER}/{row.pk}"


def forget_old() -> int:
    """Delete the arrays of versions that nobody will roll back to; what is said of them stays."""
    stored = ModelVersion.objects.good().exclude(artifact="")
    needed = {
        *stored.live().values_list("pk", flat=True),
        *Experiment.objects.running().values_list("model_a", flat=True),
        *Experiment.objects.running().values_list("model_b", flat=True),
    }
    old = list(stored.exclude(pk__in=needed).newest_first()[KEPT:])
    ModelVersion.objects.filter(pk__in=[row.pk for row in old]).update(artifact="")
    for row in old:
        discard(row)
    return len(old)


def discard(row: ModelVersion) -> None:
    """Delete what a version has in storage; what cannot be reached now, `forget_lost` finds."""
    try:
        delete(folder_of(row))
    except Unreachable as error:
        log.error("arrays stay in storage", version=row.pk, reason=str(error))


def forget_lost(*, at: datetime) -> list[str]:
    """Delete what belongs to no version, as of a training that was killed; return the folders.

    :raises Unreachable: if storage is away
    """
    with reached():
        stored = [f"{FOLDER}/{name}" for name in _listed(FOLDER)[0] if name.isdecimal()]
        owned = _owned()  # asked later: what is stored had its row before
        lost = [name for name in stored if name not in owned and _is_old(name, at)]
    for name in lost:
        delete(name)
    return lost


def delete(name: str) -> None:
    """Delete a folder, the manifest first: without it what is left is no artifact.

    :raises Unreachable: if storage is away
    """
    with reached():
        for file in sorted(_listed(name)[1], key=lambda file: file != MANIFEST):
            default_storage.delete(f"{name}/{file}")
        if default_storage.exists(name):  # the empty folder, where there are folders
            default_storage.delete(name)


def _owned() -> set[str]:
    published = ModelVersion.objects.exclude(artifact="").values_list("artifact", flat=True)
    return {*published, *map(folder_of, ModelVersion.objects.training())}


def _is_old(name: str, at: datetime) -> bool:
    files = _listed(name)[1]
    return all(at - default_storage.get_modified_time(f"{name}/{file}") > SAFE for file in files)


def _listed(name: str) -> tuple[list[str], list[str]]:
    """Return the folders and the files in it; none, where there is no such folder."""
    try:
        return default_storage.listdir(name)
    except FileNotFoundError:
        return [], []
