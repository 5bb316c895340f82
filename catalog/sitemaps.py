"""The pages that a search engine may list."""

from __future__ import annotations

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from catalog.models import Album, Artist, Genre, Track

IN_ONE_FILE = 10_000  # addresses: the protocol allows 50,000, which takes seconds to write


class ModelSitemap(Sitemap):
    limit = IN_ONE_FILE


class TrackSitemap(ModelSitemap):
    def items(self) -> QuerySet[Track]:
        return Track.objects.findable().only("title").order_by("pk")


class ArtistSitemap(ModelSitemap):
    def items(self) -> QuerySet[Artist]:
        return Artist.objects.shown().only("name").order_by("pk")


class AlbumSitemap(ModelSitemap):
    def items(self) -> QuerySet[Album]:
        return Album.objects.with_tracks().order_by("pk")


class GenreSitemap(ModelSitemap):
    def items(self) -> QuerySet[Genre]:
        return Genre.objects.order_by("pk")


class YearSitemap(Sitemap):
    def items(self) -> list[int]:
        years = Track.objects.findable().filter(year__isnull=False).order_by("year")
        return [year for year in years.values_list("year", flat=True).distinct() if year]

    def location(self, item: int) -> str:
        return reverse("year", args=[item])


class PageSitemap(Sitemap):
    def items(self) -> list[str]:
        return ["home", "genres"]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS: dict[str, Any] = {
    "pages": PageSitemap,
    "tracks": TrackSitemap,
    "artists": ArtistSitemap,
    "albums": AlbumSitemap,
    "genres": GenreSitemap,
    "years": YearSitemap,
}
