"""Taste: the versions of the model, the lists that were shown, and what was learnt from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Listener
from catalog.models import Track
from listening.models import Feedback


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def live(self) -> ModelVersionQuerySet:
        return self.filter(state=ModelVersion.State.LIVE)

    def good(self) -> ModelVersionQuerySet:
        """Keep those whose artifact was whole when it was published."""
        return self.exclude(state__in=[ModelVersion.State.TRAINING, ModelVersion.State.FAILED])

    def training(self) -> ModelVersionQuerySet:
        return self.filter(state=ModelVersion.State.TRAINING)

    def newest_first(self) -> ModelVersionQuerySet:
        return self.order_by("-pk")


class ModelVersion(models.Model):
    """One training: what it learnt from, how good it is, and where its arrays lie."""

    class State(models.TextChoices):
        TRAINING = "training", "training"
        READY = "ready", "ready, waits for a curator"
        LIVE = "live", "live"
        RETIRED = "retired", "retired"
        FAILED = "failed", "failed"

    state = models.CharField(max_length=10, choices=State.choices, default=State.TRAINING)
    algorithm = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict, blank=True)
    data = models.JSONField(
        default=dict,
        blank=True,
        help_text="Listeners, tracks and weights it learnt from.",
    )
    metrics = models.JSONField(default=dict, blank=True)
    libraries = models.JSONField(default=dict, blank=True)
    artifact = models.CharField(max_length=200, blank=True, help_text="Its folder in storage.")
    checksum = models.CharField(max_length=64, blank=True)
    message = models.TextField(blank=True, help_text="Why it failed or waits.")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    promoted_at = models.DateTimeField(null=True, blank=True)
    seen_feedback = models.PositiveBigIntegerField(
        default=0, help_text="The newest change of opinion when its training began."
    )
    # While it trains: which process does it, how far it is, and when it last said so.
    held_by = models.CharField(max_length=200, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    progress = models.FloatField(default=0)
    step = models.CharField(max_length=100, blank=True)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=["live", "training"]),
                name="model_version_one_live_one_training",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.algorithm} (#{self.pk})"

    @property
    def seconds(self) -> float | None:
        """How long its training took, once it is over."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


class ModelAct(models.Model):
    """Who did what to the model, and why; never changed."""

    class Kind(models.TextChoices):
        ASKED = "asked", "asked for a training"
        PROMOTED = "promoted", "made live"
        ROLLED_BACK = "rolled_back", "rolled back to"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    version = models.ForeignKey(
        ModelVersion, models.CASCADE, null=True, blank=True, related_name="acts"
    )
    replaced = models.ForeignKey(
        ModelVersion, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: the rule did it.",
    )
    why = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="model_act_newest")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M} (#{self.pk})"


class ExperimentQuerySet(models.QuerySet["Experiment"]):
    def running(self) -> ExperimentQuerySet:
        return self.filter(state=Experiment.State.RUNNING)


class Experiment(models.Model):
    """Two versions (or two settings) interleaved in the lists of real listeners."""

    class State(models.TextChoices):
        RUNNING = "running", "running"
        ENDED = "ended", "ended"

    name = models.CharField(max_length=120)
    model_a = models.ForeignKey(ModelVersion, models.PROTECT, related_name="+")
    model_b = models.ForeignKey(ModelVersion, models.PROTECT, related_name="+")
    settings_a = models.JSONField(default=dict, blank=True)
    settings_b = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="experiment_one_running"
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True)
                | Q(state="ended", ended_at__isnull=False),
                name="experiment_ended_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"


class Slate(models.Model):
    """One list as it was shown; kept 90 days."""

    listener = models.ForeignKey(Listener, models.CASCADE, related_name="slates")
    surface = models.CharField(max_length=40)
    model = models.ForeignKey(
        ModelVersion, models.SET_NULL, null=True, blank=True, related_name="slates"
    )
    experiment = models.ForeignKey(
        Experiment, models.SET_NULL, null=True, blank=True, related_name="slates"
    )
    settings = models.JSONField(default=dict, blank=True)
    tracks = models.JSONField(help_text="The ids in order, the first at rank 1.")
    sides = models.CharField(
        max_length=500,
        blank=True,
        help_text="Of an experiment: for each rank, a or b, the side that put the track there.",
    )
    taste_version = models.PositiveBigIntegerField()
    shown_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["listener", "surface", "-shown_at"], name="slate_newest"),
            models.Index(fields=["shown_at"], name="slate_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.surface} of listener #{self.listener_id} (#{self.pk})"

    def tracks_of(self, side: str) -> list[int]:
        """Return what a side of an experiment put there; without one, all tracks."""
        if not self.sides:
            return list(self.tracks)
        return [pk for pk, by in zip(self.tracks, self.sides, strict=True) if by == side]

    def version_of(self, place: int) -> int | None:
        """Return the version of the model that put a track there; load `experiment` with many."""
        if not (self.sides and self.experiment):
            return self.model_id
        held = self.experiment
        return held.model_a_id if self.sides[place] == "a" else held.model_b_id


class SlateOutcome(models.Model):
    """What became of one track of a slate: liked, played, skipped, hidden."""

    slate = models.ForeignKey(Slate, models.CASCADE, related_name="outcomes")
    track = models.ForeignKey(Track, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slate", "track", "kind"], name="slate_outcome_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on slate #{self.slate_id} (#{self.pk})"


class Review(models.Model):
    """A curator's decision on what listeners reported or disliked."""

    class Decision(models.TextChoices):
        FIXED = "fixed", "metadata fixed"
        HIDDEN = "hidden", "track hidden"
        DEMOTED = "demoted", "shown less"
        DISMISSED = "dismissed", "nothing to do"

    track = models.ForeignKey(Track, models.CASCADE, related_name="reviews")
    feedback = models.ForeignKey(
        Feedback, models.SET_NULL, null=True, blank=True, related_name="reviews"
    )
    decision = models.CharField(max_length=10, choices=Decision.choices)
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.decision} (#{self.pk})"


class Demotion(models.Model):
    """A track that is shown less, because a curator decided so."""

    track = models.OneToOneField(Track, models.CASCADE, related_name="demotion")
    review = models.ForeignKey(Review, models.SET_NULL, null=True, blank=True, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"track #{self.track_id} shown less (#{self.pk})"


class MixQuerySet(models.QuerySet["Mix"]):
    def newest_first(self) -> MixQuerySet:
        return self.order_by("-day", "kind", "pk")


class Mix(models.Model):
    """A list that nobody had to ask for: three a day and one of discoveries a week, all kept."""

    class Kind(models.TextChoices):
        DISCOVERY = "discovery", "discovery of the week"
        FIRST = "daily-1", "first mix of the day"
        SECOND = "daily-2", "second mix of the day"
        THIRD = "daily-3", "third mix of the day"

    listener = models.ForeignKey(Listener, models.CASCADE, related_name="mixes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    day = models.DateField(help_text="On the listener's calendar; of a week its Monday.")
    title = models.CharField(max_length=120, blank=True, help_text="What it is about.")
    slate = models.ForeignKey(Slate, models.SET_NULL, null=True, blank=True, related_name="mixes")
    tracks = models.JSONField(help_text="The ids in order; they outlive the slate.")
    made_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = MixQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "mixes"
        constraints = [
            models.UniqueConstraint(fields=["listener", "kind", "day"], name="mix_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.day} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("mix", args=[self.pk])

    @property
    def is_discovery(self) -> bool:
        return self.kind == self.Kind.DISCOVERY

    @property
    def name(self) -> str:
        if self.is_discovery:
            return _("Discoveries of the week of %(day)s") % {"day": date_format(self.day)}
        if not self.title:
            return _("For you, %(day)s") % {"day": date_format(self.day)}
        return _("%(title)s, %(day)s") % {"title": self.title, "day": date_format(self.day)}


class MixWish(models.Model):
    """How a listener wants to hear of mixes: an address for feed readers, and mail or none."""

    listener = models.OneToOneField(Listener, models.CASCADE, related_name="mix_wish")
    key = models.CharField(max_length=43, unique=True, help_text="The secret part of addresses.")
    by_mail = models.BooleanField("the discoveries of the week by mail", default=False)

    class Meta:
        verbose_name_plural = "mix wishes"

    def __str__(self) -> str:
        return f"of listener #{self.listener_id} (#{self.pk})"
