from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

# A running job writes its heartbeat every HEARTBEAT; one silent for STALE has lost its worker.
HEARTBEAT = timedelta(seconds=getattr(settings, "JOBS_HEARTBEAT_SECONDS", 10))
STALE = timedelta(seconds=getattr(settings, "JOBS_STALE_SECONDS", 60))
TRIES = 3


class Queue(models.TextChoices):
    """What runs apart, so that a long import never keeps a person waiting."""

    INTERACTIVE = "interactive"
    IMPORTS = "imports"
    SYNC = "sync"
    TRAIN = "train"
    AUDIO = "audio"
    WEBHOOKS = "webhooks"


class State(models.TextChoices):
    NEW = "new"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed", "failed: trying again would not help"
    PARKED = "parked", "parked: its tries are used up"
    CANCELLED = "cancelled"


LIVE = (State.NEW, State.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    def live(self) -> JobQuerySet:
        return self.filter(state__in=LIVE)

    def waiting(self, *, at: datetime) -> JobQuerySet:
        return self.filter(state=State.NEW, due__lte=at)

    def running(self) -> JobQuerySet:
        return self.filter(state=State.RUNNING)

    def stale(self, *, at: datetime) -> JobQuerySet:
        return self.running().filter(heartbeat__lt=at - STALE)

    def parked(self) -> JobQuerySet:
        return self.filter(state=State.PARKED)

    def about(self, subject: str) -> JobQuerySet:
        return self.filter(subject=subject)

    def over_before(self, moment: datetime) -> JobQuerySet:
        """Jobs that need nobody any more; parked ones wait for a person."""
        over = (State.DONE, State.FAILED, State.CANCELLED)
        return self.filter(state__in=over, finished__lt=moment)

    def held_by(self, claim: str) -> JobQuerySet:
        return self.running().filter(claim=claim)


class Job(models.Model):
    """One piece of work. This row is the truth; the broker only rings a bell for it."""

    name = models.CharField(max_length=100)
    args = models.JSONField(default=list)
    queue = models.CharField(max_length=20, choices=Queue, default=Queue.INTERACTIVE)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    due = models.DateTimeField(default=timezone.now)

    tries = models.PositiveSmallIntegerField(default=0)
    max_tries = models.PositiveSmallIntegerField(default=TRIES)
    # Made anew by each try: a try whose claim was taken over can write no more.
    claim = models.CharField(max_length=32, blank=True)
    claimed_by = models.CharField(max_length=200, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)
    cancel_asked = models.BooleanField(default=False)

    progress = models.FloatField(default=0)
    words = models.CharField(max_length=200, blank=True)
    position = models.JSONField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)

    unique_key = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=100, blank=True)
    request_id = models.CharField(max_length=100, blank=True)

    created = models.DateTimeField(default=timezone.now, editable=False)
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=Q(state__in=LIVE) & ~Q(unique_key=""),
                name="one_live_job_per_unique_key",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=1), name="job_progress_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING, heartbeat__isnull=False) & ~Q(claim="")
                | ~Q(state=State.RUNNING) & Q(claim=""),
                name="job_runs_if_and_only_if_claimed",
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "due"], condition=Q(state=State.NEW), name="job_waiting"),
            models.Index(
                fields=["heartbeat"], condition=Q(state=State.RUNNING), name="job_running"
            ),
            models.Index(fields=["name", "-created"], name="job_by_name"),
            models.Index(
                fields=["subject", "-created"], condition=~Q(subject=""), name="job_by_subject"
            ),
            models.Index(fields=["state", "finished"], name="job_over"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class IdempotencyKeyQuerySet(models.QuerySet["IdempotencyKey"]):
    def expired(self, *, at: datetime) -> IdempotencyKeyQuerySet:
        return self.filter(created__lt=at - KEPT)


# How long an answer is kept to be given again, and how long a request may take
# before the next one with its key may suppose that it died.
KEPT = timedelta(hours=24)
LOCKED = timedelta(minutes=2)


class IdempotencyKey(models.Model):
    """The first answer to a request that a program may send twice."""

    scope = models.CharField(max_length=200)  # who asks, and what for
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the request
    created = models.DateTimeField()
    locked = models.DateTimeField(null=True, blank=True)  # null: answered
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers: models.JSONField[Any] = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="one_answer_per_idempotency_key"),
            models.CheckConstraint(
                condition=Q(locked__isnull=True, status__isnull=False)
                | Q(locked__isnull=False, status__isnull=True),
                name="idempotency_key_is_locked_or_answered",
            ),
        ]
        indexes = [models.Index(fields=["created"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"

    @property
    def is_answered(self) -> bool:
        return self.status is not None
