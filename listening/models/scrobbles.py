"""What players told lately, and what became of it."""

from __future__ import annotations

from django.db import models

from accounts.models import Listener, Token
from listening.arrivals import Fate
from listening.models.plays import Play


class LoggedScrobbleQuerySet(models.QuerySet["LoggedScrobble"]):
    def of(self, listener: Listener) -> LoggedScrobbleQuerySet:
        return self.filter(listener=listener)

    def newest_first(self) -> LoggedScrobbleQuerySet:
        return self.order_by("-pk")


class LoggedScrobble(models.Model):
    """A scrobble and its fate, for the listener to look at; the last hundred or so are kept."""

    class Protocol(models.TextChoices):
        LISTENBRAINZ = "listenbrainz", "ListenBrainz"
        LASTFM = "lastfm", "Last.fm"
        AUDIOSCROBBLER = "audioscrobbler", "AudioScrobbler"

    listener = models.ForeignKey(
        Listener, models.CASCADE, related_name="logged_scrobbles", db_index=False
    )
    key = models.ForeignKey(Token, models.SET_NULL, null=True, blank=True, related_name="+")
    protocol = models.CharField(max_length=16, choices=Protocol.choices)
    player = models.CharField(max_length=120, blank=True)
    artist = models.CharField(max_length=500, blank=True)
    title = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    fate = models.CharField(max_length=10, choices=[(fate.value, fate.value) for fate in Fate])
    reason = models.CharField(max_length=300, blank=True)
    play = models.ForeignKey(Play, models.SET_NULL, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField()

    objects = LoggedScrobbleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["listener", "-id"], name="logged_scrobble_by_listener")]

    def __str__(self) -> str:
        return f"{self.title} ({self.fate}, #{self.pk})"


class LatestImport(models.Model):
    """Up to when a program has brought a listener's history: it asks before it goes on."""

    listener = models.OneToOneField(Listener, models.CASCADE, related_name="latest_import")
    up_to = models.DateTimeField()

    def __str__(self) -> str:
        return f"up to {self.up_to:%Y-%m-%d %H:%M} (#{self.pk})"
