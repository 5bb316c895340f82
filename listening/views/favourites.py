from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest
from catalog.models import Artist, Genre
from listening.forms.favourites import FavouriteForm, FindArtistForm, OldFavouriteForm
from listening.models import Feedback, FeedbackKind
from listening.services import feedback as services

FOUND = 12
REMOVED = "removed"


@login_required
def favourites(request: MemberRequest) -> HttpResponse:
    mine = Feedback.objects.favourites_of(request.listener).newest_first()
    kept = [one.genre or one.artist for one in mine.select_related("genre", "artist")]
    words = FindArtistForm(request.GET).words
    context = {
        "kept": kept,
        "artists": [thing for thing in kept if isinstance(thing, Artist)],
        "genres": Genre.objects.order_by("name"),
        "words": words,
        "found": services.artists_named(words)[:FOUND],
        "undo": _just_removed(request, kept),
    }
    return render(request, "listening/favourites.html", context)


@login_required
@require_POST
def add_favourite(request: MemberRequest) -> HttpResponse:
    form = FavouriteForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("No such genre or artist.")
    services.give_feedback(
        listener=request.listener, kind=FeedbackKind.FAVOURITE, at=now(), **form.cleaned_data
    )
    return _back(request, {})


@login_required
@require_POST
def remove_favourite(request: MemberRequest) -> HttpResponse:
    form = OldFavouriteForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("No such genre or artist.")
    services.withdraw_feedback(
        listener=request.listener, kind=FeedbackKind.FAVOURITE, at=now(), **form.cleaned_data
    )
    gone = form.cleaned_data["on"]
    return _back(request, {f"{REMOVED}-{gone._meta.model_name}": gone.pk})


def _back(request: MemberRequest, query: dict[str, Any]) -> HttpResponse:
    """Return to the page, to the search that was under way, and with what can be undone."""
    if words := FindArtistForm(request.POST).words:
        query = {"find": words, **query}
    return redirect(f"{reverse('favourites')}?{urlencode(query)}")


def _just_removed(request: MemberRequest, kept: list[Any]) -> dict[str, Any] | None:
    form = FavouriteForm(request.GET, prefix=REMOVED)
    if not form.is_valid() or form.cleaned_data["on"] in kept:
        return None
    gone = form.cleaned_data["on"]
    return {"name": gone.name, "field": gone._meta.model_name, "pk": gone.pk}
