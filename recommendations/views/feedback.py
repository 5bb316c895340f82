from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest
from listening.services.feedback import FeedbackError
from recommendations import serving
from recommendations.forms.opinions import OpinionForm, UndoForm
from recommendations.services import answering


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
