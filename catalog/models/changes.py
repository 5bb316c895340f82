"""Who changed what in the catalogue, and when; so that it can be undone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords


class Change(models.Model):
    """One act of a curator, on however many rows; each row's history says what it did there."""

    what = models.CharField(max_length=200, help_text="In words: “Hid 40 tracks”.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by"
    )

    class Meta:
        indexes = [models.Index(fields=["-made_at"], name="change_by_time")]

    def __str__(self) -> str:
        return f"{self.what} (#{self.pk})"


class Changed(models.Model):
    """What a row's history holds beside the row as it was left."""

    change = models.ForeignKey(Change, models.CASCADE, null=True, blank=True, related_name="+")
    changed: models.JSONField[dict[str, list[Any]]] = models.JSONField(
        default=dict, help_text="Of each value that changed: what it was, and what it became."
    )

    class Meta:
        abstract = True


def kept(*leave_out: str) -> HistoricalRecords:
    """A history of each row; without columns that are worked out from others."""
    return HistoricalRecords(bases=[Changed], excluded_fields=list(leave_out))
