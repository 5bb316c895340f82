from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce

from catalog.models.tags import Genre


class ExplorationQuerySet(models.QuerySet["Exploration"]):
    def of(self, genre: int | None) -> ExplorationQuerySet:
        """Keep that of this genre; of the whole catalogue, if it is None."""
        return self.filter(genre__isnull=True) if genre is None else self.filter(genre=genre)


class Exploration(models.Model):
    """What was found in the catalogue as a whole, or in one genre with all that grows from it."""

    genre = models.ForeignKey(
        Genre,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="explorations",
        help_text="Empty: the whole catalogue.",
    )
    tracks = models.PositiveIntegerField()
    findings: models.JSONField[dict[str, Any]] = models.JSONField(
        help_text="As catalog.exploring.whole found them."
    )
    points: models.JSONField[dict[str, Any]] = models.JSONField(
        help_text="Tracks drawn by lot, for a chosen pair of measures."
    )
    mark = models.CharField(max_length=64, help_text="Of the catalogue as it was then.")
    computed_at = models.DateTimeField()

    objects = ExplorationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("genre", 0, output_field=models.BigIntegerField()),
                name="exploration_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.genre_id or 'all'} of {self.tracks} tracks (#{self.pk})"
