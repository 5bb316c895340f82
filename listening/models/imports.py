"""What a listener brought: files and pulls, with a fate for each row."""

from __future__ import annotations

from typing import Any

from django.db import models

from accounts.models import Listener
from listening.arrivals import Fate

FATES = {
    Fate.NEW.value: "new",
    Fate.CREATED.value: "new, of a track not known before",
    Fate.KNOWN.value: "already known",
    Fate.ECHO.value: "echo of another source",
    Fate.SHORT.value: "too short",
    Fate.PODCAST.value: "podcast",
    Fate.INCOGNITO.value: "private session",
    Fate.KEPT.value: "kept in the file",
    Fate.REJECTED.value: "rejected",
}


OPEN = ("waiting", "running")  # the states in which it is read, or will be


class Import(models.Model):
    """One file or one pull of a listener's history, with a fate for each of its rows."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        ASKING = "asking", "waits for your choice"
        RUNNING = "running", "running"
        DONE = "done", "finished"
        REFUSED = "refused", "refused"
        CANCELLED = "cancelled", "cancelled"
        UNDOING = "undoing", "being undone"
        UNDONE = "undone", "undone"

    listener = models.ForeignKey(Listener, models.CASCADE, related_name="imports")
    format = models.CharField(max_length=40, blank=True, help_text="Found from the content.")
    file = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    position = models.PositiveBigIntegerField(
        default=0,
        help_text="Rows read and stored; moves in the transaction that stores them.",
    )
    total = models.PositiveBigIntegerField(null=True, blank=True)
    survey = models.JSONField(
        default=dict, blank=True, help_text="Which files in it hold how many rows of which kind."
    )
    counts = models.JSONField(default=dict, blank=True, help_text="How many rows met each fate.")
    message = models.TextField(blank=True, help_text="Why it was refused, as shown.")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["listener", "-created_at"], name="import_by_listener")]

    def __str__(self) -> str:
        return f"{self.file_name or self.format} (#{self.pk})"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def profiles(self) -> list[dict[str, Any]]:
        """Those in an export of ours, if there are several: one of them is read."""
        told: list[dict[str, Any]] = self.survey.get("profiles", [])
        return told if len(told) > 1 else []

    @property
    def profile_name(self) -> str:
        """Which of several profiles is read."""
        folder = self.survey.get("profile")
        return next((one["name"] for one in self.profiles if one["folder"] == folder), "")


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def rejected(self) -> ImportRowQuerySet:
        return self.filter(fate=Fate.REJECTED)


class ImportRow(models.Model):
    """A row of an import that did not simply become a new play, and why."""

    source_import = models.ForeignKey(
        Import, models.CASCADE, db_column="import_id", related_name="rows"
    )
    number = models.PositiveBigIntegerField(help_text="Which row of the import, from 1.")
    place = models.CharField(max_length=300, blank=True, help_text="Where it stands in which file.")
    fate = models.CharField(max_length=10, choices=FATES)
    reason = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True, help_text="The row as it came.")

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source_import", "number"], name="import_row_unique"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}: {self.fate} (#{self.pk})"
