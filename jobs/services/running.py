"""Doing a job: the handler is called, and what became of it is written down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from jobs import registry
from jobs.models import HEARTBEAT, Job, Queue, State
from jobs.redaction import redact_text
from jobs.services import claims
from jobs.services.claims import Lost

log = structlog.get_logger(__name__)
Clock = Callable[[], datetime]
SECONDS_BETWEEN_WRITES = 0.5


class Cancelled(Exception):
    """Somebody called this job off. Let it through: what was kept by `step` stays."""


class GaveUp(Exception):
    """Raised by a handler when trying again would not help; the message may be shown."""


class Postponed(Exception):
    """Raised by a handler that must come again later (a rate limit); costs it no try."""

    def __init__(self, until: datetime, words: str = "") -> None:
        super().__init__(words)
        self.until = until


@dataclass
class Run:
    """One try of a job, in the hands of its handler."""

    job: Job
    clock: Clock = timezone.now
    _written: float = field(default=0.0, init=False)

    @property
    def position(self) -> Any:
        """What the last `step` of an earlier try kept; None at the very start."""
        return self.job.position

    def progress(self, share: float, words: str = "") -> None:
        """Say how far it is (0 to 1); call it often, it writes twice a second at most.

        :raises Cancelled: if the job was called off
        :raises Lost: if another try has taken over
        """
        if share < 1 and time.monotonic() - self._written < SECONDS_BETWEEN_WRITES:
            return
        self._written = time.monotonic()
        self._write(progress=min(max(share, 0.0), 1.0), words=words[:200])
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Cancelled

    def step(self, position: Any) -> None:
        """Keep the position in the same transaction as the rows that belong to it.

        So either both are stored or neither, and no try that was taken over can store any.

        :raises Lost: if another try has taken over; nothing of the transaction stays then
        """
        if not connection.in_atomic_block:
            raise RuntimeError("call step inside transaction.atomic(), with the rows it stands for")
        self._write(position=position)
        self.job.position = position

    def _write(self, **fields: Any) -> None:
        claims.hold(self.job, heartbeat=self.clock(), **fields)


def run_next(*, queue: str, clock: Clock = timezone.now) -> Job | None:
    """Do the job of this queue that has been due longest; None if there was nothing to do."""
    claims.release_gone(at=clock())
    job = claims.claim_next(queue=queue, at=clock())
    if job is not None:
        _run(job, clock)
    return job


def run_due(*, clock: Clock = timezone.now) -> int:
    """Do all that is due, here and now, and what it asks for in turn; return how many jobs."""
    count = 0
    for queue in Queue.values:
        while run_next(queue=queue, clock=clock):
            count += 1
    return count + run_due(clock=clock) if count else 0


def _run(job: Job, clock: Clock) -> None:
    context = {"request_id": job.request_id, "job": job.pk, "job_name": job.name}
    with bound_contextvars(**context), _heartbeat(job, clock):
        log.info("job_started", tries=job.tries, queue=job.queue)
        try:
            state = _call(job, clock)
        except Lost:
            log.warning("job_lost")
        else:
            log.info("job_ended", state=str(state))


def _call(job: Job, clock: Clock) -> State:
    """Call the handler and write the end down; return the state the job is in then."""
    refusals: tuple[type[Exception], ...] = (GaveUp,)
    try:
        spec = registry.find(job.name)
        refusals += spec.refusals
        if not spec.atomic:
            return _finish(job, spec.handler(Run(job, clock), *job.args), clock)
        with transaction.atomic():
            return _finish(job, spec.handler(Run(job, clock), *job.args), clock)
    except Lost:
        raise
    except Cancelled:
        return _end(job, State.CANCELLED, clock)
    except Postponed as error:
        return _postpone(job, error)
    except refusals as error:
        return _end(job, State.FAILED, clock, error=redact_text(str(error)))
    except Exception as error:
        log.exception("job_failed", tries=job.tries)
        return _fail(job, error, clock)


def _finish(job: Job, result: Any, clock: Clock) -> State:
    return _end(job, State.DONE, clock, result=result)


def _end(job: Job, state: State, clock: Clock, **fields: Any) -> State:
    claims.end(job, state=state, at=clock(), **fields)
    return state


def _postpone(job: Job, error: Postponed) -> State:
    words = str(error)[:200]
    claims.hand_back(job, due=error.until, tries=max(job.tries - 1, 0), words=words)
    return State.NEW


def _fail(job: Job, error: Exception, clock: Clock) -> State:
    text = redact_text(f"{type(error).__name__}: {error}")[:5000]
    if job.tries >= job.max_tries:
        return _end(job, State.PARKED, clock, error=text)
    claims.hand_back(job, due=clock() + registry.pause(job.name, job.tries), error=text)
    return State.NEW


@contextmanager
def _heartbeat(job: Job, clock: Clock) -> Iterator[None]:
    """Say every few seconds that this try is alive, from a thread with its own connection."""
    over = threading.Event()
    pulse = threading.Thread(target=_beat, args=(job, clock, over), daemon=True)
    pulse.start()
    try:
        yield
    finally:
        over.set()
        pulse.join(timeout=HEARTBEAT.total_seconds())


def _beat(job: Job, clock: Clock, over: threading.Event) -> None:
    try:
        while not over.wait(HEARTBEAT.total_seconds()):
            try:
                claims.hold(job, heartbeat=clock())
            except DatabaseError as error:
                log.warning("heartbeat_missed", job=job.pk, error=type(error).__name__)
                connection.close()
    except Lost:
        log.warning("claim_lost", job=job.pk)
    finally:
        connection.close()
