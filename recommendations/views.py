from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.addresses import elsewhere, shown_or_404
from catalog.models import Tag, Track
from catalog.portrait import portrait

TAGS = 24


def track(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    found = shown_or_404(Track.objects.findable().for_rows(), pk)
    if away := elsewhere(request, found, pk):
        return away
    tags = Tag.objects.of(found)[:TAGS]
    context = {"track": found, "tags": tags, "portrait": portrait(found)}
    return render(request, "recommendations/track.html", context)
