"""What a listener says a track of theirs really was."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import Listener
from catalog.models import Track
from jobs.prepared import Given, Prepared


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def holding(self) -> CorrectionQuerySet:
        return self.filter(undone_at__isnull=True)


class Correction(models.Model):
    """Whatever is told of `wrong` for this listener, earlier or later, was `right`."""

    listener = models.ForeignKey(Listener, models.CASCADE, related_name="corrections")
    wrong = models.ForeignKey(Track, models.PROTECT, related_name="+")
    right = models.ForeignKey(Track, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    told_by = models.JSONField(
        default=list, blank=True, help_text="Which imports brought it; none: it was said here."
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(wrong=F("right")), name="correction_names_two_tracks"
            ),
            models.UniqueConstraint(
                fields=["listener", "wrong"],
                condition=Q(undone_at__isnull=True),
                name="correction_holds_once",
            ),
        ]

    def __str__(self) -> str:
        return f"track #{self.wrong_id} was #{self.right_id} (#{self.pk})"


def corrections_of(listener: int) -> dict[int, int]:
    """What each wrong track, and each merged into it, really was; one may lead to another."""
    said: dict[int, int] = dict(_HOLDING.rows(listener=listener))
    if said:
        merged = Track.objects.filter(canonical__in=said).values_list("pk", "canonical_id")
        said = {pk: said[into] for pk, into in merged if into} | said
    return {wrong: end_of(said, right) for wrong, right in said.items()}


_HOLDING = Prepared(
    lambda: (
        Correction.objects.holding()
        .filter(listener=Given("listener"))
        .values_list("wrong_id", "right_id")
    )
)


def end_of(said: dict[int, int], track: int) -> int:
    """Where one correction after the other leads."""
    seen: set[int] = set()
    while track in said and track not in seen:
        seen.add(track)
        track = said[track]
    return track
