"""Packing plays by month, so that half a million of them are counted at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models.functions import TruncMonth

from listening.models import HeardMonth, Play, StaleDay
from listening.pipeline.heard import packed, read_month

Report = Callable[[float], None]


def roll_up(*, listener_id: int, at: datetime, report: Report = lambda share: None) -> int:
    """Pack every month of a listener that changed; return how many there were."""
    _mark_what_was_never_packed(listener_id, at)
    stale = StaleDay.objects.filter(listener=listener_id).values_list("day", flat=True)
    months = sorted({day.replace(day=1) for day in stale})
    for done, month in enumerate(months):
        report(done / len(months))
        _pack(listener_id, month)
    return len(months)


def _mark_what_was_never_packed(listener_id: int, at: datetime) -> None:
    """Once a listener has one packed month, each month has to be packed or marked."""
    if HeardMonth.objects.filter(listener=listener_id).exists():
        return
    plays = Play.objects.filter(listener=listener_id)
    months = plays.annotate(month=TruncMonth("started_at", tzinfo=UTC)).values_list(
        "month", flat=True
    )
    StaleDay.objects.bulk_create(
        [
            StaleDay(listener_id=listener_id, day=month.date(), marked_at=at)
            for month in months.distinct().order_by()
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def _pack(listener_id: int, month: date) -> None:
    """Pack a month. Who changes its plays meanwhile waits, or marks it again afterwards."""
    days = StaleDay.objects.filter(
        listener=listener_id, day__year=month.year, day__month=month.month
    )
    days.delete()
    block = read_month(listener_id, month)
    rows = HeardMonth.objects.filter(listener=listener_id, month=month)
    if not block.size:
        rows.delete()
        return
    HeardMonth.objects.update_or_create(
        listener_id=listener_id,
        month=month,
        defaults={"plays": block.size, "block": packed(month, block)},
    )
