"""Asking for work, and changing one's mind."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from jobs import registry
from jobs.models import Job, State
from jobs.prepared import Given, Prepared, Whole
from jobs.services import bell


class NotRetried(Exception):
    """Its message may be shown as it stands."""


def enqueue(
    name: str,
    *args: Any,
    due: datetime | None = None,
    queue: str = "",
    unique: str = "",
    subject: str = "",
) -> Job:
    """Write down work to be done once the caller's transaction is committed; return its row.

    If a job with the same `unique` is waiting or running, that one is returned. `subject` says
    whom or what it is about ("import:7"), for whoever looks for it later.

    :raises jobs.registry.UnknownJob: if nothing does work of this name
    """
    spec = registry.find(name)
    now = timezone.now()
    job = Job(
        name=name,
        args=list(args),
        due=due or now,
        created=now,
        queue=queue or spec.queue,
        max_tries=spec.max_tries,
        unique_key=unique,
        subject=subject,
        request_id=_request_id(),
    )
    return _insert_once(job, at=now) if unique else _insert(job, at=now)


def _insert_once(job: Job, *, at: datetime) -> Job:
    """The constraint decides, not a look beforehand: two may ask at the same moment."""
    try:
        with transaction.atomic():
            return _live(job.unique_key) or _insert(job, at=at)
    except IntegrityError:
        return _live(job.unique_key) or _insert(job, at=at)  # none: it was over just then


def _live(unique_key: str) -> Job | None:
    rows = _LIVE.rows(unique_key=unique_key)
    return _JOB.object(rows[0]) if rows else None


_JOB = Whole(Job)
_LIVE = Prepared(
    lambda: Job.objects.live().filter(unique_key=Given("unique_key")).values_list(*_JOB.names)[:1]
)


def _insert(job: Job, *, at: datetime) -> Job:
    job.save(force_insert=True)
    if job.due <= at:
        transaction.on_commit(partial(bell.ring, job.queue), robust=True)
    return job


def cancel(job: Job, *, at: datetime) -> bool:
    """Call the work off; one that runs stops at its next `progress`. False: it was over."""
    cancelled = Job.objects.filter(pk=job.pk, state=State.NEW).update(
        state=State.CANCELLED, cancel_asked=True, finished=at
    )
    if not cancelled:
        cancelled = Job.objects.running().filter(pk=job.pk).update(cancel_asked=True)
    job.refresh_from_db()
    return bool(cancelled)


def retry(job: Job, *, at: datetime) -> None:
    """Give a parked, failed or cancelled job all its tries again, from where it had come to.

    :raises NotRetried: if it is not over, is done, or another has taken its place
    """
    over = (State.PARKED, State.FAILED, State.CANCELLED)
    again = {"state": State.NEW, "tries": 0, "due": at, "finished": None, "cancel_asked": False}
    try:
        with transaction.atomic():
            changed = Job.objects.filter(pk=job.pk, state__in=over).update(**again)
    except IntegrityError:
        raise NotRetried(f"{job} was not started again: a newer one is under way.") from None
    if not changed:
        raise NotRetried(f"{job} was not started again: it is {job.state}.")
    transaction.on_commit(partial(bell.ring, job.queue), robust=True)


def _request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:100]
