"""When a training is asked for: by a person, by the clock, or because much was learnt since."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from jobs import services as jobs
from jobs.models import Job
from listening.models import FeedbackChange
from recommendations import pipeline
from recommendations.models import ModelAct, ModelVersion

TRAIN = "recommendations.train"  # the job's name, and its key: one waits or runs at a time
PAUSE = timedelta(hours=1)  # between a training and one that new feedback alone asks for


@transaction.atomic
def ask_for_training(*, by: User | None, at: datetime, why: str = "") -> Job:
    """Ask once: while one waits or runs, that one is returned."""
    job = jobs.enqueue(TRAIN, unique=TRAIN)
    ModelAct.objects.create(kind=ModelAct.Kind.ASKED, by=by, why=why, at=at)
    return job


def train_if_due(*, at: datetime) -> Job | None:
    """Ask for a training when enough opinions have come in since the last one began."""
    pipeline.release_stale(at=at)
    last = ModelVersion.objects.newest_first().first()
    if last is None or at - last.started_at < PAUSE:
        return None  # without a version the clock asks at once
    fresh = new_opinions(since=last.seen_feedback)
    if fresh < settings.TRAIN_AFTER_FEEDBACK or Job.objects.live().filter(unique_key=TRAIN):
        return None
    return ask_for_training(by=None, at=at, why=f"{fresh:,} new opinions")


def new_opinions(*, since: int) -> int:
    """Count no further than is enough: cheap, however many have come."""
    newer = FeedbackChange.objects.filter(pk__gt=since).order_by()
    return newer[: settings.TRAIN_AFTER_FEEDBACK].count()
