from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest
from catalog.addresses import came_from, ours, shown_or_404
from catalog.models import Track
from listening.models import Feedback, FeedbackKind
from listening.services.feedback import FeedbackError
from recommendations import serving
from recommendations.forms.opinions import OpinionForm, ReportForm, StarsForm, UndoForm
from recommendations.services import answering, rating


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


@login_required
@require_POST
def rate(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a track stars, or take them back. Asked `in_place`, the answer is what is given now."""
    track = shown_or_404(Track.objects.findable(), pk)
    form = StarsForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Stars are 1 to 5.")
    given: dict[str, Any] = {"track": track, "listener": request.listener, "at": now()}
    if form.cleaned_data["take_back"]:
        rating.take_stars_back(**given)
    else:
        rating.rate(stars=form.cleaned_data["stars"], **given)
    if not request.POST.get("in_place"):
        return redirect(f"{track.get_absolute_url()}#stars")
    stars = rating.stars_of(track, listener=request.listener)
    return render(request, "recommendations/_stars_said.html", {"stars": stars})


@login_required
@never_cache
def report(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask what is wrong with a track, and tell the curators.

    Asked `in_place`, the answer is only the form, or the thanks.
    """
    track = shown_or_404(Track.objects.findable().select_related("artist"), pk)
    shown = {"slate": request.GET.get("slate")}
    form = ReportForm(request.POST or None, listener=request.listener, initial=shown)
    if not form.is_valid():
        return _report_form(request, track, form)
    slate, said = form.cleaned_data["slate"], [form.opinion_on(track)]
    answering.give(listener=request.listener, opinions=said, at=now(), slate=slate)
    thanks = _("Thank you. A curator will look at it.")
    if request.POST.get("in_place"):
        return render(request, "recommendations/_report_thanks.html", {"thanks": thanks})
    messages.success(request, thanks)
    return redirect(ours(request, request.POST.get("next", "")) or track)


def _report_form(request: MemberRequest, track: Track, form: ReportForm) -> HttpResponse:
    reports = Feedback.objects.of_kind(FeedbackKind.REPORT).of_track(track)
    asked = request.POST if form.is_bound else request.GET
    context = {
        "track": track,
        "form": form,
        "earlier": reports.filter(listener=request.listener).newest_first().first(),
        "in_place": bool(asked.get("in_place")),
        "next": ours(request, request.POST.get("next", "")) or came_from(request),
    }
    template = "_report.html" if context["in_place"] else "report.html"
    status = 422 if form.is_bound else 200
    return render(request, f"recommendations/{template}", context, status=status)


def _back(request: MemberRequest, listed: serving.Listed | None) -> HttpResponse:
    """Return to the page, with the list as it is now."""
    path = ours(request, request.POST.get("next", "")).partition("?")[0] or reverse("home")
    slate = listed.slate if listed is not None else None
    return redirect(f"{path}?{urlencode({'slate': slate.pk})}" if slate else path)
