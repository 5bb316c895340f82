from __future__ import annotations

from typing import Any

from django.db import models

from catalog.models.imports import TrackImport
from catalog.models.music import Track
from catalog.models.provenance import Source


class TrackRecord(models.Model):
    """What one source says of one track, kept as it was said.

    `catalog.services.showing` chooses among the records of a track what its row shows. A curator's
    word is a record like any other, believed first.
    """

    track = models.ForeignKey(Track, models.CASCADE, related_name="records")
    source = models.CharField(max_length=20, choices=Source.choices)
    source_id = models.CharField(
        max_length=100, help_text="The source’s own id; else made from name and duration."
    )
    match_key = models.CharField(
        max_length=300, blank=True, help_text="Artist and title as this source writes them."
    )
    said: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    said_at = models.DateTimeField()
    track_import = models.ForeignKey(
        TrackImport,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="records",
        help_text="The import that last changed it.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="track_record_unique"),
        ]
        indexes = [models.Index(fields=["match_key"], name="track_record_by_match_key")]

    def __str__(self) -> str:
        return f"{self.source}:{self.source_id} (#{self.pk})"
