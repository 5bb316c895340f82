"""The catalogue as a picture: its clusters, where a taste lies, and a walk from track to track."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache

from accounts.requests import MemberRequest
from recommendations import serving
from recommendations.serving import map as mapped

NEAR = 8
LONGEST_WALK = 12
DIGITS = 15  # no key has more


@login_required
@never_cache
def show_map(request: MemberRequest) -> HttpResponse:
    try:
        drawn = mapped.map_of(request.listener, at=now())
    except serving.NoModel:
        drawn = None
    beside = _beside(request, drawn) if drawn else {}
    return render(request, "recommendations/map.html", {"map": drawn, **beside})


def _beside(request: MemberRequest, drawn: mapped.Drawn) -> dict[str, Any]:
    """Return the list beside the picture: a walk, or a cluster, at first the listener's own."""
    if walk := mapped.stops(_numbers(request.GET.get("walk", ""))[-LONGEST_WALK:]):
        return _walk(walk)
    first = max(drawn.clusters, key=lambda cluster: cluster.mine)
    asked = _numbers(request.GET.get("cluster", ""))
    chosen = next((one for one in drawn.clusters if [one.number] == asked), first)
    return {"chosen": chosen, "tracks": mapped.tracks_in(chosen.number)}


def _walk(walk: list[Any]) -> dict[str, Any]:
    been = {track.pk for track in walk}
    about = serving.About(tracks=(walk[-1].pk,))
    near = serving.similar(about=about, n=NEAR + len(walk))
    places = [mapped.place_of(track.pk) for track in walk]
    return {
        "walk": walk,
        "way": ",".join(str(track.pk) for track in walk),
        "near": [row.track for row in near if row.track.pk not in been][:NEAR],
        "path": [place for place in places if place],
    }


def _numbers(text: str) -> list[int]:
    """Read “3,14,15”; what is no number is left out."""
    parts = text.split(",")
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < DIGITS]
