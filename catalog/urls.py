from __future__ import annotations

from django.contrib.sitemaps import views as sitemaps
from django.urls import path

from catalog import views
from catalog.sitemaps import SITEMAPS

urlpatterns = [
    path("audio/<int:pk>/", views.audio, name="audio"),
    path("explore/", views.explore, name="explore"),
    path("genres/", views.genres, name="genres"),
    path("search/", views.search, name="search"),
    path(
        "sitemap.xml",
        sitemaps.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
    path("tags/<int:pk>/<str:slug>/", views.tag, name="tag"),
    path("years/<int:number>/", views.year, name="year"),
]
