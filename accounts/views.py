from __future__ import annotations

from copy import copy
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import new_key as new_keys
from accounts import services
from accounts.forms import (
    AboutYouForm,
    KeyNameForm,
    ListenerForm,
    NewKeyForm,
    NewListenerForm,
)
from accounts.middleware import SESSION_KEY
from accounts.models import Listener, Token
from accounts.requests import MemberRequest


@login_required
def account(request: MemberRequest) -> HttpResponse:
    user = request.user
    context = {
        "address": EmailAddress.objects.filter(user=user, primary=True).first(),
        "has_second_step": Authenticator.objects.filter(user=user).exists(),
        "services": SocialAccount.objects.filter(user=user).order_by("provider"),
    }
    return render(request, "accounts/account.html", context)


@login_required
def about_you(request: MemberRequest) -> HttpResponse:
    form = AboutYouForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("about_you")
    return _shown(request, "accounts/about_you.html", form)


@login_required
def profiles(request: MemberRequest) -> HttpResponse:
    return render(request, "accounts/profiles.html")


@login_required
def new_listener(request: MemberRequest) -> HttpResponse:
    initial = {"time_zone": request.listener.time_zone}
    form = NewListenerForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            listener = services.add_listener(user=request.user, **form.cleaned_data)
        except services.AccountError as error:
            form.add_error("name", str(error))
        else:
            _choose(request, listener)
            return redirect(listener)
    return _shown(request, "accounts/new_listener.html", form)


@login_required
def profile(request: MemberRequest, handle: str) -> HttpResponse:
    listener = _own(request, handle=handle)
    form = ListenerForm(request.POST or None, instance=copy(listener))
    if form.is_valid():
        messages.success(request, _("Saved."))
        return redirect(form.save())
    return _shown(request, "accounts/profile.html", form, profile=listener)


@login_required
@require_POST
def switch_listener(request: MemberRequest) -> HttpResponse:
    wish = request.POST.get("listener", "")
    if not wish.isdecimal():
        return HttpResponseBadRequest("No such profile.")
    _choose(request, _own(request, pk=wish))
    return redirect(_next(request, "/"))


@login_required
@never_cache
def keys(request: MemberRequest) -> HttpResponse:
    usable = Token.objects.owned_by(request.user).usable(now())
    context = {
        "keys": usable.select_related("listener").order_by("-pk"),
        "new_key": new_keys.take(request),
    }
    return render(request, "accounts/keys.html", context)


@login_required
def new_key(request: MemberRequest) -> HttpResponse:
    initial = {"listener": request.listener, "name": request.GET.get("name", "")[:80]}
    form = NewKeyForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        try:
            token, secret = services.make_key(at=now(), **form.cleaned_data)
        except services.AccountError as error:
            form.add_error(None, str(error))
        else:
            new_keys.keep(request, token, secret)
            return redirect(_next(request, reverse("keys")))
    return _shown(request, "accounts/new_key.html", form, next=request.POST.get("next", ""))


@login_required
def key(request: MemberRequest, pk: int) -> HttpResponse:
    token = _own_key(request, pk)
    form = KeyNameForm(request.POST or None, instance=copy(token))
    if form.is_valid():
        form.instance.save(update_fields=["name"])
        messages.success(request, _("Saved."))
        return redirect("keys")
    return _shown(request, "accounts/key.html", form, key=token)


@login_required
@require_POST
def revoke_key(request: MemberRequest, pk: int) -> HttpResponse:
    token = _own_key(request, pk)
    services.revoke_tokens(tokens=[token], at=now())
    gone = _("The key “%(name)s” opens nothing any more.")
    messages.success(request, gone % {"name": token.name})
    return redirect("keys")


def _own_key(request: MemberRequest, pk: int) -> Token:
    usable = Token.objects.owned_by(request.user).usable(now())
    return get_object_or_404(usable.select_related("listener"), pk=pk)


def _next(request: MemberRequest, otherwise: str) -> str:
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return back
    return otherwise


def _own(request: MemberRequest, **which: Any) -> Listener:
    return get_object_or_404(Listener.objects.owned_by(request.user), **which)


def _choose(request: MemberRequest, listener: Listener) -> None:
    request.session[SESSION_KEY] = listener.pk


def _shown(request: MemberRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context})
