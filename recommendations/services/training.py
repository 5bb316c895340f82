"""When a training is asked for: by a person, by the clock, or because much was learnt since."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from catalog.models import Track
from jobs import services as jobs
from jobs.models import Job
from listening.models import FeedbackChange
from recommendations import pipeline
from recommendations.models import ModelAct, ModelVersion

TRAIN = "recommendations.train"  # the job's name, and its key: one waits or runs at a time
PAUSE = timedelta(hours=1)  # between a training and the next one that what is new asks for


@transaction.atomic
def ask_for_training(*, by: User | None, at: datetime, why: str = "") -> Job:
    """Ask once: while one waits or runs, that one is returned."""
    job = jobs.enqueue(TRAIN, unique=TRAIN)
    ModelAct.objects.create(kind=ModelAct.Kind.ASKED, by=by, why=why, at=at)
    return job


def train_if_due(*, at: datetime) -> Job | None:
    """Ask for a training when there is enough to learn that the live version does not know."""
    pipeline.release_stale(at=at)
    last = ModelVersion.objects.newest_first().first()
    if last is not None and at - last.started_at < PAUSE:
        return None
    if Job.objects.live().filter(unique_key=TRAIN).exists():
        return None
    why = _news(last)
    return ask_for_training(by=None, at=at, why=why) if why else None


def _news(last: ModelVersion | None) -> str:
    """Say what is new to the live version; nothing, if it is too little for a training."""
    live = ModelVersion.objects.live().first()
    if last is None or live is None:
        return "there is no model yet" if Track.objects.playable().exists() else ""
    if not live.data.get("listeners") and pipeline.can_learn():
        return "the first listeners to learn from"
    fresh = new_opinions(since=last.seen_feedback)
    return f"{fresh:,} new opinions" if fresh >= settings.TRAIN_AFTER_FEEDBACK else ""


def new_opinions(*, since: int) -> int:
    """Count no further than is enough: cheap, however many have come."""
    newer = FeedbackChange.objects.filter(pk__gt=since).order_by()
    return newer[: settings.TRAIN_AFTER_FEEDBACK].count()
