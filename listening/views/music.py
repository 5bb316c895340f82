"""The pages of artists, albums and genres, with what the listener thinks of each."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest
from catalog import views as catalog
from listening.forms.opinions import OpinionForm
from listening.models import FeedbackKind
from listening.services import feedback as services

SAID = {
    FeedbackKind.LIKE: gettext_lazy("You liked %(name)s. Your next list knows."),
    FeedbackKind.DISLIKE: gettext_lazy("You disliked %(name)s. Your next list knows."),
    FeedbackKind.HIDE: gettext_lazy("You hid %(name)s. Your lists leave it out."),
}
TAKEN_BACK = {
    FeedbackKind.LIKE: gettext_lazy("You no longer like %(name)s."),
    FeedbackKind.DISLIKE: gettext_lazy("You no longer dislike %(name)s."),
    FeedbackKind.HIDE: gettext_lazy("You no longer hide %(name)s."),
}


def artist(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    return _with_opinions(request, catalog.artist(request, pk, slug), "artist")


def album(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    return _with_opinions(request, catalog.album(request, pk, slug), "album")


def genre(request: HttpRequest, slug: str) -> HttpResponse:
    return _with_opinions(request, catalog.genre(request, slug), "genre")


@login_required
@require_POST
def give_opinion(request: MemberRequest) -> HttpResponse:
    """Say it, or take it back, and return to the page of what it is on."""
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("No such artist, album or genre, or nothing said about it.")
    on, kind = form.cleaned_data["on"], form.cleaned_data["kind"]
    takes_back = form.cleaned_data["takes_back"]
    act = services.withdraw_feedback if takes_back else services.give_feedback
    act(listener=request.listener, kind=kind, on=on, at=now())
    words = (TAKEN_BACK if takes_back else SAID)[kind]
    messages.success(request, words % {"name": getattr(on, "title", "") or on.name})
    return redirect(on)


def _with_opinions(request: HttpRequest, page: HttpResponse, name: str) -> HttpResponse:
    """Tell a page that is still to be rendered what the listener said of the thing it shows."""
    listener = getattr(request, "listener", None)
    if listener and isinstance(page, TemplateResponse) and page.context_data:
        thing = page.context_data[name]
        page.context_data["said"] = services.said_of(thing, listener=listener)
    return page
