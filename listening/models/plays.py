"""What people heard, and who told of it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models import Listener
from catalog.models import Artist, Track
from listening.models.imports import Import
from listening.models.moves import Move

SKIP_MS = 30_000  # a play shorter than this is a skip: it weighs, and counts in no chart


class PlayQuerySet(models.QuerySet["Play"]):
    def heard(self) -> PlayQuerySet:
        """Keep what counts in charts: not the skips."""
        return self.filter(skipped=False)

    def since(self, at: datetime) -> PlayQuerySet:
        return self.filter(started_at__gte=at)

    def of_track(self, track: Track) -> PlayQuerySet:
        """Keep those of a track as it shows: with what was merged into it."""
        return self.filter(Q(track=track) | Q(track__canonical=track))

    def by_artist(self, artist: Artist) -> PlayQuerySet:
        """Keep those of what names an artist first, or one merged into them."""
        return self.filter(Q(track__artist=artist) | Q(track__artist__canonical=artist))

    def before(self, play: Play) -> PlayQuerySet:
        """Keep those that come behind this one where the newest stand first."""
        earlier = Q(started_at__lt=play.started_at)
        return self.filter(earlier | Q(started_at=play.started_at, pk__lt=play.pk))

    def newest_first(self) -> PlayQuerySet:
        return self.order_by("-started_at", "-pk")


class Source(models.TextChoices):
    SITE = "site", "this site"
    SCROBBLE = "scrobble", "a player"
    API = "api", "the API"
    SPOTIFY_FILE = "spotify-file", "Spotify export"
    SPOTIFY_ACCOUNT = "spotify-account", "Spotify account data"
    SPOTIFY_API = "spotify-api", "linked Spotify account"
    LASTFM_FILE = "lastfm-file", "Last.fm export"
    LASTFM_API = "lastfm-api", "linked Last.fm account"
    LISTENBRAINZ_FILE = "listenbrainz-file", "ListenBrainz export"
    LISTENBRAINZ_API = "listenbrainz-api", "linked ListenBrainz account"
    MALOJA_FILE = "maloja-file", "Maloja export"
    KOITO_FILE = "koito-file", "Koito export"
    PANO_FILE = "pano-file", "Pano Scrobbler export"
    ROCKBOX_FILE = "rockbox-file", "Rockbox log"
    OTHER_FILE = "other-file", "another export"
    MSD = "msd-taste", "Million Song Dataset taste profile"
    DEMO = "demo", "demo world (fictional)"

    @property
    def clock(self) -> str:
        """Whose record of time it is: a service's files and its API tell the same moments."""
        return ONE_CLOCK.get(self.value, self.value)


ONE_CLOCK = {
    Source.LASTFM_API.value: Source.LASTFM_FILE.value,
    Source.LISTENBRAINZ_API.value: Source.LISTENBRAINZ_FILE.value,
}


class Telling(models.Model):
    """That a listener heard a track at a moment, as one source told it.

    It keeps the track it was recorded for; readings group by that track's canonical.
    """

    Source = Source

    listener = models.ForeignKey(
        Listener, models.CASCADE, related_name="%(class)ss", db_index=False
    )
    track = models.ForeignKey(Track, models.PROTECT, related_name="%(class)ss")
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
        related_name="%(class)ss",
    )
    # No foreign key: a key that goes leaves its number, and nobody looks through all plays for it.
    key = models.BigIntegerField(
        null=True, blank=True, help_text="The number of the key that a player showed."
    )
    told_track = models.ForeignKey(
        Track,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text="What it was recorded for, where the listener has corrected that.",
    )
    is_pinned = models.BooleanField(
        default=False, help_text="Corrected by itself: no correction of the track changes it."
    )
    move = models.ForeignKey(
        Move,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="%(class)ss",
        help_text="How it came here from another profile.",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"track #{self.track_id} at {self.started_at:%Y-%m-%d %H:%M} (#{self.pk})"


class Play(Telling):
    """One listening of one track by one listener at one moment: a fact."""

    objects = PlayQuerySet.as_manager()

    @property
    def shown(self) -> Track:
        """The track as it shows; load `track__canonical` with many."""
        return self.track.canonical or self.track

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listener", "track", "started_at"], name="play_unique"),
        ]
        indexes = [
            models.Index(fields=["listener", "started_at"], name="play_by_time"),
            models.Index(
                fields=["told_track"],
                condition=Q(told_track__isnull=False),
                name="play_corrected",
            ),
            models.Index(fields=["move"], condition=Q(move__isnull=False), name="play_moved"),
        ]


class Sighting(Telling):
    """What somebody else told of a play that was there already.

    If the first to tell of it takes that back, the play is theirs.
    """

    play = models.ForeignKey(Play, models.CASCADE, related_name="sightings")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listener", "track", "started_at", "source", "source_import"],
                condition=Q(source_import__isnull=False),
                name="sighting_unique_in_import",
            ),
            models.UniqueConstraint(
                fields=["listener", "track", "started_at", "source"],
                condition=Q(source_import__isnull=True),
                name="sighting_unique",
            ),
        ]
        indexes = [
            models.Index(
                fields=["told_track"],
                condition=Q(told_track__isnull=False),
                name="sighting_corrected",
            ),
            models.Index(fields=["move"], condition=Q(move__isnull=False), name="sighting_moved"),
        ]


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


class StaleDay(models.Model):
    """A day (of UTC) on which a listener's plays changed, and what was counted of it did not yet.

    Whoever marks a day writes its row anew, so that whoever counts and removes the row waits.
    """

    listener = models.ForeignKey(
        Listener, models.CASCADE, related_name="stale_days", db_index=False
    )
    day = models.DateField()
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listener", "day"], name="stale_day_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.day} (#{self.pk})"
