"""All that a person has here, in one zip: JSON for programs, CSV for tables, words for people."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, BinaryIO, TextIO

from django.core.files import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.text import slugify

from accounts.models import Listener, User
from listening.services.changing import hold
from musicsite.models import DataExport
from musicsite.own_data.belongings import Kind, kinds_of_listener, kinds_of_user
from musicsite.own_data.telling import (
    COLUMNS,
    corrections_of,
    feedback_of,
    mutes_of,
    playlists_of,
    plays_of,
    table_row,
)

KEPT = timedelta(days=7)
VERSION = 1
ABOUT = """Your data from Segue, of {at:%Y-%m-%d %H:%M} UTC.

account.json and account/  who you are here
profiles/NAME/             one folder for each profile:
  plays.json, plays.csv    everything you heard (the same rows twice)
  feedback.json            likes, dislikes, favourites, ratings, hides, reports, skips: the latest
                           and all before it
  mutes.json               what shall not count
  corrections.json         which tracks were really other ones
  playlists.json           your playlists, with their tracks in order
  and one file for each other thing: imports, lists shown …

To bring a profile back, import this zip on the page of imports. With several profiles in it you
are asked which one shall be read; bring it again for the next. They are never mixed.
Keys and passwords are not in here.
"""

Report = Callable[[float], None]


def export_data(
    *, user: User, at: datetime, report: Report = lambda share: None
) -> DataExport | None:
    """Make and store the zip of everything that belongs to a user; None if they are gone by now."""
    while User.objects.filter(pk=user.pk).exists():
        listeners = list(user.listeners.order_by("pk"))
        export = _packed(user, listeners, at, report)
        if _is_kept(export, listeners):
            return export
        export.file.delete(save=False)
    return None


def _packed(user: User, listeners: Sequence[Listener], at: datetime, report: Report) -> DataExport:
    """Store the file, and return its row to be."""
    with tempfile.TemporaryFile() as file:
        _write(file, user, listeners, at, report)
        export = DataExport(user=user, size=file.tell(), made_at=at, expires_at=at + KEPT)
        file.seek(0)
        name = f"segue-{slugify(user.get_short_name()) or 'data'}-{at:%Y-%m-%d}.zip"
        export.file.save(name, File(file), save=False)
    return export


@transaction.atomic
def _is_kept(export: DataExport, listeners: Sequence[Listener]) -> bool:
    """Keep it, unless one of the profiles in it was deleted meanwhile.

    Whoever deletes one from now on finds it.
    """
    pks = [listener.pk for listener in listeners]
    hold(*pks)
    if Listener.objects.filter(pk__in=pks).count() < len(pks):
        return False
    export.save()
    return True


def write_export(
    file: BinaryIO | Any, *, user: User, at: datetime, report: Report = lambda share: None
) -> None:
    """Write the zip; no more than a few thousand rows are in memory at once."""
    _write(file, user, list(user.listeners.order_by("pk")), at, report)


def _write(
    file: BinaryIO | Any, user: User, listeners: Sequence[Listener], at: datetime, report: Report
) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("READ ME.txt", ABOUT.format(at=at))
        _write_list(
            archive, "account.json", "account", User.objects.filter(pk=user.pk).values(*_own())
        )
        for kind in kinds_of_user():
            _write_rows(archive, f"account/{kind.name}.json", kind, user)
        for done, listener in enumerate(listeners):
            report(done / len(listeners))
            _write_listener(archive, f"profiles/{listener.handle}", listener)


def remove_expired(*, at: datetime) -> int:
    """Delete the files whose time is over; return how many."""
    expired = list(DataExport.objects.filter(expires_at__lte=at))
    for export in expired:
        export.file.delete(save=False)
        export.delete()
    return len(expired)


def _own() -> list[str]:
    return [field.attname for field in User._meta.concrete_fields if field.name != "password"]


def _write_listener(archive: zipfile.ZipFile, folder: str, listener: Listener) -> None:
    _write_list(archive, f"{folder}/plays.json", "plays", plays_of(listener))
    with _text(archive, f"{folder}/plays.csv") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        table.writerows(table_row(play) for play in plays_of(listener))
    _write_list(archive, f"{folder}/feedback.json", "feedback", feedback_of(listener))
    _write_list(archive, f"{folder}/mutes.json", "mutes", mutes_of(listener))
    _write_list(archive, f"{folder}/corrections.json", "corrections", corrections_of(listener))
    _write_list(archive, f"{folder}/playlists.json", "playlists", playlists_of(listener))
    profile = Listener.objects.filter(pk=listener.pk).values()
    _write_list(archive, f"{folder}/profile.json", "profile", profile)
    for kind in kinds_of_listener():
        _write_rows(archive, f"{folder}/{kind.name}.json", kind, listener)


def _write_rows(archive: zipfile.ZipFile, name: str, kind: Kind, owner: Any) -> None:
    _write_list(archive, name, kind.name, kind.rows(owner))


def _write_list(archive: zipfile.ZipFile, name: str, what: str, rows: Iterable[Any]) -> None:
    """Write `{"segue": what, "version": 1, what: [...]}` row by row."""
    with _text(archive, name) as file:
        head = json.dumps({"segue": what, "version": VERSION})[:-1]
        file.write(f"{head}, {json.dumps(what)}: [")
        for number, row in enumerate(rows):
            file.write(",\n" if number else "\n")
            file.write(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False))
        file.write("\n]}\n")


@contextmanager
def _text(archive: zipfile.ZipFile, name: str) -> Iterator[TextIO]:
    with (
        archive.open(name, "w", force_zip64=True) as raw,
        io.TextIOWrapper(raw, "utf-8", newline="", write_through=True) as file,
    ):
        yield file
