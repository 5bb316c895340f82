"""From a fitted model to the version that every process serves, and back to an earlier one."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from numpy.typing import NDArray

from accounts.models import User
from recommendations.engine import artifacts
from recommendations.engine.model import ServingModel
from recommendations.models import ModelAct, ModelVersion
from recommendations.pipeline import clearing
from recommendations.pipeline.claiming import hold
from recommendations.serving.storage import fetched, reached

LIBRARIES = ("numpy", "scipy", "scikit-learn", "numba", "implicit")


def store(
    row: ModelVersion,
    model: ServingModel,
    counts: Mapping[str, int],
    *,
    more: Mapping[str, NDArray] | None = None,
) -> dict[str, Any]:
    """Put the model's arrays, and `more`, into storage; return what the row must say of them.

    :raises Unreachable: if storage is away
    """
    name = clearing.folder_of(row)
    clearing.delete(name)  # whatever an earlier database had left under this number
    with reached(), tempfile.TemporaryDirectory() as beside:
        folder = Path(beside) / str(row.pk)
        manifest = model.save(folder, counts=counts, more=more)
        _store(folder, name)
    libraries = {library: version(library) for library in LIBRARIES}
    return {
        "artifact": name,
        "checksum": manifest.checksum,
        "data": dict(counts),
        "parameters": dict(model.parameters),
        "libraries": {"python": platform.python_version()} | libraries,
    }


def _store(folder: Path, name: str) -> None:
    """Copy a published folder to storage, the manifest last: with it the artifact is whole."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name == artifacts.MANIFEST):
        with path.open("rb") as stream:
            default_storage.save(f"{name}/{path.name}", File(stream))


def ready(row: ModelVersion, *, at: datetime, **said: Any) -> None:
    """The training is done, and the version could go live.

    :raises TakenOver: if another training has taken its place
    """
    over = {"held_by": "", "heartbeat_at": None, "progress": 1.0, "step": ""}
    hold(row, state=ModelVersion.State.READY, finished_at=at, **over, **said)


def lock_live(row: ModelVersion) -> ModelVersion | None:
    """Return the live version, beside this one; it stays so until the transaction ends.

    Two who promote at once take turns.
    """
    changed = ModelVersion.objects.filter(Q(pk=row.pk) | Q(state=ModelVersion.State.LIVE))
    list(changed.select_for_update().order_by("pk"))
    return ModelVersion.objects.live().exclude(pk=row.pk).first()


@transaction.atomic
def promote(
    row: ModelVersion,
    *,
    at: datetime,
    by: User | None = None,
    why: str = "",
    kind: str = ModelAct.Kind.PROMOTED,
) -> None:
    """Make this version the live one, retire the one that was, and write down who did it."""
    before = lock_live(row)
    ModelVersion.objects.live().exclude(pk=row.pk).update(state=ModelVersion.State.RETIRED)
    row.state, row.promoted_at = ModelVersion.State.LIVE, at
    row.save(update_fields=["state", "promoted_at"])
    ModelAct.objects.create(kind=kind, version=row, replaced=before, by=by, why=why, at=at)


def damage_of(row: ModelVersion) -> str:
    """Read every byte of the stored artifact; return what is wrong with it, or nothing."""
    try:
        with reached(), tempfile.TemporaryDirectory() as beside:
            manifest = artifacts.verify(fetched(row, Path(beside)))
    except artifacts.ArtifactError as error:
        return str(error)
    return "" if manifest.checksum == row.checksum else "Its arrays are not those it was made of."
