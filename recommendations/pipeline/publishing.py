"""From a fitted model to the version that every process serves."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from recommendations.engine import artifacts
from recommendations.engine.model import ServingModel
from recommendations.models import ModelVersion

LIBRARIES = ("numpy", "scipy", "scikit-learn", "numba", "implicit")


def publish(row: ModelVersion, model: ServingModel, counts: Mapping[str, int]) -> None:
    """Put the model's arrays into storage, and say on the row what and where they are."""
    name = f"models/{row.pk}"
    with tempfile.TemporaryDirectory() as beside:
        folder = Path(beside) / str(row.pk)
        manifest = model.save(folder, counts=counts)
        _store(folder, name)
    row.artifact, row.checksum, row.data = name, manifest.checksum, dict(counts)
    row.parameters = dict(model.parameters)
    row.libraries = {"python": platform.python_version()} | {
        library: version(library) for library in LIBRARIES
    }
    row.state = ModelVersion.State.READY
    row.save()


def _store(folder: Path, name: str) -> None:
    """Copy a published folder to storage, the manifest last: with it the artifact is whole."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name == artifacts.MANIFEST):
        with path.open("rb") as stream:
            default_storage.save(f"{name}/{path.name}", File(stream))


@transaction.atomic
def promote(row: ModelVersion, *, at: datetime) -> None:
    """Make this version the live one, and retire the one that was."""
    ModelVersion.objects.live().exclude(pk=row.pk).update(state=ModelVersion.State.RETIRED)
    row.state, row.promoted_at, row.finished_at = ModelVersion.State.LIVE, at, at
    row.save(update_fields=["state", "promoted_at", "finished_at"])
