"""Times of which nothing is recorded."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from accounts.models import Listener


class PrivateSessionQuerySet(models.QuerySet["PrivateSession"]):
    def on(self, at: datetime) -> PrivateSessionQuerySet:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at)


class PrivateSession(models.Model):
    """A time of which nothing is recorded, whoever tells of it and whenever."""

    listener = models.ForeignKey(Listener, models.CASCADE, related_name="private_sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Empty: until switched off.")

    objects = PrivateSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listener"],
                condition=Q(ends_at__isnull=True),
                name="private_session_one_without_end",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="private_session_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"from {self.starts_at:%Y-%m-%d %H:%M} (#{self.pk})"
