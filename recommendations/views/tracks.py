from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Listener
from accounts.requests import MemberRequest
from catalog.addresses import elsewhere, shown_or_404
from catalog.models import Tag, Track
from catalog.portrait import portrait
from listening.services.feedback import FeedbackError
from recommendations import serving
from recommendations.forms import OpinionForm, UndoForm
from recommendations.services import answering
from recommendations.services import quality as measuring
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


@login_required
@require_POST
def give_feedback(request: MemberRequest) -> HttpResponse:
    form = OpinionForm(request.POST, listener=request.listener)
    if not form.is_valid():
        return HttpResponseBadRequest("No such track, or nothing said about it.")
    given: dict[str, Any] = {"listener": request.listener, "at": now()}
    opinion, slate = form.cleaned_data["opinion"], form.cleaned_data["slate"]
    answer = answering.answer(opinions=[opinion], slate=slate, **given)
    return _back(request, answer.listed)


@login_required
@require_POST
def undo_feedback(request: MemberRequest) -> HttpResponse:
    form = UndoForm(request.POST, listener=request.listener)
    if not form.is_valid():
        return HttpResponseBadRequest("There is no such list to go back to.")
    try:
        answer = answering.undo_last(
            slate=form.cleaned_data["undo"], listener=request.listener, at=now()
        )
    except FeedbackError as error:
        messages.error(request, str(error))
        return _back(request, None)
    messages.success(request, _("Taken back. The list is as it was."))
    return _back(request, answer.listed)


def _back(request: MemberRequest, listed: serving.Listed | None) -> HttpResponse:
    """Return to the page, with the list as it is now."""
    wanted = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    path = wanted.partition("?")[0] if here else reverse("home")
    slate = listed.slate if listed is not None else None
    return redirect(f"{path}?{urlencode({'slate': slate.pk})}" if slate else path)


def quality(request: HttpRequest) -> HttpResponse:
    """How good the live model is; and, to a listener, how good it was to them."""
    listener: Listener | None = request.listener  # type: ignore[attr-defined]
    context = {
        "quality": measuring.quality(),
        "versions": measuring.versions(),
        "shown": measuring.shown_of_late(listener, at=now()) if listener else None,
    }
    return render(request, "recommendations/quality.html", context)
