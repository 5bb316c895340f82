"""What a listener does not want to count."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Listener
from catalog.models import Artist, Genre, Track
from listening.models.checks import one_of
from listening.models.feedback import FeedbackQuerySet
from listening.models.plays import Play, PlayQuerySet

# A mute of a track holds for what was merged into it, and for the survivor of what it was.
ON_TRACK = (
    Q(track=OuterRef("track"))
    | Q(track=OuterRef("track__canonical"))
    | Q(track__canonical=OuterRef("track"))
    | Q(artist=OuterRef("track__artist"))
    | Q(genre=OuterRef("track__genre"))
)


class MuteQuerySet(models.QuerySet["Mute"]):
    def in_force(self) -> MuteQuerySet:
        return self.filter(lifted_at__isnull=True)

    def left_of(self, plays: PlayQuerySet) -> PlayQuerySet:
        """Return the plays that no mute of their listener silences, however it was meant."""
        at = OuterRef("started_at")
        of_play = Q(play=OuterRef("pk")) | Q(source=OuterRef("source"))
        of_time = Q(starts_at__lte=at, ends_at__gt=at)
        silenced = self.filter(ON_TRACK | of_play | of_time, listener=OuterRef("listener"))
        return plays.exclude(Exists(silenced))

    def left_of_feedback(self, feedback: FeedbackQuerySet) -> FeedbackQuerySet:
        """Return the feedback on tracks that no mute of its listener silences."""
        return feedback.exclude(Exists(self.filter(ON_TRACK, listener=OuterRef("listener"))))


class Mute(models.Model):
    """What a listener does not want to count: it weighs nothing until the mute is lifted."""

    listener = models.ForeignKey(Listener, models.CASCADE, related_name="mutes")
    play = models.ForeignKey(Play, models.CASCADE, null=True, blank=True, related_name="mutes")
    track = models.ForeignKey(Track, models.CASCADE, null=True, blank=True, related_name="+")
    artist = models.ForeignKey(Artist, models.CASCADE, null=True, blank=True, related_name="+")
    genre = models.ForeignKey(Genre, models.CASCADE, null=True, blank=True, related_name="+")
    source = models.CharField(  # noqa: DJ001 -- null, so that one check covers all columns
        max_length=20, null=True, blank=True, choices=Play.Source.choices
    )
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = MuteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=one_of("play", "track", "artist", "genre", "source", "starts_at"),
                name="mute_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True, ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__gt=models.F("starts_at")),
                name="mute_range_has_two_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"made {self.made_at:%Y-%m-%d} (#{self.pk})"
