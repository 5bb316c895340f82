"""What a listener does not want to count."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Listener
from catalog.models import Artist, Genre, Track
from listening.models.checks import one_of
from listening.models.feedback import FeedbackQuerySet
from listening.models.plays import Play, PlayQuerySet

MUTED = ("play", "track", "artist", "genre", "source", "starts_at")
# A mute of a track holds for what was merged into it, and for the survivor of what it was.
ON_TRACK = (
    Q(track=OuterRef("track"))
    | Q(track=OuterRef("track__canonical"))
    | Q(track__canonical=OuterRef("track"))
    | Q(artist=OuterRef("track__artist"))
    | Q(artist=OuterRef("track__artist__canonical"))
    | Q(genre=OuterRef("track__genre"))
)


class MuteQuerySet(models.QuerySet["Mute"]):
    def in_force(self) -> MuteQuerySet:
        return self.filter(lifted_at__isnull=True)

    def left_of(self, plays: PlayQuerySet) -> PlayQuerySet:
        """Return the plays that no mute of their listener silences, however it was meant."""
        return plays.exclude(self.silencing())

    def silencing(self) -> Exists:
        """The condition that one of these mutes silences a play."""
        at = OuterRef("started_at")
        of_play = Q(play=OuterRef("pk")) | Q(source=OuterRef("source"))
        of_time = Q(starts_at__lte=at, ends_at__gt=at)
        return Exists(self.filter(ON_TRACK | of_play | of_time, listener=OuterRef("listener")))

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
    told_by = models.JSONField(
        default=list, blank=True, help_text="Which imports brought it; none: it was said here."
    )

    objects = MuteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=one_of(*MUTED),
                name="mute_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True, ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__gt=models.F("starts_at")),
                name="mute_range_has_two_ends",
            ),
        ]

    @property
    def kind(self) -> str:
        """Of what it is: "play", "track", "artist", "genre", "source", or "starts_at" of a time."""
        return next(name for name in MUTED if getattr(self, name) is not None)

    @property
    def thing(self) -> Any:
        return getattr(self, self.kind)

    def silenced(self, plays: PlayQuerySet) -> PlayQuerySet:
        """Keep the plays that it would silence if it were in force."""
        if self.kind == "play":
            return plays.filter(pk__in=[self.play_id])
        if self.kind == "source":
            return plays.filter(source=self.source)
        if self.kind == "starts_at":
            return plays.filter(started_at__gte=self.starts_at, started_at__lt=self.ends_at)
        return plays.filter(self._on_track())

    def unsaid(self, feedback: FeedbackQuerySet) -> FeedbackQuerySet:
        """Keep the feedback that it would not silence."""
        on_music = self.kind in {"track", "artist", "genre"}
        return feedback.exclude(self._on_track()) if on_music else feedback

    def _on_track(self) -> Q:
        if self.track:
            group = {self.track_id, self.track.canonical_id} - {None}
            return Q(track__in=group) | Q(track__canonical=self.track_id)
        if self.genre_id:
            return Q(track__genre=self.genre_id)
        return Q(track__artist=self.artist_id) | Q(track__artist__canonical=self.artist_id)

    def __str__(self) -> str:
        return f"made {self.made_at:%Y-%m-%d} (#{self.pk})"
