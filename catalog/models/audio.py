from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.db import models
from django.urls import reverse

from catalog.models.music import Track


class Audience(models.TextChoices):
    """Who may listen to a file."""

    EVERYONE = "everyone", "everyone"
    USERS = "users", "whoever is logged in"
    STAFF = "staff", "the staff alone"


def _not_hidden() -> models.QuerySet[Track]:
    """Tracks that no curator took from sight; one that was merged goes by its survivor."""
    return Track.objects.filter(
        models.Q(canonical=None) | models.Q(canonical__hidden_at=None),
        hidden_at=None,
        artist__hidden_at=None,
        artist__canonical__hidden_at=None,
    )


class AudioFileQuerySet(models.QuerySet["AudioFile"]):
    def audible_to(self, user: Any) -> AudioFileQuerySet:
        """Keep those that this person may listen to; a hidden track is heard by the staff alone."""
        if user.is_authenticated and user.is_staff:
            return self
        heard = [Audience.EVERYONE] + [Audience.USERS] * user.is_authenticated
        return self.filter(track__in=_not_hidden(), audience__in=heard)

    def of(self, tracks: Any) -> AudioFileQuerySet:
        """Keep those of these tracks, or of tracks merged into them."""
        return self.filter(models.Q(track__in=tracks) | models.Q(track__canonical__in=tracks))

    def measured(self) -> AudioFileQuerySet:
        return self.filter(state=AudioFile.State.MEASURED)


class AudioFile(models.Model):
    """One file that can be heard, and how it was measured to sound.

    It lies where the operator keeps it, within `AUDIO_DIR`, or in the site's storage.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waits to be measured"
        MEASURED = "measured"
        REFUSED = "refused", "could not be measured"

    track = models.ForeignKey(Track, models.CASCADE, related_name="audio_files")
    source_id = models.CharField(
        max_length=100, unique=True, help_text="As in the record of what its tags say."
    )
    path = models.CharField(max_length=500, blank=True, help_text="Within AUDIO_DIR.")
    upload = models.FileField(upload_to="audio/%Y/%m/", blank=True, max_length=300)
    mime_type = models.CharField("kind", max_length=40)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    modified_at = models.DateTimeField(help_text="When the file was last written.")
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    audience = models.CharField("who may listen", max_length=10, choices=Audience)
    may_train = models.BooleanField("may teach the shared model", default=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    refusal = models.TextField(blank=True, help_text="Why it could not be measured.")
    features: models.JSONField[dict[str, float]] = models.JSONField(
        default=dict, blank=True, help_text="As measured, on the scales of all sources."
    )
    brightness = models.FloatField(
        null=True, blank=True, help_text="Share of the power above 1,500 Hz."
    )
    onset_rate = models.FloatField(
        null=True, blank=True, help_text="Sounds that begin, per second."
    )
    timbre: models.JSONField[list[float]] = models.JSONField(
        default=list, blank=True, help_text="Near each other where files sound alike."
    )
    added_at = models.DateTimeField()
    measured_at = models.DateTimeField(null=True, blank=True)

    objects = AudioFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(path="") ^ models.Q(upload=""), name="audio_file_lies_somewhere"
            ),
            models.CheckConstraint(
                condition=models.Q(state="measured", measured_at__isnull=False)
                | ~models.Q(state="measured"),
                name="audio_file_measured_at_some_time",
            ),
        ]
        indexes = [models.Index(fields=["track", "checksum"], name="audio_file_by_checksum")]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"

    @property
    def name(self) -> str:
        return Path(self.path or str(self.upload)).name

    def get_absolute_url(self) -> str:
        return reverse("audio", args=[self.pk])

    @property
    def subject(self) -> str:
        """What jobs about this file call it."""
        return f"audio-file-{self.pk}"

    def place(self) -> Path:
        """Where in AUDIO_DIR it lies.

        :raises SuspiciousFileOperation: if that is outside of it, by ".." or by a link
        """
        return within(Path(settings.AUDIO_DIR), self.path)

    def open(self) -> BinaryIO:
        """:raises OSError: if it is not there any more"""
        if self.path:
            return self.place().open("rb")
        return cast(BinaryIO, self.upload.storage.open(str(self.upload), "rb"))

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """The file as a local one, wherever it lies."""
        if self.path:
            yield self.place()
            return
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, self.name)
            with self.open() as stored, copy.open("wb") as file:
                shutil.copyfileobj(stored, file)
            yield copy


def within(folder: Path, path: str) -> Path:
    """:raises SuspiciousFileOperation: if the path leads out of the folder"""
    folder = folder.resolve()
    found = (folder / path).resolve()
    if not found.is_relative_to(folder):
        raise SuspiciousFileOperation(f"“{path}” is not within the folder of audio files.")
    return found
