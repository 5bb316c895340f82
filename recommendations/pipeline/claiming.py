"""One training at a time: the row of the version in training is the claim, held in the database.

A training whose process is gone, or has fallen silent on another machine, is marked failed, and
the next one takes its place; should it wake up again, it can store nothing more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Max

from jobs.redaction import redact_text
from jobs.services.owners import is_gone, this_machine, this_process
from listening.models import FeedbackChange
from recommendations.models import ModelVersion

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]

HEARTBEAT = timedelta(seconds=10)
# Less than a job may be silent: when a lost job is done again, its training is free already.
STALE = timedelta(seconds=40)
ENDED = "Its process ended before it was done."


class AlreadyTraining(Exception):
    """Another training is under way; the message may be shown."""


class TakenOver(Exception):
    """This training was believed dead, and another has taken its place."""


def claim(*, algorithm: str, at: datetime) -> ModelVersion:
    """:raises AlreadyTraining: if a training is under way that is alive"""
    release_stale(at=at)
    seen = FeedbackChange.objects.aggregate(newest=Max("pk"))["newest"] or 0
    try:
        with transaction.atomic():
            return ModelVersion.objects.create(
                algorithm=algorithm,
                started_at=at,
                heartbeat_at=at,
                held_by=this_process(),
                seen_feedback=seen,
            )
    except IntegrityError:
        raise AlreadyTraining("A training is under way already.") from None


def release_stale(*, at: datetime) -> int:
    """Mark as failed what nobody trains any more; return how many."""
    lost = [row for row in ModelVersion.objects.training() if _is_lost(row, at)]
    return sum(fail(row, at=at, why=ENDED) for row in lost)


def _is_lost(row: ModelVersion, at: datetime) -> bool:
    """Of a process of this machine we know; of another's we hear."""
    if row.held_by.partition("/")[0] == this_machine():
        return is_gone(row.held_by)
    return row.heartbeat_at is None or at - row.heartbeat_at > STALE


def hold(row: ModelVersion, **fields: Any) -> None:
    """Write to the version while it is in training.

    :raises TakenOver: if it is not any more
    """
    if not ModelVersion.objects.training().filter(pk=row.pk).update(**fields):
        raise TakenOver(f"Training {row.pk} was taken for dead, and another has begun.")
    for name, value in fields.items():
        setattr(row, name, value)


def fail(row: ModelVersion, *, at: datetime, why: str) -> int:
    """Return 0 if it was over already."""
    failed = ModelVersion.objects.training().filter(pk=row.pk)
    return failed.update(
        state=ModelVersion.State.FAILED, finished_at=at, message=redact_text(why)[:5000]
    )


@contextmanager
def beating(row: ModelVersion, clock: Clock | None) -> Iterator[None]:
    """Say every few seconds that this training is alive, from a thread with its own connection."""
    if clock is None:
        yield
        return
    over = threading.Event()
    pulse = threading.Thread(target=_beat, args=(row, clock, over), daemon=True)
    pulse.start()
    try:
        yield
    finally:
        over.set()
        pulse.join(timeout=HEARTBEAT.total_seconds())


def _beat(row: ModelVersion, clock: Clock, over: threading.Event) -> None:
    alive = ModelVersion.objects.training().filter(pk=row.pk)
    try:
        while not over.wait(HEARTBEAT.total_seconds()):
            try:
                alive.update(heartbeat_at=clock())
            except DatabaseError as error:
                log.warning("heartbeat_missed", version=row.pk, error=type(error).__name__)
                connection.close()
    finally:
        connection.close()
