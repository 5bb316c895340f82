"""What keeps everything going when a bell was not heard or a worker died."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from jobs import registry
from jobs.models import IdempotencyKey, Job, Queue
from jobs.services import bell, claims, intake

log = structlog.get_logger(__name__)
MOST_RINGS = 100  # for one queue in one sweep: workers that are behind need no more bells
KEEP_JOBS = timedelta(days=14)


def sweep(*, at: datetime) -> dict[str, int]:
    """Give back what dead workers held, start what comes round, ring for all that is due."""
    return {
        "released": claims.release_gone(at=at) + claims.release_stale(at=at),
        "started": start_periodic(at=at),
        "rung": ring_for_waiting(at=at),
    }


def start_periodic(*, at: datetime) -> int:
    """Start every job that comes round and was last asked for long enough ago."""
    return sum(_start(spec.name, spec.every, at=at) for spec in registry.periodic() if spec.every)


def _start(name: str, every: timedelta, *, at: datetime) -> bool:
    if Job.objects.filter(name=name, created__gt=at - every).exists():
        return False
    return intake.enqueue(name, unique=name, due=at).created > at - every


def ring_for_waiting(*, at: datetime) -> int:
    """Ring once more for each waiting job that no bell in the broker stands for."""
    return sum(_ring_for(queue, at=at) for queue in Queue.values)


def _ring_for(queue: str, *, at: datetime) -> int:
    waiting = Job.objects.waiting(at=at).filter(queue=queue).count()
    if not waiting:
        return 0
    try:
        missing = min(waiting - bell.rings_waiting(queue), MOST_RINGS)
    except bell.AWAY:
        return 0
    return missing if missing > 0 and bell.ring(queue, missing) else 0


def prune(*, at: datetime) -> dict[str, int]:
    """Delete what is long over; parked jobs stay until a person has looked at them."""
    jobs, _ = Job.objects.over_before(at - KEEP_JOBS).delete()
    keys, _ = IdempotencyKey.objects.expired(at=at).delete()
    return {"jobs": jobs, "idempotency keys": keys}
