"""Players: how to connect one, and what became of what they told."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts import new_key as new_keys
from accounts.models import Token
from accounts.requests import MemberRequest
from listening.arrivals import Fate
from listening.models import LoggedScrobble, PrivateSession
from listening.players import GUIDES
from listening.services import app_requests, scrobbling

SHOWN = 20
FATES = {
    Fate.NEW: _("stored"),
    Fate.CREATED: _("stored, and the track is new here"),
    Fate.KNOWN: _("known already"),
    Fate.ECHO: _("told by another source already"),
    Fate.SHORT: _("stored as a skip"),
    Fate.PODCAST: _("no music"),
    Fate.REJECTED: _("not taken"),
}


@login_required
@never_cache
def players(request: MemberRequest) -> HttpResponse:
    usable = Token.objects.usable(now()).filter(listener=request.listener)
    addresses = _addresses(request)
    context = {
        "new_key": new_keys.take(request),
        "keys": usable.order_by("-pk"),
        "addresses": addresses,
        "guides": [guide.at(addresses) for guide in GUIDES],
        **_lately(request),
    }
    return render(request, "listening/players.html", context)


@login_required
@never_cache
def lately(request: MemberRequest) -> HttpResponse:
    """What came in lately, for the page that is open."""
    return render(request, "listening/_lately.html", _lately(request))


@login_required
@never_cache
def approve_app(request: MemberRequest) -> HttpResponse:
    """Let an app have a key that asked for it here, in the browser."""
    asked = request.POST.get("token") or request.GET.get("token", "")
    is_waiting = app_requests.is_waiting(asked)
    if request.method == "POST" and is_waiting:
        app_requests.approve(asked, listener=request.listener)
        return redirect(f"{reverse('approve_app')}?done")
    context = {"token": asked, "is_waiting": is_waiting, "is_done": "done" in request.GET}
    return render(request, "listening/approve_app.html", context)


def _lately(request: MemberRequest) -> dict[str, Any]:
    at = now()
    mine = LoggedScrobble.objects.of(request.listener).newest_first()
    told = list(mine.select_related("key", "play__track")[:SHOWN])
    for one in told:
        one.words = FATES.get(Fate(one.fate), one.fate)  # type: ignore[attr-defined]
    private = PrivateSession.objects.on(at).filter(listener=request.listener)
    return {
        "told": told,
        "playing": scrobbling.playing(listener=request.listener, at=at),
        "is_private": private.exists(),
    }


def _addresses(request: MemberRequest) -> dict[str, str]:
    root = request.build_absolute_uri("/").rstrip("/")
    return {
        "root": root,
        "listenbrainz": f"{root}/1/",
        "lastfm": f"{root}/2.0/",
        "old": f"{root}/audioscrobbler/",
        "handle": request.listener.handle,
    }
