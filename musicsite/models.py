"""What people ask of their own data: all of it in a file, or all of it gone."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class DataExport(models.Model):
    """A file with everything of one person, kept for a few days."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="data_exports")
    file = models.FileField(upload_to="exports/%Y/%m/")
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"of {self.made_at:%Y-%m-%d} (#{self.pk})"


class Erasure(models.Model):
    """That somebody's data was deleted, and how much. It says nothing of whom."""

    class Extent(models.TextChoices):
        PROFILE = "profile", "a profile"
        ACCOUNT = "account", "an account"

    receipt = models.CharField(max_length=20, unique=True, help_text="Told to the person.")
    extent = models.CharField(max_length=10, choices=Extent.choices)
    counts = models.JSONField(help_text="Rows by kind.")
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.receipt} (#{self.pk})"
