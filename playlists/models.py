from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Listener
from catalog.models import Track
from listening.models import Import


def own_key() -> str:
    """The key of a playlist made here."""
    return f"segue:{secrets.token_urlsafe(12)}"


class Recipe(models.Model):
    """How a playlist was made, so that it can be made again."""

    listener = models.ForeignKey(Listener, models.CASCADE, related_name="recipes")
    kind = models.CharField(max_length=20, help_text="Mood, activity, genre, seed, period …")
    settings = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} (#{self.pk})"


class PlaylistQuerySet(models.QuerySet["Playlist"]):
    def visible_to(self, user: Any) -> PlaylistQuerySet:
        """Keep public playlists and those of the user's own listeners."""
        public = Q(is_public=True)
        return self.filter(public | Q(listener__user_id=user.pk) if user.pk else public)

    def owned_by(self, user: Any) -> PlaylistQuerySet:
        return self.filter(listener__user_id=user.pk) if user.pk else self.none()

    def with_track_count(self) -> PlaylistQuerySet:
        return self.annotate(track_count=models.Count("entries"))

    def with_having(self, track: Track) -> PlaylistQuerySet:
        """Say of each whether it `has` the track."""
        entries = PlaylistEntry.objects.of(track).filter(playlist=OuterRef("pk"))
        return self.annotate(has=Exists(entries))

    def newest_first(self) -> PlaylistQuerySet:
        """The one changed last comes first."""
        return self.order_by("-changed_at", "-pk")


class Playlist(models.Model):
    listener = models.ForeignKey(Listener, models.CASCADE, related_name="playlists")
    key = models.CharField(
        max_length=250,
        default=own_key,
        help_text="Tells it apart from the listener's others, also in exports.",
    )
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    is_own = models.BooleanField(
        default=True, help_text="Made or changed by the listener, not only brought by imports."
    )
    is_public = models.BooleanField(default=False)
    recipe = models.ForeignKey(
        Recipe, models.SET_NULL, null=True, blank=True, related_name="playlists"
    )
    refreshes_weekly = models.BooleanField(default=False)
    version = models.PositiveIntegerField(
        default=0,
        help_text="Moves on with each change, so that two editors notice each other.",
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = PlaylistQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listener", "key"], name="playlist_unique_key"),
        ]
        indexes = [models.Index(fields=["listener", "-changed_at"], name="playlist_by_listener")]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("playlist", args=[self.pk])

    def belongs_to(self, user: Any) -> bool:
        """Load its listener first; what is a partner's belongs to no user."""
        return user.pk is not None and self.listener.user_id == user.pk


def _findable() -> Exists:
    shown = Coalesce(OuterRef("track__canonical"), OuterRef("track"))
    return Exists(Track.objects.findable().filter(pk=shown))


class PlaylistEntryQuerySet(models.QuerySet["PlaylistEntry"]):
    def of(self, track: Track) -> PlaylistEntryQuerySet:
        """Keep those of a track, or of one that shows as the same."""
        survivor = track.canonical_id or track.pk
        return self.filter(Q(track=survivor) | Q(track__canonical=survivor))

    def findable(self) -> PlaylistEntryQuerySet:
        """Keep those whose track anybody may see."""
        return self.filter(_findable())

    def with_findable(self) -> PlaylistEntryQuerySet:
        """Say of each whether anybody may see its track: `is_findable`."""
        return self.annotate(is_findable=_findable())

    def for_rows(self) -> PlaylistEntryQuerySet:
        """Load what the rows show, in the order of the playlist."""
        parts = ("artist", "album", "features", "genre")
        tracks = [f"{track}__{part}" for track in ("track", "track__canonical") for part in parts]
        return self.select_related(*tracks).order_by("position")


class PlaylistEntry(models.Model):
    playlist = models.ForeignKey(Playlist, models.CASCADE, related_name="entries")
    track = models.ForeignKey(Track, models.PROTECT, related_name="playlist_entries")
    position = models.PositiveIntegerField(help_text="From 1.")
    added_at = models.DateTimeField()
    is_own = models.BooleanField(
        default=True,
        help_text="In it by the listener's will, not only because imports told of it.",
    )

    objects = PlaylistEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["playlist", "position"],
                name="playlist_entry_unique_position",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} of playlist #{self.playlist_id} (#{self.pk})"

    @property
    def shown(self) -> Track:
        """The track as it shows; load `track__canonical` with many."""
        return self.track.canonical or self.track


class Telling(models.Model):
    """That an import told of a playlist, or of a track in it. What nobody tells of goes again.

    Their keys ascend in the order in which they were told.
    """

    source_import = models.ForeignKey(
        Import, models.CASCADE, db_column="import_id", related_name="tellings"
    )
    playlist = models.ForeignKey(Playlist, models.CASCADE, related_name="tellings")
    entry = models.ForeignKey(
        PlaylistEntry, models.CASCADE, null=True, blank=True, related_name="tellings"
    )
    was_own = models.BooleanField(help_text="It was the listener's own before.")
    is_kept = models.BooleanField(
        default=False,
        help_text="The import was undone, and the playlist stayed: the listener had changed it.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_import", "playlist"],
                condition=Q(entry__isnull=True),
                name="telling_unique_of_playlist",
            ),
            models.UniqueConstraint(
                fields=["source_import", "entry"], name="telling_unique_of_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"import #{self.source_import_id} of playlist #{self.playlist_id} (#{self.pk})"
