"""The Million Song Dataset's taste profile: a listener, with an import, for each of its users."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Listener, Partner
from listening.arrivals import Fate, Outcome
from listening.imports.files import Part, other_kind
from listening.imports.msd_taste import NAME, Taste, tastes
from listening.imports.rows import LeftOut, Refused
from listening.imports.text import encoding_of, open_text
from listening.models import Import, ImportRow, Source
from listening.services.recording import Names, record_plays

PARTNER = "Million Song Dataset"
UNKNOWN = "This song is not in the catalogue. Bring in unique_tracks.txt first: import_tracks"

Rows = list[Taste | LeftOut]


def import_tastes(
    *, path: Path, at: datetime, progress: Callable[[int], Any] = lambda rows: None
) -> dict[str, Any]:
    """Read the whole file, one user in one transaction; return how many rows met which fate.

    Called again, it adds nothing; broken off, what is missing.

    :raises Refused: if it is no such file
    """
    names: Names = {}
    counts: Counter[str] = Counter()
    listeners = 0
    for user, rows in _users(path):
        if user:
            counts += _import(user, rows, names, path.name, at)
            listeners += 1
        else:
            counts[Fate.REJECTED.value] += len(rows)
        progress(len(rows))
    return {"listeners": listeners, "rows": counts.total(), "counts": dict(counts)}


def _users(path: Path) -> Iterator[tuple[str, Rows]]:
    """The rows of one user after the other; those that cannot be read are nobody's."""
    if not path.is_file():
        raise Refused(f"There is no file “{path.name}”.")
    part = Part(path.name, path.stat().st_size, path)
    if kind := other_kind(part.head()):
        raise Refused(f"This file is {kind}.")
    with open_text(part, encoding_of(part)) as file:
        rows = tastes(file)
        first = next(rows, None)
        if not isinstance(first, Taste):
            raise Refused("This is no taste profile: each line is user, song and plays.")
        yield from _by_user(first, rows)


def _by_user(first: Taste, rows: Iterator[Taste | LeftOut]) -> Iterator[tuple[str, Rows]]:
    def user_of(row: Taste | LeftOut) -> str:
        return row.user if isinstance(row, Taste) else ""

    def whole() -> Iterator[Taste | LeftOut]:
        yield first
        yield from rows

    for user, group in groupby(whole(), key=user_of):
        yield user, list(group)


@transaction.atomic
def _import(user: str, rows: Rows, names: Names, file_name: str, at: datetime) -> Counter[str]:
    listener = _listener(user)
    import_ = Import.objects.create(
        listener=listener,
        format=NAME,
        file_name=file_name[:255],
        state=Import.State.DONE,
        position=len(rows),
        total=len(rows),
        created_at=at,
        finished_at=at,
    )
    told = [row for row in rows if isinstance(row, Taste)]
    fates = _recorded(told, listener, import_, names, at)
    ImportRow.objects.bulk_create(
        ImportRow(source_import=import_, number=number, place=row.place, fate=fate, reason=UNKNOWN)
        for number, (row, fate) in enumerate(zip(told, fates, strict=True), start=1)
        if fate is Fate.REJECTED
    )
    counts = Counter(fate.value for fate in fates)
    Import.objects.filter(pk=import_.pk).update(counts=dict(counts))
    return counts


def _recorded(
    told: list[Taste], listener: Listener, import_: Import, names: Names, at: datetime
) -> list[Fate]:
    arrivals = [list(row.arrivals()) for row in told]
    outcomes = iter(
        record_plays(
            listener=listener,
            arrivals=[arrival for ours in arrivals for arrival in ours],
            source=Source.MSD,
            at=at,
            source_import=import_,
            names=names,
        )
    )
    return [_fate([next(outcomes) for _ in ours]) for ours in arrivals]


def _fate(outcomes: list[Outcome]) -> Fate:
    """A row is new if one of its plays is."""
    fates = {outcome.fate for outcome in outcomes}
    return next(fate for fate in (Fate.REJECTED, Fate.NEW, *fates) if fate in fates)


def _listener(user: str) -> Listener:
    partner, _new = Partner.objects.get_or_create(name=PARTNER, defaults={"may_train": True})
    listener, _new = Listener.objects.get_or_create(
        partner=partner,
        external_id=user,
        defaults={"handle": user, "name": user[:12], "shares_taste": True},
    )
    return listener
