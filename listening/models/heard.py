"""Plays as they are counted: packed by month."""

from __future__ import annotations

from django.db import models

from accounts.models import Listener


class HeardMonth(models.Model):
    """A month (of UTC) of a listener's plays as one packed block, so that counting reads few rows.

    It repeats what the plays say. Where a day of it is marked as stale, the plays are asked.
    """

    listener = models.ForeignKey(
        Listener, models.CASCADE, related_name="heard_months", db_index=False
    )
    month = models.DateField(help_text="Its first day.")
    plays = models.PositiveIntegerField()
    block = models.BinaryField(help_text="See listening/pipeline/heard.py.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listener", "month"], name="heard_month_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} (#{self.pk})"
