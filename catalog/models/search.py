from __future__ import annotations

from django.db import models

from catalog.models.music import Album, Artist, Track
from catalog.models.tags import Genre, Tag


class Findable(models.TextChoices):
    ARTIST = "artist", "artist"
    TRACK = "track", "track"
    ALBUM = "album", "album"
    GENRE = "genre", "genre"
    TAG = "tag", "tag"


class SearchEntry(models.Model):
    """One thing that can be found, and the words it is found by; `services.indexing` writes it.

    Each database has its own index over `text`, which only the migration and `catalog.search` know.
    """

    kind = models.CharField(max_length=6, choices=Findable)
    artist = models.OneToOneField(Artist, models.CASCADE, null=True, related_name="search_entry")
    track = models.OneToOneField(Track, models.CASCADE, null=True, related_name="search_entry")
    album = models.OneToOneField(Album, models.CASCADE, null=True, related_name="search_entry")
    genre = models.OneToOneField(Genre, models.CASCADE, null=True, related_name="search_entry")
    tag = models.OneToOneField(Tag, models.CASCADE, null=True, related_name="search_entry")
    name = models.CharField(max_length=500, help_text="Its own name, folded.")
    text = models.TextField(help_text="All words it is found by, folded, one space between.")
    moods = models.CharField(
        max_length=120, blank=True, help_text="Of a track, with a space before and behind each."
    )
    weight = models.PositiveSmallIntegerField(
        default=0, help_text="How well it is described: among equals the higher comes first."
    )

    class Meta:
        verbose_name_plural = "search entries"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    *(
                        models.Q(kind=kind, **{f"{kind}__isnull": False})
                        for kind in Findable.values
                    ),
                    _connector=models.Q.OR,
                ),
                name="search_entry_has_what_it_names",
            ),
        ]
        indexes = [
            models.Index(
                fields=["name"], opclasses=["varchar_pattern_ops"], name="search_entry_by_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} (#{self.pk})"

    @property
    def thing_id(self) -> int:
        return int(getattr(self, f"{self.kind}_id"))


class SearchWord(models.Model):
    """A word of the search entries, from which a misspelt one is guessed."""

    word = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.word
