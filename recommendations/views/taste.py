"""What Segue thinks of a listener, in plain words, and what shall not count."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest
from listening.forms.plays import MuteForm
from listening.models import Mute
from listening.services import muting
from recommendations.serving.portrait import portrait_of, preview

THINGS = ("play__track__artist", "track__artist", "artist", "genre")


@login_required
def taste(request: MemberRequest) -> HttpResponse:
    mutes = Mute.objects.in_force().filter(listener=request.listener)
    lifted = request.GET.get("lifted", "")
    context = {
        "portrait": portrait_of(request.listener, at=now()),
        "mutes": mutes.select_related(*THINGS).order_by("-pk"),
        "lifted": _mine(request, int(lifted)) if lifted.isdecimal() else None,
    }
    return render(request, "recommendations/taste.html", context)


@login_required
def mute(request: MemberRequest) -> HttpResponse:
    """Show what it would change; posted, do it."""
    form = MuteForm(request.POST or request.GET, listener=request.listener)
    if not form.is_valid():
        messages.error(request, _("Say one thing that shall not count."))
        return redirect("taste")
    if request.method == "POST":
        muting.mute(listener=request.listener, at=now(), **form.cleaned_data)
        messages.success(request, _("It does not count any more. You can lift that below."))
        return redirect(f"{reverse('taste')}#muted")
    would_be = form.mute(made_at=now())
    context = {
        "mute": would_be,
        "preview": preview(would_be, at=now()),
        "given": [(name, value) for name, value in request.GET.items() if name in form.fields],
    }
    return render(request, "recommendations/mute.html", context)


@login_required
@require_POST
def lift_mute(request: MemberRequest, pk: int) -> HttpResponse:
    muted = get_object_or_404(Mute, pk=pk, listener=request.listener)
    muting.lift(muted=muted, at=now())
    return redirect(f"{reverse('taste')}?lifted={pk}")


@login_required
@require_POST
def mute_again(request: MemberRequest, pk: int) -> HttpResponse:
    muted = get_object_or_404(Mute, pk=pk, listener=request.listener)
    again = {name: getattr(muted, name) for name in (muted.kind, "ends_at") if getattr(muted, name)}
    muting.mute(listener=request.listener, at=now(), **again)
    return redirect(f"{reverse('taste')}#muted")


def _mine(request: MemberRequest, pk: int) -> Mute | None:
    lifted = Mute.objects.filter(listener=request.listener, lifted_at__isnull=False)
    return lifted.select_related(*THINGS).filter(pk=pk).first()
