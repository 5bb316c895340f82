"""How an import begins: from a path, or from a file that a curator uploads."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from django.core.files.base import File
from django.db import transaction

from catalog.imports.formats import AUTO, find_format
from catalog.imports.rows import Refused
from catalog.models import TrackImport
from jobs import services as jobs

JOB = "catalog.import_tracks"


def open_import(
    path: Path,
    *,
    format_: str = AUTO,
    columns: Mapping[str, str],
    may_train: bool = True,
    at: datetime,
) -> TrackImport:
    """Look through the file; return its import, the one that broke off earlier if there is one.

    :raises Refused: if the file cannot be read; nothing is stored then
    """
    found = find_format(format_, path)
    survey = found.survey(path, columns)
    asked = {
        "format": found.name,
        "checksum": survey.checksum,
        "columns": dict(columns),
        "may_train": may_train,
    }
    open_ = TrackImport.objects.filter(
        **asked, state__in=(TrackImport.State.READING, TrackImport.State.STOPPED), file=""
    )
    return open_.order_by("-pk").first() or TrackImport.objects.create(
        **asked, name=path.name, total=survey.total, made_at=at
    )


@transaction.atomic
def start_upload(
    *,
    file: File[Any],
    name: str,
    format_: str = AUTO,
    columns: Mapping[str, str],
    may_train: bool = True,
    made_by: Any = None,
    at: datetime,
) -> TrackImport:
    """Keep an uploaded file and have it read by a job."""
    track_import = TrackImport.objects.create(
        format="" if format_ == AUTO else format_,
        name=name[:300],
        columns=dict(columns),
        may_train=may_train,
        made_by=made_by,
        made_at=at,
    )
    track_import.file.save(name, file)
    jobs.enqueue(JOB, track_import.pk, subject=subject(track_import))
    return track_import


def subject(track_import: TrackImport) -> str:
    return f"track-import-{track_import.pk}"


def survey_upload(track_import: TrackImport, path: Path) -> None:
    """:raises Refused: if the file cannot be read; the import remembers why"""
    try:
        found = find_format(track_import.format or AUTO, path)
        survey = found.survey(path, track_import.columns)
    except Refused as error:
        track_import.state, track_import.refusal = TrackImport.State.REFUSED, str(error)
        track_import.save(update_fields=["state", "refusal"])
        raise
    track_import.format, track_import.total = found.name, survey.total
    track_import.checksum = survey.checksum
    track_import.save(update_fields=["format", "total", "checksum"])


@contextmanager
def on_disk(track_import: TrackImport) -> Iterator[Path]:
    """The uploaded file as a local one, wherever the storage keeps it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, Path(track_import.name).name or "file")
        with track_import.file.open("rb") as stored, path.open("wb") as copy:
            copyfileobj(stored, copy)
        yield path
