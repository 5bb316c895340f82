"""Who works on what: taking a job, holding it, giving it back."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import structlog
from django.db.models import F

from jobs.models import Job, State
from jobs.services import bell
from jobs.services.owners import is_gone, this_machine, this_process

log = structlog.get_logger(__name__)


class Lost(Exception):
    """Another try holds this job now; whatever this one still does would be done twice."""


def claim_next(*, queue: str, at: datetime) -> Job | None:
    """Take the job of this queue that has been due longest, if there is one."""
    while True:
        job = Job.objects.waiting(at=at).filter(queue=queue).order_by("due", "pk").first()
        if job is None or _claim(job, at=at):
            return job


def _claim(job: Job, *, at: datetime) -> bool:
    claim = uuid.uuid4().hex
    claimed = Job.objects.filter(pk=job.pk, state=State.NEW).update(
        state=State.RUNNING,
        claim=claim,
        claimed_by=this_process(),
        heartbeat=at,
        started=job.started or at,
        tries=F("tries") + 1,
    )
    if claimed:
        job.refresh_from_db()
    return claimed == 1 and job.claim == claim


def hold(job: Job, **fields: Any) -> None:
    """Write to a job that this try still holds.

    :raises Lost: if it does not hold it any more
    """
    if Job.objects.held_by(job.claim).filter(pk=job.pk).update(**fields) != 1:
        raise Lost(str(job))


def end(job: Job, *, state: State, at: datetime, **fields: Any) -> None:
    """:raises Lost: if this try does not hold the job any more"""
    if state == State.DONE:
        fields |= {"progress": 1, "error": ""}
    hold(job, state=state, claim="", finished=at, **fields)


def hand_back(job: Job, *, due: datetime, **fields: Any) -> None:
    """:raises Lost: if this try does not hold the job any more"""
    hold(job, state=State.NEW, claim="", due=due, **fields)


def release_stale(*, at: datetime) -> int:
    """Give back what was held by workers that have fallen silent; return how many jobs."""
    return _release(list(Job.objects.stale(at=at)), at=at)


def release_gone(*, at: datetime) -> int:
    """Give back at once what processes of this machine held that are no more."""
    ours = Job.objects.running().filter(claimed_by__startswith=f"{this_machine()}/")
    return _release([job for job in ours if is_gone(job.claimed_by)], at=at)


def _release(orphans: list[Job], *, at: datetime) -> int:
    released = 0
    for job in orphans:
        try:
            _release_one(job, at=at)
        except Lost:  # finished after all, or released by another process: just as well
            continue
        released += 1
        log.warning("job_released", job=job.pk, job_name=job.name, tries=job.tries)
        bell.ring(job.queue)  # the one that stood for it died with its worker
    return released


def _release_one(job: Job, *, at: datetime) -> None:
    if job.cancel_asked:
        end(job, state=State.CANCELLED, at=at)
    elif job.tries >= job.max_tries:
        error = f"The worker died {job.tries} times while doing this. {job.error}".strip()
        end(job, state=State.PARKED, at=at, error=error)
    else:
        hand_back(job, due=at)
