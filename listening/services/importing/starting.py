"""How an import begins: from a path, or from an upload, which is stored first."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Listener
from jobs import services as jobs
from listening.imports.bundle import Survey, survey
from listening.imports.formats import AUTO
from listening.imports.rows import Refused
from listening.models import Import
from listening.models.imports import OPEN

READ = "listening.read_import"
FIRST, ASK = "", None  # of the profiles in an export of ours


class TooLarge(Exception):
    """Its message may be shown as it stands."""


@transaction.atomic
def start_imports(
    *,
    listener: Listener,
    files: Iterable[File[Any]],
    shares_taste: bool | None = None,
    at: datetime,
) -> list[Import]:
    """Keep each upload, and have a job read it.

    `shares_taste` is the answer to what is asked at the first import; a later one changes nothing.

    :raises TooLarge: if one is larger than the site takes; then none is kept
    """
    undecided = Listener.objects.filter(pk=listener.pk, shares_taste__isnull=True)
    undecided.update(shares_taste=shares_taste)
    return [start_import(listener=listener, file=file, at=at, profile=ASK) for file in files]


@transaction.atomic
def start_import(
    *,
    listener: Listener,
    file: File[Any],
    format_: str = AUTO,
    profile: str | None = FIRST,
    at: datetime,
) -> Import:
    """Keep an upload, and have a job read it: of several profiles in it the one of this name.

    :raises TooLarge: if it is larger than the site takes
    """
    check_size(file)
    name = Path(file.name or "").name
    import_ = Import.objects.create(
        listener=listener,
        format="" if format_ == AUTO else format_,
        file_name=name[:255],
        created_at=at,
    )
    import_.file.save("export", file)
    jobs.enqueue(READ, import_.pk, profile, subject=subject(import_))
    return import_


def open_import(
    *,
    listener: Listener,
    path: Path,
    format_: str = AUTO,
    profile: str = FIRST,
    at: datetime,
) -> Import:
    """Look through what lies at the path; return its import, or the one that broke off.

    :raises Refused: if it cannot be read; nothing is stored then
    """
    looked = survey(path, format_).of_profile(profile)
    asked = {
        "listener": listener,
        "format": looked.format,
        "file": "",
        "file_name": path.name[:255],
        "survey": looked.as_json(),
    }
    broken_off = Import.objects.filter(**asked, state__in=OPEN).order_by("-pk").first()
    return broken_off or Import.objects.create(**asked, total=looked.total, created_at=at)


def check_size(file: File[Any]) -> None:
    """:raises TooLarge: if it is larger than the site takes"""
    if file.size > settings.LARGEST_IMPORT:
        largest = settings.LARGEST_IMPORT >> 20
        raise TooLarge(_("Larger than %(size)d MB. Bring it in parts.") % {"size": largest})


def subject(import_: Import) -> str:
    return f"import:{import_.pk}"


def look_through(import_: Import, path: Path, *, profile: str | None = FIRST, at: datetime) -> None:
    """See what there is to read; where that has to be chosen by somebody, ask.

    :raises Refused: if it cannot be read; the import remembers why
    """
    try:
        looked = survey(path, import_.format or AUTO)
        if profile is not ASK or not looked.has_to_choose:
            looked = looked.of_profile(profile or FIRST)
    except Refused as error:
        import_.state, import_.message, import_.finished_at = (
            Import.State.REFUSED,
            str(error),
            at,
        )
        import_.save(update_fields=["state", "message", "finished_at"])
        raise
    told: dict[str, Any] = {
        "format": looked.format,
        "total": looked.total,
        "survey": looked.as_json(),
    }
    if looked.has_to_choose:
        told["state"] = Import.State.ASKING
    Import.objects.filter(pk=import_.pk, state__in=OPEN).update(**told)
    import_.refresh_from_db()


def survey_of(import_: Import) -> Survey:
    return Survey.from_json(import_.survey)


@contextmanager
def on_disk(import_: Import) -> Iterator[Path]:
    """The upload as a local file, wherever the storage keeps it."""
    try:
        yield Path(import_.file.path)
        return
    except NotImplementedError:  # the storage is elsewhere
        pass
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "export")
        with import_.file.open("rb") as stored, path.open("wb") as copy:
            copyfileobj(stored, copy)
        yield path
