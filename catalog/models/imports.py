from __future__ import annotations

from django.conf import settings
from django.db import models

from catalog.models.music import Track


class TrackImport(models.Model):
    """One file of tracks, what was asked of it, and what became of its rows."""

    class State(models.TextChoices):
        WAITING = "waiting"
        READING = "reading"
        DONE = "done"
        REFUSED = "refused"
        STOPPED = "stopped", "stopped before the end"

    format = models.CharField(max_length=20, blank=True, help_text="Empty: found from the header.")
    file = models.FileField(upload_to="track-imports/%Y/%m/", blank=True, max_length=300)
    name = models.CharField(max_length=300, help_text="Of the file, as it was given.")
    checksum = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file.")
    columns: models.JSONField[dict[str, str]] = models.JSONField(
        default=dict, blank=True, help_text="Our name of a column, and the file’s."
    )
    may_train = models.BooleanField("may teach the shared model", default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    refusal = models.TextField(blank=True, help_text="Why nothing was read, for a person.")
    total = models.PositiveIntegerField(null=True, blank=True, help_text="Rows in the file.")
    position = models.PositiveIntegerField(default=0, help_text="Rows read and stored.")
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    position=models.F("new")
                    + models.F("changed")
                    + models.F("unchanged")
                    + models.F("merged")
                    + models.F("rejected")
                ),
                name="track_import_accounts_for_every_row",
            ),
        ]
        indexes = [models.Index(fields=["checksum"], name="track_import_by_checksum")]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"

    @property
    def counts(self) -> dict[str, int]:
        return {fate: getattr(self, fate) for fate in RowFate.values}

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.REFUSED)


class RowFate(models.TextChoices):
    """What became of a row of an import."""

    NEW = "new", "a new track"
    CHANGED = "changed", "changed what the source said before"
    UNCHANGED = "unchanged", "known already"
    MERGED = "merged", "merged into a track that was there"
    REJECTED = "rejected", "rejected"


class TrackImportRow(models.Model):
    """A row that did not become a track of its own, and why."""

    track_import = models.ForeignKey(TrackImport, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(help_text="In the file, from 1.")
    fate = models.CharField(max_length=10, choices=RowFate)
    reason = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True, help_text="The row as it stood, shortened.")
    track = models.ForeignKey(Track, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track_import", "line"], name="import_row_unique_line"),
        ]

    def __str__(self) -> str:
        return f"line {self.line} of import #{self.track_import_id} (#{self.pk})"
