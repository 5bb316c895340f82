from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from catalog.models.provenance import Source

COMBINED = "combined"  # the source of a set that `catalog.services.combining` made of others


def _share() -> models.FloatField[float | None, float | None]:
    return models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )


class FeatureSetQuerySet(models.QuerySet["FeatureSet"]):
    def said(self) -> FeatureSetQuerySet:
        """What a source said, without what was made of it."""
        return self.exclude(source=COMBINED)


class FeatureSet(models.Model):
    """How one track sounds, as one source has it. What the source does not know is null."""

    objects = FeatureSetQuerySet.as_manager()

    track = models.ForeignKey("catalog.Track", models.CASCADE, related_name="feature_sets")
    source = models.CharField(max_length=20, choices=Source.choices)
    may_train = models.BooleanField("may teach the shared model", default=True)
    tempo = models.FloatField(null=True, blank=True, help_text="Beats per minute.")
    key = models.SmallIntegerField(null=True, blank=True, help_text="0 is C, 11 is B.")
    mode = models.SmallIntegerField(null=True, blank=True, help_text="1 major, 0 minor.")
    time_signature = models.SmallIntegerField(null=True, blank=True)
    loudness = models.FloatField(null=True, blank=True, help_text="Decibels below full scale.")
    energy = _share()
    valence = _share()
    danceability = _share()
    acousticness = _share()
    instrumentalness = _share()
    liveness = _share()
    speechiness = _share()
    timbre = models.JSONField(
        null=True,
        blank=True,
        help_text="A content vector, where the source computed one.",
    )
    measured_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "source"], name="feature_set_unique"),
            models.CheckConstraint(
                condition=models.Q(tempo__isnull=True) | models.Q(tempo__gt=0, tempo__lt=400),
                name="feature_set_tempo_plausible",
            ),
            models.CheckConstraint(
                condition=models.Q(key__isnull=True) | models.Q(key__range=(0, 11)),
                name="feature_set_key_plausible",
            ),
            models.CheckConstraint(
                condition=models.Q(mode__isnull=True) | models.Q(mode__range=(0, 1)),
                name="feature_set_mode_plausible",
            ),
            models.CheckConstraint(
                condition=models.Q(loudness__isnull=True) | models.Q(loudness__range=(-80, 10)),
                name="feature_set_loudness_plausible",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}__isnull": True})
                    | models.Q(**{f"{name}__range": (0, 1)}),
                    name=f"feature_set_{name}_is_a_share",
                )
                for name in (
                    "energy",
                    "valence",
                    "danceability",
                    "acousticness",
                    "instrumentalness",
                    "liveness",
                    "speechiness",
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} on track #{self.track_id} (#{self.pk})"
