from __future__ import annotations

from django.db import models

from catalog.models.music import Track


class MatchHint(models.Model):
    """How many listeners say that what is told of one track is really another."""

    track = models.ForeignKey(Track, models.CASCADE, related_name="match_hints")
    match = models.ForeignKey(Track, models.CASCADE, related_name="+")
    listeners = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "match"], name="match_hint_unique"),
        ]

    def __str__(self) -> str:
        return f"track #{self.track_id} may be #{self.match_id} (#{self.pk})"
