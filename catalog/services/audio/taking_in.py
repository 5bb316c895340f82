"""After the tags of files were imported, the files themselves are taken in, to be heard."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from catalog.audio.kinds import audio_files, mime_type
from catalog.imports.audio import file_id
from catalog.models import AudioFile, Source, TrackRecord
from catalog.services.audio.measuring import measure_later
from catalog.services.storing import among

CHUNK = 500


@dataclass(frozen=True)
class Found:
    """A file on disk, whose tags are on record."""

    place: Path
    record: TrackRecord

    @property
    def size(self) -> int:
        return self.place.stat().st_size

    @property
    def modified_at(self) -> datetime:
        return datetime.fromtimestamp(self.place.stat().st_mtime, UTC)


def take_in(path: Path, *, may_train: bool, at: datetime) -> Iterator[TrackRecord]:
    """Keep each file of the folder whose tags are on record, and have it measured.

    Yields each record when its file is done. A file within `AUDIO_DIR` stays where it is; others
    are copied into the site's storage. Called again, it takes in what is new or was written since,
    and touches nothing else.
    """
    for found in _on_record(path):
        known = AudioFile.objects.filter(source_id=found.record.source_id).first()
        if known and (known.size, known.modified_at) == (found.size, found.modified_at):
            _follow(known, found, may_train)
        else:
            _keep(found, known, may_train=may_train, at=at)
        yield found.record


def _on_record(path: Path) -> Iterator[Found]:
    files = audio_files(path)
    while chunk := list(islice(files, CHUNK)):
        places = {file_id(file): file for file in chunk}
        records = TrackRecord.objects.filter(among("source_id", places), source=Source.AUDIO)
        for record in records.order_by("pk"):
            yield Found(places[record.source_id], record)


def _follow(known: AudioFile, found: Found, may_train: bool) -> None:
    """Its tags may name another track now, and whether it teaches is said anew each time."""
    track = found.record.track_id
    if (known.track_id, known.may_train) != (track, may_train):
        AudioFile.objects.filter(pk=known.pk).update(track=track, may_train=may_train)


def _keep(found: Found, known: AudioFile | None, *, may_train: bool, at: datetime) -> None:
    checksum = _checksum(found.place)
    same = AudioFile.objects.filter(track=found.record.track_id, checksum=checksum)
    file = known or same.first()
    if file is None:
        file = AudioFile(audience=settings.AUDIO_AUDIENCE, added_at=at)
    elif file != known and _is_there(file):
        return  # the very same file, twice
    _store(file, found, checksum=checksum, may_train=may_train)


def _is_there(file: AudioFile) -> bool:
    return file.place().is_file() if file.path else file.upload.storage.exists(str(file.upload))


def _store(file: AudioFile, found: Found, *, checksum: str, may_train: bool) -> None:
    heard_already = file.checksum == checksum and file.state != AudioFile.State.WAITING
    file.track_id, file.source_id = found.record.track_id, found.record.source_id
    file.size, file.modified_at, file.checksum = found.size, found.modified_at, checksum
    file.mime_type = mime_type(found.place)
    file.duration_ms = found.record.said.get("duration_ms")
    file.may_train = may_train
    old = _lay(file, found.place)
    if not heard_already:
        file.state, file.refusal = AudioFile.State.WAITING, ""
    with transaction.atomic():
        file.save()
        if not heard_already:
            measure_later(file)
    if old:
        file.upload.storage.delete(old)


def _lay(file: AudioFile, place: Path) -> str:
    """Point to the file within AUDIO_DIR, or copy it; return the name of an older copy."""
    old = file.upload.name or ""
    folder = Path(settings.AUDIO_DIR).resolve()
    if place.resolve().is_relative_to(folder):
        file.path, file.upload.name = str(place.resolve().relative_to(folder)), ""
        return old
    file.path = ""
    with place.open("rb") as content:
        file.upload.save(place.name, File(content), save=False)
    return old


def _checksum(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
