"""Where a value came from, by what other names a track is known, and what curators decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from catalog.models.changes import kept


class Source(models.TextChoices):
    """Who says so. `catalog.believing` says who is believed first."""

    CURATOR = "curator", "curator"
    AUDIO = "audio", "audio file"
    CSV = "csv", "CSV file"
    MUSICBRAINZ = "musicbrainz", "MusicBrainz"
    ACOUSTICBRAINZ = "acousticbrainz", "AcousticBrainz"
    RECCOBEATS = "reccobeats", "ReccoBeats"
    KAGGLE_SPOTIFY = "kaggle-spotify", "Kaggle: Spotify dataset"
    KAGGLE_TRACKS = "kaggle-tracks", "Kaggle: Spotify tracks dataset"
    TIDYTUESDAY = "tidytuesday", "TidyTuesday"
    MSD = "msd", "Million Song Dataset"
    SPOTIFY_API = "spotify-api", "Spotify"
    LASTFM = "lastfm", "Last.fm"
    LISTENBRAINZ = "listenbrainz", "ListenBrainz"
    DEEZER = "deezer", "Deezer"
    LISTENER = "listener", "a listener’s plays"
    DEMO = "demo", "demo world (fictional)"


class ExternalId(models.Model):
    """A name by which someone else knows a track, an artist or an album."""

    class Kind(models.TextChoices):
        ISRC = "isrc", "ISRC"
        SPOTIFY = "spotify", "Spotify"
        MUSICBRAINZ = "musicbrainz", "MusicBrainz"
        MSD_TRACK = "msd-track", "Million Song Dataset track"
        MSD_SONG = "msd-song", "Million Song Dataset song"
        DEEZER = "deezer", "Deezer"
        PARTNER = "partner", "a partner’s own"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    namespace = models.CharField(
        max_length=40,
        blank=True,
        help_text="Whose, where each party has names of its own.",
    )
    value = models.CharField(max_length=200)
    source = models.CharField(max_length=20, choices=Source.choices)
    track = models.ForeignKey(
        "catalog.Track",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="external_ids",
    )
    artist = models.ForeignKey(
        "catalog.Artist",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="external_ids",
    )
    album = models.ForeignKey(
        "catalog.Album",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="external_ids",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "namespace", "value"],
                condition=models.Q(track__isnull=False),
                name="external_id_unique_track",
            ),
            models.UniqueConstraint(
                fields=["kind", "namespace", "value"],
                condition=models.Q(artist__isnull=False),
                name="external_id_unique_artist",
            ),
            models.UniqueConstraint(
                fields=["kind", "namespace", "value"],
                condition=models.Q(album__isnull=False),
                name="external_id_unique_album",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(track__isnull=False, artist__isnull=True, album__isnull=True)
                    | models.Q(track__isnull=True, artist__isnull=False, album__isnull=True)
                    | models.Q(track__isnull=True, artist__isnull=True, album__isnull=False)
                ),
                name="external_id_names_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value} (#{self.pk})"


class RuleQuerySet(models.QuerySet["Rule"]):
    def holding(self) -> RuleQuerySet:
        """Keep those that nobody has undone."""
        return self.filter(undone_at__isnull=True)


class Rule(models.Model):
    """A curator's decision that holds for everything that comes in later, until it is undone."""

    class Kind(models.TextChoices):
        MERGE = "merge", "these two are one"
        SPLIT = "split", "these two stay apart"
        MATCH = "match", "this name means that track"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    match_key = models.CharField(
        max_length=300,
        blank=True,
        help_text="The incoming name, in its normalised form.",
    )
    track = models.ForeignKey(
        "catalog.Track", models.CASCADE, null=True, blank=True, related_name="rules"
    )
    other_track = models.ForeignKey(
        "catalog.Track", models.CASCADE, null=True, blank=True, related_name="+"
    )
    artist = models.ForeignKey(
        "catalog.Artist", models.CASCADE, null=True, blank=True, related_name="rules"
    )
    other_artist = models.ForeignKey(
        "catalog.Artist", models.CASCADE, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = RuleQuerySet.as_manager()
    history = kept()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(track__isnull=False) | models.Q(artist__isnull=False),
                name="rule_names_a_track_or_an_artist",
            ),
            models.UniqueConstraint(
                fields=["track"],
                condition=models.Q(kind="merge", undone_at__isnull=True),
                name="rule_merges_a_track_once",
            ),
            models.UniqueConstraint(
                fields=["artist"],
                condition=models.Q(kind="merge", undone_at__isnull=True),
                name="rule_merges_an_artist_once",
            ),
        ]
        indexes = [models.Index(fields=["kind", "match_key"], name="rule_by_name")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} (#{self.pk})"
