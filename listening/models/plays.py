"""What people heard."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from accounts.models import Listener
from catalog.models import Track
from listening.models.imports import Import

SKIP_MS = 30_000  # a play shorter than this is a skip: it weighs, and counts in no chart


class PlayQuerySet(models.QuerySet["Play"]):
    def heard(self) -> PlayQuerySet:
        """Keep what counts in charts: not the skips."""
        return self.filter(skipped=False)

    def since(self, at: datetime) -> PlayQuerySet:
        return self.filter(started_at__gte=at)

    def newest_first(self) -> PlayQuerySet:
        return self.order_by("-started_at", "-pk")


class Play(models.Model):
    """One listening of one track by one listener at one moment: a fact.

    It keeps the track it was recorded for; readings group by that track's canonical.
    """

    class Source(models.TextChoices):
        SITE = "site", "this site"
        SCROBBLE = "scrobble", "a player"
        API = "api", "the API"
        SPOTIFY_FILE = "spotify-file", "Spotify export"
        SPOTIFY_API = "spotify-api", "linked Spotify account"
        LASTFM_FILE = "lastfm-file", "Last.fm export"
        LASTFM_API = "lastfm-api", "linked Last.fm account"
        LISTENBRAINZ_FILE = "listenbrainz-file", "ListenBrainz export"
        LISTENBRAINZ_API = "listenbrainz-api", "linked ListenBrainz account"
        OTHER_FILE = "other-file", "another export"
        MSD = "msd-taste", "Million Song Dataset taste profile"
        DEMO = "demo", "demo world (fictional)"

    listener = models.ForeignKey(Listener, models.CASCADE, related_name="plays")
    track = models.ForeignKey(Track, models.PROTECT, related_name="plays")
    started_at = models.DateTimeField()
    ms_played = models.PositiveIntegerField(
        null=True, blank=True, help_text="Empty where the source does not say."
    )
    skipped = models.BooleanField(default=False)
    source = models.CharField(max_length=20, choices=Source.choices)
    source_import = models.ForeignKey(
        Import,
        models.SET_NULL,
        null=True,
        blank=True,
        db_column="import_id",
        related_name="plays",
    )

    objects = PlayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listener", "track", "started_at"], name="play_unique"),
        ]
        indexes = [models.Index(fields=["listener", "started_at"], name="play_by_time")]

    def __str__(self) -> str:
        return f"track #{self.track_id} at {self.started_at:%Y-%m-%d %H:%M} (#{self.pk})"


class PlayingNow(models.Model):
    """What a player says is on; a play only once it is scrobbled."""

    listener = models.OneToOneField(Listener, models.CASCADE, related_name="playing_now")
    track = models.ForeignKey(Track, models.SET_NULL, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=500)
    artist_name = models.CharField(max_length=500)
    player = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.title} (#{self.pk})"
