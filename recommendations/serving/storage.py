"""The way of an artifact from storage to this machine, and one name for all that bars it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.storage import default_storage

from recommendations.engine.artifacts import ArtifactError
from recommendations.models import ModelVersion


class Unreachable(ArtifactError):
    """Storage or a disk does not do what it is asked just now; what is stored may be whole."""


@contextmanager
def reached() -> Iterator[None]:
    """:raises Unreachable: for whatever a storage or a disk raises"""
    try:
        yield
    except _errors() as error:
        raise Unreachable(f"Its arrays cannot be reached just now: {error}") from error


def fetched(row: ModelVersion, beside: Path) -> Path:
    """Return the folder of the artifact as it was stored: where it lies, or a copy in `beside`.

    :raises Unreachable: if storage does not give it
    """
    try:
        return Path(default_storage.path(row.artifact))
    except NotImplementedError:  # a storage that has no paths, as S3
        with reached():
            return _copied(row.artifact, beside / str(row.pk))


def _copied(name: str, folder: Path) -> Path:
    folder.mkdir()
    for file in default_storage.listdir(name)[1]:
        stored = default_storage.open(f"{name}/{file}")
        with stored as source, (folder / file).open("wb") as copy:
            shutil.copyfileobj(source, copy)
    return folder


def _errors() -> tuple[type[Exception], ...]:
    """boto3's errors are no OSErrors; where it is not loaded, which takes long, none is raised."""
    if "boto3" not in sys.modules:
        return (OSError,)
    import boto3.exceptions
    import botocore.exceptions
    import s3transfer.exceptions

    return (
        OSError,
        boto3.exceptions.Boto3Error,
        botocore.exceptions.BotoCoreError,
        botocore.exceptions.ClientError,
        s3transfer.exceptions.RetriesExceededError,
        s3transfer.exceptions.S3DownloadFailedError,
    )
