from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from accounts.models import Listener
from catalog.addresses import elsewhere, shown_or_404
from catalog.models import Tag, Track
from catalog.portrait import portrait
from recommendations import serving
from recommendations.services.pages import shown_again, state_of

TAGS = 24
ALIKE = 6


def track(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    found = shown_or_404(Track.objects.findable().for_rows(), pk)
    if away := elsewhere(request, found, pk):
        return away
    tags = Tag.objects.of(found)[:TAGS]
    context = {"track": found, "tags": tags, "portrait": portrait(found)}
    return render(request, "recommendations/track.html", context | _scores(request, found))


def _scores(request: HttpRequest, track: Track) -> dict[str, Any]:
    """Return what is alike and, for a listener, what they think of it and what speaks for it."""
    listener: Listener | None = request.listener  # type: ignore[attr-defined]
    at = now()
    state = {"state": state_of(track, listener=listener, at=at)} if listener else {}
    try:
        return state | _alike(request, track, listener, at)
    except serving.NoModel:
        return state


def _alike(
    request: HttpRequest, track: Track, listener: Listener | None, at: datetime
) -> dict[str, Any]:
    """:raises NoModel: if there is no model"""
    about = serving.About(tracks=(track.pk,))
    if not listener:
        return {"alike": serving.similar(about=about, n=ALIKE)}
    again = shown_again(request.GET.get("slate"), listener=listener, at=at)
    if again and again.listed.ask.about == about:
        return {"alike": again.listed, "answer": again.answer}
    surface = serving.Surface.SIMILAR
    return {
        "alike": serving.recommend(listener=listener, at=at, surface=surface, about=about, n=ALIKE)
    }
