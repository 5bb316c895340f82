"""Lists of what waits for a decision: unverified tracks, and what looks like one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import now

from catalog.admin.facts import track_rows
from catalog.models import Artist, Change, Track
from catalog.services import duplicates as alike
from catalog.services import reviewing
from catalog.services.refusing import Refused

PAGE = 20


def unverified(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """One unverified track at a time, beside the known tracks that it may be."""
    if not model_admin.has_merge_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        return _decide(request, model_admin)
    track = reviewing.next_unverified(after=_number(request.GET.get("after")))
    found = reviewing.suggestions(track) if track else []
    columns = [track, *(one.track for one in found)] if track else []
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Unverified tracks",
        "opts": model_admin.opts,
        "track": track,
        "suggestions": found,
        "facts": track_rows(columns),
        "left": Track.objects.unverified().count(),
    }
    return TemplateResponse(request, "admin/catalog/unverified.html", context)


def duplicates(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Tracks of one name; or, asked for, of one title and length."""
    if not model_admin.has_merge_permission(request):
        raise PermissionDenied
    by = "length" if request.GET.get("by") == "length" else "name"
    groups = alike.by_length() if by == "length" else alike.by_name()
    page = Paginator(groups, PAGE).get_page(request.GET.get("p"))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Tracks that may be one",
        "opts": model_admin.opts,
        "page": page,
        "groups": alike.tracks_of(list(page)),
        "by": by,
        "here": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/catalog/duplicates.html", context)


def duplicate_artists(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Artists whose names have the same words."""
    if not model_admin.has_merge_permission(request):
        raise PermissionDenied
    page = Paginator(alike.artists(), PAGE).get_page(request.GET.get("p"))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Artists who may be one",
        "opts": model_admin.opts,
        "page": page,
        "groups": _artists(list(page)),
        "here": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/catalog/duplicate_artists.html", context)


def _decide(request: HttpRequest, model_admin: Any) -> HttpResponse:
    track = get_object_or_404(Track, pk=_number(request.POST.get("track")))
    try:
        model_admin.tell(request, _decided(request, track))
    except Refused as refusal:
        model_admin.message_user(request, str(refusal), messages.ERROR)
    page = reverse("admin:catalog_track_unverified")
    return HttpResponseRedirect(f"{page}?after={track.pk}")


def _decided(request: HttpRequest, track: Track) -> Change:
    if "reject" in request.POST:
        return reviewing.reject(track=track, by=request.user, at=now())
    match = Track.objects.shown().filter(pk=_number(request.POST.get("match"))).first()
    if match is None or match == track:
        raise Refused("There is no such track to match it with.")
    return reviewing.accept(track=track, match=match, by=request.user, at=now())


def _artists(groups: Sequence[list[int]]) -> list[list[Artist]]:
    known = Artist.objects.in_bulk([pk for group in groups for pk in group])
    return [[known[pk] for pk in group if pk in known] for group in groups]


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
