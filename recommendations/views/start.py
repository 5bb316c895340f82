"""Beginning: a newcomer says a little, and sees beside it what it does to the list."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache

from accounts.requests import MemberRequest
from catalog.models import Artist, Genre
from listening.services.feedback import artists_named
from recommendations import serving
from recommendations.forms.start import PasteForm, PickForm, StepForm
from recommendations.services import beginning

FOUND = 12
UNKNOWN, MOST_UNKNOWN = "unknown_tracks", 200


@login_required
@never_cache
def start(request: MemberRequest) -> HttpResponse:
    step = StepForm(request.GET).asked()
    if request.method == "POST":
        return _answered(request, step)
    return render(request, "recommendations/start.html", _page(request, step))


def _answered(request: MemberRequest, step: dict[str, Any]) -> HttpResponse:
    """Take one answer in, and show the step as it is now."""
    if step["step"] == "paste":
        return _pasted(request, step)
    form = PickForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("There is no such thing to pick.")
    form.save(listener=request.listener, at=now())
    if form.unknown_track:
        request.session[UNKNOWN] = [*_unknown(request), form.unknown_track][-MOST_UNKNOWN:]
    return redirect(request.get_full_path())


def _unknown(request: MemberRequest) -> list[int]:
    """The tracks that were asked about and are not known; nothing to keep beyond this visit."""
    unknown: list[int] = request.session.get(UNKNOWN, [])
    return unknown


def _pasted(request: MemberRequest, step: dict[str, Any]) -> HttpResponse:
    form = PasteForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "recommendations/start.html",
            _page(request, step) | {"paste": form},
            status=422,
        )
    pasted = beginning.like_pasted(
        listener=request.listener, text=form.cleaned_data["text"], at=now()
    )
    left = PasteForm(initial={"text": "\n".join(pasted.unknown)})
    context = _page(request, step) | {"paste": left, "pasted": pasted}
    return render(request, "recommendations/start.html", context)


def _page(request: MemberRequest, step: dict[str, Any]) -> dict[str, Any]:
    begun = beginning.begun(request.listener)
    context = {**step, "begun": begun, "steps": StepForm.STEPS, "paste": PasteForm()}
    try:
        asked = _asked(step, begun, _unknown(request))
        listed = beginning.preview(listener=request.listener, at=now())
    except serving.NoModel:
        asked, listed = _asked_without_model(step), None
    return context | asked | {"listed": listed, "sure_x": 28 * begun.sure}


def _asked(step: dict[str, Any], begun: beginning.Begun, unknown: list[int]) -> dict[str, Any]:
    if step["step"] == "artists":
        return {
            "picked": Artist.objects.filter(pk__in=begun.artists).order_by("name", "pk"),
            "artists": beginning.artists_to_ask(begun.artists, page=step["page"]),
            "found": artists_named(step["find"])[:FOUND] if step["find"] else [],
        }
    if step["step"] == "tracks":
        return {"tracks": beginning.tracks_to_ask([*begun.tracks, *unknown])}
    return _asked_without_model(step)


def _asked_without_model(step: dict[str, Any]) -> dict[str, Any]:
    return {"genres": Genre.objects.order_by("name")} if step["step"] == "genres" else {}
