"""What a curator does is one change: told row by row in the history, and undone as one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import Model

from catalog.models import Album, Artist, Change, Genre, Rule, Track
from catalog.services import states
from catalog.services.exploring import ask_for_exploration
from catalog.services.grouping import Mergeable, group_of
from catalog.services.indexing import index
from catalog.services.refusing import Refused
from catalog.services.showing import keep_first_word

KEPT: tuple[type[Model], ...] = (Genre, Artist, Album, Track, Rule)
EXPLORED: tuple[type[Model], ...] = (Genre, Artist, Track)
By = AbstractBaseUser | AnonymousUser | None


@dataclass
class Recording:
    """The rows that a change may touch, as they were before it."""

    at: datetime
    before: dict[type[Model], states.States] = field(default_factory=dict)
    change: Change | None = None  # once it is over, and if anything changed

    def watch(self, model: type[Model], ids: Collection[int]) -> None:
        seen = self.before.setdefault(model, {})
        new = set(ids) - seen.keys()
        if model is Track:
            keep_first_word(Track.objects.filter(pk__in=new).only("pk"), at=self.at)
        seen |= states.read(model, new)

    def made(self, rules: Iterable[Rule]) -> None:
        """Rules that did not hold before, since they were not there."""
        seen = self.before.setdefault(Rule, {})
        seen |= {rule.pk: {"holds": False} for rule in rules}


@contextmanager
def recording(
    what: str,
    *,
    by: By,
    at: datetime,
    undoes: Change | None = None,
    watch: tuple[type[Model], Collection[int]] | None = None,
) -> Iterator[Recording]:
    """Whatever happens to the watched rows inside is one change; all of it happens, or nothing."""
    with transaction.atomic():
        record = Recording(at)
        if watch:
            record.watch(*watch)
        yield record
        changed = {model: _differences(model, before) for model, before in record.before.items()}
        if any(changed.values()):
            record.change = Change.objects.create(
                what=what.replace("{rows}", _counted(changed))[:200],
                made_by_id=by.pk if by else None,
                made_at=at,
                undoes=undoes,
            )
            for model, rows in changed.items():
                _tell(model, rows, record.change)
            _reindex(changed)
            if any(changed.get(model) for model in EXPLORED):
                ask_for_exploration(at=at)


class Undone(NamedTuple):
    change: Change
    left: int  # rows that have changed again since, and stay as they are


def undo(*, change: Change, by: By, at: datetime) -> Undone:
    """Put back what this change changed, where nothing else has changed it since.

    :raises Refused: if it is undone already, or nothing of it is left to undo
    """
    if Change.objects.filter(undoes=change).exists():
        raise Refused("This is undone already.")
    wanted, left = _to_put_back(change)
    if not any(wanted.values()):
        raise Refused("All of this has been changed again since then, so it stays as it is.")
    try:
        with recording(f"Undid: {change.what}", by=by, at=at, undoes=change) as record:
            for model, rows in wanted.items():
                record.watch(model, rows)
            _watch_merged(record, wanted)
            for model, rows in wanted.items():
                states.put(model, rows, at=at)
    except IntegrityError as clash:
        raise Refused("Something else has taken its place since then.") from clash
    if record.change is None:
        raise Refused("There is nothing left to undo.")
    return Undone(record.change, left)


def history_of(row: Model) -> Any:
    """What was changed of this row and by whom, the latest first."""
    entries = type(row).history.filter(**{row._meta.pk.attname: row.pk})  # type: ignore[attr-defined]
    entries = entries.select_related("history_user", "change__made_by", "change__undone_by")
    return entries.order_by("-history_id")


def _reindex(changed: dict[type[Model], dict[int, Any]]) -> None:
    """What is called otherwise, or shows no longer, is found by what it is now."""
    index(
        tracks=changed.get(Track, ()),
        artists=changed.get(Artist, ()),
        albums=changed.get(Album, ()),
        genres=changed.get(Genre, ()),
    )


def _counted(changed: dict[type[Model], dict[int, Any]]) -> str:
    """How many rows of the model that was watched first: “1 track”, “40 artists”."""
    model, rows = next(iter(changed.items()))
    names = model._meta.verbose_name if len(rows) == 1 else model._meta.verbose_name_plural
    return f"{len(rows)} {names}"


def _differences(model: type[Model], before: states.States) -> dict[int, dict[str, list[Any]]]:
    after = states.read(model, before)
    changed = {
        pk: {
            name: [was.get(name), value]
            for name, value in after[pk].items()
            if was.get(name) != value
        }
        for pk, was in before.items()
        if pk in after
    }
    return {pk: values for pk, values in changed.items() if values}


def _tell(model: type[Model], rows: dict[int, dict[str, list[Any]]], change: Change) -> None:
    history = model.history.model  # type: ignore[attr-defined]
    columns = [column.attname for column in history.tracked_fields]
    history.objects.bulk_create(
        (
            history(
                history_date=change.made_at,
                history_user=change.made_by,
                history_change_reason=change.what[:100],
                history_type="~",
                change=change,
                changed=rows[row.pk],
                **{column: getattr(row, column) for column in columns},
            )
            for row in model._default_manager.filter(pk__in=rows)
        ),
        batch_size=500,
    )


def _to_put_back(change: Change) -> tuple[dict[type[Model], states.States], int]:
    """What the rows of a change were, where they are still as it left them; how many are not."""
    wanted: dict[type[Model], states.States] = {}
    left = 0
    for model in KEPT:
        entries = model.history.filter(change=change)  # type: ignore[attr-defined]
        told = {entry.id: entry.changed for entry in entries}
        now = states.read(model, told)
        wanted[model] = {}
        for pk, changed in told.items():
            back, gone = _still_so(model, changed, now.get(pk, {}))
            left += gone
            if back:
                wanted[model][pk] = back
    return wanted, left


def _still_so(
    model: type[Model], changed: dict[str, list[Any]], now: states.State
) -> tuple[states.State, bool]:
    ours = {name: pair for name, pair in changed.items() if states.can_be_put(model, name)}
    back = {name: was for name, (was, became) in ours.items() if now.get(name) == became}
    return back, len(back) < len(ours)


def _watch_merged(record: Recording, wanted: dict[type[Model], states.States]) -> None:
    """Rules move pointers, so the rows they name are told of too."""
    rules = Rule.objects.filter(pk__in=wanted.get(Rule, ()))
    sides: dict[Mergeable, tuple[str, str]] = {
        Track: ("track_id", "other_track_id"),
        Artist: ("artist_id", "other_artist_id"),
    }
    for model, names in sides.items():
        ids = {pk for pair in rules.values_list(*names) for pk in pair if pk}
        record.watch(model, group_of(model, ids))
