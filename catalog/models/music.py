from __future__ import annotations

from functools import lru_cache

from django.db import models
from django.urls import reverse
from django.utils.text import slugify

from catalog.models.changes import kept
from catalog.models.features import FeatureSet
from catalog.models.provenance import Source


class ArtistQuerySet(models.QuerySet["Artist"]):
    def shown(self) -> ArtistQuerySet:
        """Keep those that have a page: not merged into another, not hidden."""
        return self.filter(canonical__isnull=True, hidden_at__isnull=True)


class Artist(models.Model):
    name = models.CharField(max_length=300)
    language = models.CharField(
        max_length=12,
        blank=True,
        help_text="Of the name as written, e.g. ja, for the page.",
    )
    match_key = models.CharField(max_length=300, help_text="The name in its normalised form.")
    source = models.CharField(max_length=20, choices=Source.choices)
    canonical = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    hidden_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ArtistQuerySet.as_manager()
    history = kept("match_key")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(canonical=models.F("pk")),
                name="artist_not_merged_into_itself",
            ),
        ]
        indexes = [models.Index(fields=["match_key"], name="artist_by_match_key")]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("artist", args=[self.pk, slugify(self.name, allow_unicode=True) or "-"])


class AlbumQuerySet(models.QuerySet["Album"]):
    def of(self, artist: Artist) -> AlbumQuerySet:
        """Keep those of an artist, or of one merged into it."""
        return self.filter(models.Q(artist=artist) | models.Q(artist__canonical=artist))

    def with_tracks(self) -> AlbumQuerySet:
        """Keep those with tracks that show, and count these as `here`."""
        shown = models.Q(tracks__canonical=None, tracks__hidden_at=None, tracks__isnull=False)
        return self.annotate(here=models.Count("tracks", filter=shown)).filter(here__gt=0)


class Album(models.Model):
    title = models.CharField(max_length=400)
    artist = models.ForeignKey(Artist, models.PROTECT, related_name="albums")
    language = models.CharField(max_length=12, blank=True)
    match_key = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=20, choices=Source.choices)

    history = kept("match_key")

    objects = AlbumQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["artist", "match_key"], name="album_by_match_key")]

    def __str__(self) -> str:
        return f"{self.title} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("album", args=[self.pk, slugify(self.title, allow_unicode=True) or "-"])


class Work(models.Model):
    """What the versions of one piece have in common: live, remaster, radio edit."""

    title = models.CharField(max_length=400)
    artist = models.ForeignKey(Artist, models.PROTECT, related_name="works")

    def __str__(self) -> str:
        return f"{self.title} (#{self.pk})"


class TrackQuerySet(models.QuerySet["Track"]):
    def shown(self) -> TrackQuerySet:
        """Keep those that have a page: not merged into another, not hidden by a curator."""
        return self.filter(canonical__isnull=True, hidden_at__isnull=True)

    def findable(self) -> TrackQuerySet:
        """Keep those that a search may find: shown, and by an artist who is not hidden."""
        return self.shown().filter(
            artist__hidden_at__isnull=True, artist__canonical__hidden_at__isnull=True
        )

    def playable(self) -> TrackQuerySet:
        """Keep those that may be recommended."""
        return self.findable().filter(is_verified=True)

    def unverified(self) -> TrackQuerySet:
        """Keep those made from a play that matched nothing, which no curator has seen."""
        return self.shown().filter(is_verified=False)

    def credited_to(self, artist: Artist) -> TrackQuerySet:
        """Keep those that name an artist, or one merged into it."""
        credit = ArtistCredit.objects.filter(
            models.Q(artist=artist) | models.Q(artist__canonical=artist)
        )
        return self.filter(
            models.Q(artist=artist)
            | models.Q(artist__canonical=artist)
            | models.Q(pk__in=credit.values("track"))
        )

    def for_rows(self) -> TrackQuerySet:
        """Load what `catalog/_track_row.html` shows."""
        return self.select_related("artist", "album", "features", "genre")


class Track(models.Model):
    """One recording, as one catalogue entry has it.

    A merge sets `canonical` and moves no row, so a split is exact: clear it again.
    """

    title = models.CharField(max_length=500)
    artist = models.ForeignKey(
        Artist, models.PROTECT, related_name="tracks", help_text="The first credited."
    )
    credit = models.CharField(
        max_length=500,
        blank=True,
        help_text="The whole by-line, where several are credited.",
    )
    artists = models.ManyToManyField(
        Artist, through="catalog.ArtistCredit", related_name="credited_tracks"
    )
    album = models.ForeignKey(Album, models.SET_NULL, null=True, blank=True, related_name="tracks")
    position = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="On the album, from 1."
    )
    work = models.ForeignKey(Work, models.SET_NULL, null=True, blank=True, related_name="tracks")
    genre = models.ForeignKey(
        "catalog.Genre",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The one shown, of all that sources name.",
    )
    features = models.ForeignKey(
        FeatureSet,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The set shown, of all that sources have.",
    )
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    is_explicit = models.BooleanField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)
    match_key = models.CharField(
        max_length=300, help_text="Artist and title in their normalised form."
    )
    search_text = models.TextField(
        blank=True, help_text="Everything it may be found by, normalised."
    )
    source = models.CharField(max_length=20, choices=Source.choices)
    is_verified = models.BooleanField(
        default=True, help_text="Off for a track made from a play that matched nothing."
    )
    hidden_at = models.DateTimeField(null=True, blank=True)
    canonical = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TrackQuerySet.as_manager()
    history = kept("match_key", "search_text")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(canonical=models.F("pk")),
                name="track_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(year__isnull=True) | models.Q(year__range=(1000, 2200)),
                name="track_year_plausible",
            ),
        ]
        indexes = [
            models.Index(fields=["match_key"], name="track_by_match_key"),
            models.Index(fields=["year"], name="track_by_year"),
            models.Index(
                fields=["match_key"],
                condition=models.Q(canonical__isnull=True, hidden_at__isnull=True),
                name="track_shown_by_match_key",
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(is_verified=False),
                name="track_unverified",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return _address(self.pk, self.title)

    @property
    def byline(self) -> str:
        return self.credit or self.artist.name


@lru_cache(maxsize=20_000)
def _address(pk: int, title: str) -> str:
    """Every row of every list has one."""
    return reverse("track", args=[pk, slugify(title, allow_unicode=True) or "-"])


class ArtistCredit(models.Model):
    track = models.ForeignKey(Track, models.CASCADE, related_name="credits")
    artist = models.ForeignKey(Artist, models.PROTECT, related_name="credits")
    position = models.PositiveSmallIntegerField(help_text="From 1.")
    join_phrase = models.CharField(
        max_length=40,
        blank=True,
        help_text="What stands behind the name, e.g. “ feat. ”.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "position"], name="credit_unique_position"),
        ]

    def __str__(self) -> str:
        return f"{self.position} of track #{self.track_id} (#{self.pk})"
