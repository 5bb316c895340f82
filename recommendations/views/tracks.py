from __future__ import annotations

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
    """Return what needs the model: what is alike and, for a listener, what speaks for the track."""
    listener: Listener | None = request.listener  # type: ignore[attr-defined]
    about = serving.About(tracks=(track.pk,))
    try:
        if not listener:
            return {"alike": serving.similar(about=about, n=ALIKE)}
        at = now()
        again = shown_again(request.GET.get("slate"), listener=listener, at=at)
        if again and again.listed.ask.about == about:
            shown = {"alike": again.listed, "answer": again.answer}
        else:
            similar = serving.Surface.SIMILAR
            shown = {
                "alike": serving.recommend(
                    listener=listener, at=at, surface=similar, about=about, n=ALIKE
                )
            }
        return shown | {"state": state_of(track, listener=listener, at=at)}
    except serving.NoModel:
        return {}
