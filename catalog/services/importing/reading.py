"""Reading a file chunk by chunk: each is stored whole, together with the place reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from catalog.imports.formats import AUDIO, FORMATS
from catalog.imports.rows import Format, Rejected, Row, TrackRow
from catalog.models import ExternalId, RowFate, TrackImport, TrackImportRow, TrackRecord
from catalog.services import audio, storing
from catalog.services.exploring import ask_for_exploration
from catalog.services.importing.deciding import Chunk, decide
from catalog.services.importing.starting import on_disk, survey_upload
from catalog.services.importing.writing import write
from catalog.services.indexing import index_later
from jobs import services as jobs

CHUNK = 2000  # rows stored at once
FATE = ("track_import", "line", "fate", "reason", "text", "track")
KEPT = (RowFate.MERGED, RowFate.REJECTED)  # fates of which each row is kept
ONE_AT_A_TIME = 0x5E6E  # two imports never make the same artist twice
PAGES_KIB = 16_000  # of the database that SQLite keeps at hand; more makes an import no quicker
Progress = Callable[[int, int], None]  # rows read, and rows in all
Keep = Callable[[int], None]  # told the place reached, inside the transaction


class Stopped(Exception):
    """Somebody else reads this import now, or it is over."""


def import_file(
    track_import: TrackImport,
    path: Path,
    *,
    at: datetime,
    progress: Progress = lambda done, total: None,
    keep: Keep = lambda position: None,
) -> TrackImport:
    """Read the file from where the import stands to its end.

    Broken off at any moment, it can be called again; nothing is stored twice or left out.

    :raises Stopped: if the import moved on elsewhere
    """
    format_ = FORMATS[track_import.format]
    rows = format_.read(path, track_import.columns)
    seen = _seen(islice(rows, track_import.position))
    with storing.few_pages(PAGES_KIB), closing(storing.in_chunks(rows, CHUNK)) as chunks:
        for chunk in chunks:
            with storing.rare_collections(), transaction.atomic():
                _alone()
                storing.use_indexes()
                _store(chunk, track_import, format_, seen, at)
                stored = track_import.position // CHUNK
                storing.count_anew(TrackRecord, "source", "source_id", chunks=stored)
                storing.count_anew(ExternalId, "kind", "namespace", "value", chunks=stored)
                keep(track_import.position)
            progress(track_import.position, track_import.total or track_import.position)
    if track_import.format == AUDIO:
        for _ in audio.take_in(path, may_train=track_import.may_train, at=at):
            progress(track_import.position, track_import.total or track_import.position)
    _finish(track_import, at)
    return track_import


def _seen(rows: Iterable[Row]) -> set[str]:
    """The ids in rows that were stored earlier."""
    return {row.record_id() for row in rows if isinstance(row, TrackRow)}


def _alone() -> None:
    """Wait until no other import is inside a transaction; SQLite sees to that by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def _store(
    rows: list[Row], track_import: TrackImport, format_: Format, seen: set[str], at: datetime
) -> None:
    chunk = decide(rows, source=format_.source, seen=seen, import_id=track_import.pk)
    made = write(chunk, track_import=track_import, at=at)
    storing.insert(TrackImportRow, FATE, _kept(chunk, track_import, made))
    _move_on(track_import, chunk)


def _kept(
    chunk: Chunk, track_import: TrackImport, made: dict[int, int]
) -> Iterator[tuple[Any, ...]]:
    for row, fate, track in chunk.fates:
        if fate in KEPT:
            reason = chunk.reasons.get(row.line, "")[:300]
            key = None if track is None else made.get(track, track)
            yield track_import.pk, row.line, fate.value, reason, _text(row), key


def _text(row: Row) -> str:
    if isinstance(row, Rejected):
        return row.text
    return f"{', '.join(row.artists)} – {row.title}"


def _move_on(track_import: TrackImport, chunk: Chunk) -> None:
    """:raises Stopped: if the import is not where we left it; nothing of the chunk stays then"""
    counts = chunk.counts
    here = TrackImport.objects.filter(pk=track_import.pk, position=track_import.position)
    moved = here.exclude(state=TrackImport.State.DONE).update(
        state=TrackImport.State.READING,
        position=F("position") + len(chunk.fates),
        **{fate: F(fate) + count for fate, count in counts.items()},
    )
    if not moved:
        raise Stopped(f"Import {track_import.pk} is being read elsewhere.")
    track_import.position += len(chunk.fates)
    for fate, count in counts.items():
        setattr(track_import, fate, getattr(track_import, fate) + count)


@transaction.atomic
def _finish(track_import: TrackImport, at: datetime) -> None:
    track_import.state, track_import.finished_at = TrackImport.State.DONE, at
    track_import.total = track_import.position
    track_import.save(update_fields=["state", "finished_at", "total"])
    if track_import.new or track_import.changed or track_import.merged:
        index_later()
        ask_for_exploration(at=at)


def run(track_import: TrackImport, *, job: jobs.Run) -> dict[str, int]:
    """Read an uploaded file as a job; return how many rows met which fate.

    :raises Refused: if the file cannot be read
    """
    with on_disk(track_import) as path:
        if not track_import.position:
            survey_upload(track_import, path)
        try:
            import_file(
                track_import,
                path,
                at=job.clock(),
                progress=lambda done, total: job.progress(done / total, f"{done} of {total} rows"),
                keep=job.step,
            )
        except jobs.Cancelled:
            stopped = TrackImport.objects.filter(pk=track_import.pk)
            stopped.update(state=TrackImport.State.STOPPED)
            raise
    return track_import.counts
