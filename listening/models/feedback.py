"""What people think: an opinion of now, and the history behind it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models import Listener
from catalog.models import Album, Artist, Genre, Track
from listening.models.checks import one_of
from listening.models.imports import Import


class FeedbackKind(models.TextChoices):
    LIKE = "like", "like"
    DISLIKE = "dislike", "dislike"
    FAVOURITE = "favourite", "favourite"
    RATING = "rating", "rating"
    HIDE = "hide", "hide"
    REPORT = "report", "report"
    SKIP = "skip", "skip"


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def on_tracks(self) -> FeedbackQuerySet:
        return self.filter(track__isnull=False)

    def of_kind(self, *kinds: str) -> FeedbackQuerySet:
        return self.filter(kind__in=kinds)

    def of_track(self, track: Track) -> FeedbackQuerySet:
        """Keep those on a track as it shows: with what was merged into it."""
        return self.filter(Q(track=track) | Q(track__canonical=track))

    def favourites_of(self, listener: Listener) -> FeedbackQuerySet:
        return self.filter(listener=listener).of_kind(FeedbackKind.FAVOURITE)

    def newest_first(self) -> FeedbackQuerySet:
        return self.order_by("-given_at", "-pk")


class Feedback(models.Model):
    """What a listener thinks now of a track, an artist, an album or a genre: the latest wins."""

    listener = models.ForeignKey(Listener, models.CASCADE, related_name="feedback")
    kind = models.CharField(max_length=10, choices=FeedbackKind.choices)
    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="feedback")
    artist = models.ForeignKey(
        Artist, models.PROTECT, null=True, blank=True, related_name="feedback"
    )
    album = models.ForeignKey(Album, models.PROTECT, null=True, blank=True, related_name="feedback")
    genre = models.ForeignKey(Genre, models.PROTECT, null=True, blank=True, related_name="feedback")
    rating = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 to 5.")
    note = models.CharField(max_length=500, blank=True, help_text="What a report says.")
    given_at = models.DateTimeField()

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=one_of("track", "artist", "album", "genre"),
                name="feedback_is_on_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(kind=FeedbackKind.RATING, rating__range=(1, 5))
                | (~Q(kind=FeedbackKind.RATING) & Q(rating__isnull=True)),
                name="feedback_rating_1_to_5",
            ),
            *(
                models.UniqueConstraint(
                    fields=["listener", name, "kind"],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"feedback_unique_{name}",
                )
                for name in ("track", "artist", "album", "genre")
            ),
        ]
        indexes = [models.Index(fields=["kind", "-given_at"], name="feedback_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} (#{self.pk})"


class FeedbackChangeQuerySet(models.QuerySet["FeedbackChange"]):
    def of_kind(self, *kinds: str) -> FeedbackChangeQuerySet:
        return self.filter(kind__in=kinds)

    def after(self, at: datetime) -> FeedbackChangeQuerySet:
        return self.filter(at__gt=at)


class FeedbackChange(models.Model):
    """One opinion given or taken back: the history behind `Feedback`, never changed."""

    listener = models.ForeignKey(Listener, models.CASCADE, related_name="feedback_changes")
    kind = models.CharField(max_length=10, choices=FeedbackKind.choices)
    withdrawn = models.BooleanField(default=False)
    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="+")
    artist = models.ForeignKey(Artist, models.PROTECT, null=True, blank=True, related_name="+")
    album = models.ForeignKey(Album, models.PROTECT, null=True, blank=True, related_name="+")
    genre = models.ForeignKey(Genre, models.PROTECT, null=True, blank=True, related_name="+")
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    source_import = models.ForeignKey(
        Import,
        models.SET_NULL,
        null=True,
        blank=True,
        db_column="import_id",
        related_name="feedback_changes",
    )

    objects = FeedbackChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=one_of("track", "artist", "album", "genre"),
                name="feedback_change_is_on_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["listener", "-at"], name="feedback_change_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M} (#{self.pk})"
