from __future__ import annotations

from collections import defaultdict

from django.db import models
from django.urls import reverse
from django.utils.text import slugify

from catalog.models.changes import kept
from catalog.models.music import Track
from catalog.models.provenance import Source


class GenreQuerySet(models.QuerySet["Genre"]):
    def branch(self, genre: Genre) -> GenreQuerySet:
        """Keep this genre and all that grow from it."""
        children: dict[int | None, list[int]] = defaultdict(list)
        for pk, parent in self.values_list("pk", "parent_id"):
            children[parent].append(pk)
        branch = [genre.pk]
        for pk in branch:  # it grows while it is walked
            branch += [child for child in children[pk] if child not in branch]
        return self.filter(pk__in=branch)


class Genre(models.Model):
    """A branch of the tree of genres."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )

    history = kept()

    objects = GenreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("pk")),
                name="genre_not_its_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("genre", args=[self.slug])


class TrackGenre(models.Model):
    """One source's word on the genre of a track, with the label it used."""

    track = models.ForeignKey(Track, models.CASCADE, related_name="track_genres")
    genre = models.ForeignKey(Genre, models.PROTECT, related_name="track_genres")
    source = models.CharField(max_length=20, choices=Source.choices)
    label = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "genre", "source"], name="track_genre_unique"),
        ]
        indexes = [models.Index(fields=["label"], name="track_genre_by_label")]

    def __str__(self) -> str:
        return f"genre #{self.genre_id} of track #{self.track_id} (#{self.pk})"


class TagQuerySet(models.QuerySet["Tag"]):
    def of(self, track: Track) -> TagQuerySet:
        """Keep those of a track or of one merged into it, what most agree on first."""
        put = models.Q(track_tags__track=track) | models.Q(track_tags__track__canonical=track)
        weight = models.Max("track_tags__weight", filter=put)
        return self.filter(put).annotate(here=weight).order_by("-here", "name")


class Tag(models.Model):
    """A free word that people put to tracks."""

    name = models.CharField(max_length=120, unique=True, help_text="In small letters.")

    objects = TagQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.pk, slugify(self.name, allow_unicode=True) or "-"])


class TrackTag(models.Model):
    track = models.ForeignKey(Track, models.CASCADE, related_name="track_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="track_tags")
    source = models.CharField(max_length=20, choices=Source.choices)
    weight = models.FloatField(default=1.0, help_text="From 0 to 1, as sure as the source is.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "tag", "source"], name="track_tag_unique"),
            models.CheckConstraint(
                condition=models.Q(weight__gt=0, weight__lte=1),
                name="track_tag_weight_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"tag #{self.tag_id} of track #{self.track_id} (#{self.pk})"
