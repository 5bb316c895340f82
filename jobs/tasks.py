from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from jobs import services
from jobs.models import Queue
from jobs.registry import job


@shared_task(name="jobs.run")
def run_task(queue: str) -> None:
    services.run_next(queue=queue)


@shared_task(name="jobs.sweep")
def sweep_task() -> None:
    services.sweep(at=timezone.now())


@worker_ready.connect
def sweep_at_start(**kwargs: object) -> None:
    services.sweep(at=timezone.now())


@job("jobs.prune", queue=Queue.SYNC, every=timedelta(days=1), atomic=True)
def prune(run: services.Run) -> dict[str, int]:
    return services.prune(at=run.clock())
