"""Reading an export chunk by chunk: each is stored whole, together with the place reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from catalog.models import ExternalId
from catalog.services.storing import count_anew, in_chunks, rare_collections, use_indexes
from jobs import services as jobs
from listening import playlist_keeper
from listening.arrivals import Arrival, Fate
from listening.imports.bundle import read
from listening.imports.rows import (
    SHOWN_OF_A_ROW,
    Corrected,
    Entry,
    LeftOut,
    Muted,
    Opinion,
    Row,
)
from listening.models import Import, ImportRow, Source
from listening.models.imports import OPEN
from listening.services.bringing import record_corrections, record_mutes
from listening.services.importing.starting import FIRST, look_through, on_disk, survey_of
from listening.services.opinions import record_opinions
from listening.services.recording import Names, record_plays

CHUNK = 5000  # rows stored at once
Progress = Callable[[int, int], None]  # rows read, and rows in all
Keep = Callable[[int], None]  # told the place reached, inside the transaction
R = TypeVar("R")
Numbered = list[tuple[int, str, Row]]  # number in the import, source, row


class Stopped(Exception):
    """Somebody else reads this import now, or it is over."""


def run(import_: Import, *, job: jobs.Run, profile: str | None = FIRST) -> dict[str, int]:
    """Read an upload as a job; return how many rows met which fate.

    Where `profile` is `ASK` and there are several, none is read before somebody has chosen.

    :raises Refused: if it cannot be read
    :raises Stopped: if it is over
    """
    if import_.state not in OPEN:
        raise Stopped(f"Import {import_.pk} is {import_.get_state_display()}.")
    with on_disk(import_) as path:
        if not import_.survey:
            look_through(import_, path, profile=profile, at=job.clock())
        if import_.state == Import.State.ASKING:
            return {}
        try:
            read_import(
                import_,
                path,
                at=job.clock(),
                progress=lambda done, total: job.progress(done / total, f"{done} of {total} rows"),
                keep=job.step,
            )
        except jobs.Cancelled:
            still_open = Import.objects.filter(pk=import_.pk, state__in=OPEN)
            still_open.update(state=Import.State.CANCELLED, finished_at=job.clock())
            raise
    return import_.counts


def read_import(
    import_: Import,
    path: Path,
    *,
    at: datetime,
    progress: Progress = lambda done, total: None,
    keep: Keep = lambda position: None,
) -> Import:
    """Read the export from where the import stands to its end; store one chunk, read the next.

    Broken off at any moment, it can be called again; nothing is stored twice or left out.

    :raises Stopped: if the import moved on elsewhere
    """
    names: Names = {}
    looked, zone = survey_of(import_), import_.listener.zone
    with (
        closing(read(path, looked, zone=zone, start=import_.position)) as rows,
        closing(in_chunks(_numbered(rows, import_.position), CHUNK)) as chunks,
    ):
        for chunk in chunks:
            with rare_collections(), transaction.atomic():
                use_indexes()
                _store(chunk, import_, names, at)
                keep(import_.position)
            count_anew(ExternalId, "kind", "namespace", "value", chunks=import_.position // CHUNK)
            progress(import_.position, looked.total)
    _finish(import_, at)
    return import_


def _numbered(rows: Iterator[tuple[str, Row]], position: int) -> Iterator[tuple[int, str, Row]]:
    return ((number, *row) for number, row in enumerate(rows, start=position + 1))


def _store(chunk: Numbered, import_: Import, names: Names, at: datetime) -> None:
    became = _of(chunk, LeftOut)
    # Playlists first: they are held before tracks, as by whoever changes one.
    became |= _entries(_of(chunk, Entry), import_, at)
    for source in dict.fromkeys(source for _, source, row in chunk if isinstance(row, Arrival)):
        told = {n: row for n, by, row in chunk if by == source and isinstance(row, Arrival)}
        became |= _plays(told, source, import_, names, at)
    became |= _opinions(_of(chunk, Opinion), import_, at)
    became |= _said_of_plays(chunk, import_, at)
    _move_on(import_, len(chunk), Counter(row.fate.value for row in became.values()))
    ImportRow.objects.bulk_create(_kept(became, import_))


def _of(chunk: Numbered, kind: type[R]) -> dict[int, R]:
    return {number: row for number, _, row in chunk if isinstance(row, kind)}


def _plays(
    told: dict[int, Arrival], source: str, import_: Import, names: Names, at: datetime
) -> dict[int, LeftOut]:
    outcomes = record_plays(
        listener=import_.listener,
        arrivals=list(told.values()),
        source=_source(source),
        at=at,
        source_import=import_,
        names=names,
    )
    return {
        number: LeftOut(outcome.fate, outcome.reason, "", _text(row, outcome.fate))
        for (number, row), outcome in zip(told.items(), outcomes, strict=True)
    }


def _entries(told: dict[int, Entry], import_: Import, at: datetime) -> dict[int, LeftOut]:
    keeper = playlist_keeper.keeper()
    if keeper is None:
        return {number: LeftOut(Fate.KEPT, "", row.place) for number, row in told.items()}
    if not told:
        return {}
    outcomes = keeper.take_in(
        listener=import_.listener, entries=list(told.values()), source_import=import_, at=at
    )
    return {
        number: LeftOut(outcome.fate, outcome.reason, row.place, row.title)
        for (number, row), outcome in zip(told.items(), outcomes, strict=True)
    }


def _opinions(told: dict[int, Opinion], import_: Import, at: datetime) -> dict[int, LeftOut]:
    outcomes = record_opinions(
        listener=import_.listener,
        opinions=list(told.values()),
        source_import=import_,
        at=at,
    )
    return {
        number: LeftOut(outcome.fate, outcome.reason, "", row.name)
        for (number, row), outcome in zip(told.items(), outcomes, strict=True)
    }


def _said_of_plays(chunk: Numbered, import_: Import, at: datetime) -> dict[int, LeftOut]:
    """Mutes and corrections, which have no text to keep."""
    told: dict[str, Any] = {"listener": import_.listener, "source_import": import_, "at": at}
    muted, corrected = _of(chunk, Muted), _of(chunk, Corrected)
    outcomes = [
        *record_mutes(mutes=list(muted.values()), **told),
        *record_corrections(corrections=list(corrected.values()), **told),
    ]
    return {
        number: LeftOut(outcome.fate, outcome.reason)
        for number, outcome in zip([*muted, *corrected], outcomes, strict=True)
    }


def _source(source: str) -> Source:
    """A play out of our own export keeps its source, if there is still such a one."""
    return Source(source) if source in Source.values else Source.OTHER_FILE


def _text(row: Arrival, fate: Fate) -> str:
    return f"{row.artist} – {row.title}"[:SHOWN_OF_A_ROW] if fate is Fate.REJECTED else ""


def _kept(became: dict[int, LeftOut], import_: Import) -> Iterable[ImportRow]:
    """Of a rejected row it is kept what it was, and why."""
    return [
        ImportRow(
            source_import=import_,
            number=number,
            place=row.place[:300],
            fate=row.fate,
            reason=row.reason[:300],
            text=row.text,
        )
        for number, row in became.items()
        if row.fate is Fate.REJECTED
    ]


def _move_on(import_: Import, rows: int, fates: Counter[str]) -> None:
    """:raises Stopped: if the import is not where we left it; nothing of the chunk stays then"""
    here = Import.objects.filter(pk=import_.pk, position=import_.position, state__in=OPEN)
    position = import_.position + rows
    together = Counter(import_.counts) + fates
    counts = {fate.value: together[fate] for fate in Fate if together[fate]}
    if not here.update(state=Import.State.RUNNING, position=position, counts=counts):
        raise Stopped(f"Import {import_.pk} has moved on elsewhere.")
    import_.state, import_.position, import_.counts = Import.State.RUNNING, position, counts


def _finish(import_: Import, at: datetime) -> None:
    here = Import.objects.filter(pk=import_.pk, position=import_.position, state__in=OPEN)
    if not here.update(state=Import.State.DONE, finished_at=at, total=import_.position):
        raise Stopped(f"Import {import_.pk} has moved on elsewhere.")
    import_.refresh_from_db()
