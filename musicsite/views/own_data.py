"""The pages where people take their data with them, or have it deleted."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.forms import RemoveListenerForm
from accounts.models import Listener
from accounts.requests import MemberRequest
from accounts.services import AccountError
from jobs import services as jobs
from jobs.models import Job
from musicsite.forms import EraseUserForm
from musicsite.models import DataExport
from musicsite.own_data.erasing import erase_listener, erase_user
from musicsite.own_data.summing import sums_of

RECEIPT = "erasure_receipt"


@login_required
@never_cache
def your_data(request: MemberRequest) -> HttpResponse:
    context = {"profiles": sums_of(request.listeners), **_exports(request)}
    return render(request, "musicsite/own_data/your_data.html", context)


@login_required
@never_cache
def exports(request: MemberRequest) -> HttpResponse:
    """The part of the page that says how far an export is."""
    return render(request, "musicsite/own_data/_exports.html", _exports(request))


def _exports(request: MemberRequest) -> dict[str, Any]:
    job = Job.objects.about(_subject(request)).order_by("-pk").first()
    return {"job": job, "exports": _made(request).order_by("-pk")}


@login_required
@require_POST
def new_export(request: MemberRequest) -> HttpResponse:
    subject = _subject(request)
    jobs.enqueue("musicsite.export_data", request.user.pk, unique=subject, subject=subject)
    return redirect("your_data")


@login_required
@never_cache
def download(request: MemberRequest, pk: int) -> FileResponse:
    export = get_object_or_404(_made(request), pk=pk)
    name = f"segue-{export.made_at:%Y-%m-%d}.zip"
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=name)


@login_required
def delete_listener(request: MemberRequest, handle: str) -> HttpResponse:
    listener = get_object_or_404(Listener.objects.owned_by(request.user), handle=handle)
    form = RemoveListenerForm(request.POST or None, listener=listener)
    if form.is_valid():
        try:
            done = erase_listener(listener=listener, at=now())
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            gone = _(
                "The profile “%(name)s” is gone, with all that was in it. Receipt: %(receipt)s."
            )
            messages.success(request, gone % {"name": listener.name, "receipt": done.receipt})
            return redirect("profiles")
    context = {"form": form, "profile": listener, "exports": _made(request).exists()}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/delete_listener.html", context, status=status)


@reauthentication_required
def delete_account(request: MemberRequest) -> HttpResponse:
    form = EraseUserForm(request.POST or None, user=request.user)
    if form.is_valid():
        done = erase_user(user=request.user, at=now())
        logout(request)
        request.session[RECEIPT] = done.receipt
        return redirect("account_gone")
    context = {"form": form, "profiles": sums_of(request.listeners)}
    status = 422 if form.is_bound else 200
    return render(request, "musicsite/own_data/delete_account.html", context, status=status)


@never_cache
def account_gone(request: MemberRequest) -> HttpResponse:
    receipt = request.session.pop(RECEIPT, "")
    return render(request, "musicsite/own_data/gone.html", {"receipt": receipt})


def _made(request: MemberRequest) -> QuerySet[DataExport]:
    """The exports that can be downloaded."""
    return DataExport.objects.filter(user=request.user, expires_at__gt=now())


def _subject(request: MemberRequest) -> str:
    return f"export:{request.user.pk}"
