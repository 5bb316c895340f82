"""Plays that went from one taste profile to another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import Listener


class MoveQuerySet(models.QuerySet["Move"]):
    def with_plays(self) -> MoveQuerySet:
        """Count as `count` the plays that are still where they went."""
        return self.annotate(count=models.Count("plays"))


class Move(models.Model):
    """Plays handed from one profile to another of the same person, until it is undone."""

    from_listener = models.ForeignKey(Listener, models.CASCADE, related_name="moves_out")
    to_listener = models.ForeignKey(Listener, models.CASCADE, related_name="moves_in")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = MoveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_listener=F("to_listener")), name="move_leads_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"made {self.made_at:%Y-%m-%d} (#{self.pk})"
