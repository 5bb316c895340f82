"""Mixes: those of today, all before them, one by itself, and as a feed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest
from catalog.models import Track
from recommendations import serving
from recommendations.models import Mix, MixWish
from recommendations.services import mix_wishes
from recommendations.services.mixing import mixes_of

PAGE = 20
IN_FEED = 30
PRINTS = 4


@login_required
@never_cache
def mixes(request: MemberRequest) -> HttpResponse:
    try:
        today = mixes_of(request.listener, at=now())
    except serving.NoModel:
        today = []
    mine = Mix.objects.filter(listener=request.listener).newest_first()
    earlier = mine.exclude(pk__in=[mix.pk for mix in today])
    page = Paginator(earlier, PAGE).get_page(request.GET.get("page"))
    context = {
        "today": _with_prints([mix for mix in today if mix.tracks]),
        "page": page,
        "wish": mix_wishes.wish_of(request.listener),
    }
    return render(request, "recommendations/mixes.html", context)


def _with_prints(found: list[Mix]) -> list[dict[str, Any]]:
    """Return each mix with its first tracks, whose prints stand for it."""
    tracks = Track.objects.for_rows().in_bulk({pk for mix in found for pk in mix.tracks[:PRINTS]})
    return [
        {"mix": mix, "tracks": [tracks[pk] for pk in mix.tracks[:PRINTS] if pk in tracks]}
        for mix in found
    ]


@login_required
@never_cache
def mix(request: MemberRequest, pk: int) -> HttpResponse:
    mine = Mix.objects.filter(listener__in=request.listeners).select_related("slate", "listener")
    found = get_object_or_404(mine, pk=pk)
    context = {"mix": found, "listed": _listed(found), "tracks": mix_wishes.tracks_of(found)}
    return render(request, "recommendations/mix.html", context)


def _listed(mix: Mix) -> serving.Listed | None:
    """The list with its reasons, as long as its slate is kept."""
    if mix.slate is None:
        return None
    try:
        return serving.replay(mix.slate, listener=mix.listener, at=now())
    except serving.NoModel:
        return None


@login_required
@require_POST
def change_wish(request: MemberRequest) -> HttpResponse:
    wish = mix_wishes.wish_of(request.listener)
    if request.POST.get("act") == "address":
        mix_wishes.change_address(wish=wish)
        messages.success(request, _("The feed has a new address. The old one is dead."))
    else:
        mix_wishes.want_mail(wish=wish, by_mail=request.POST.get("by_mail") == "on")
        messages.success(request, _("Saved."))
    return redirect("mixes")


@never_cache
def stop_mail(request: HttpRequest, key: str) -> HttpResponse:
    """From a link in a mail: whoever has it may stop the mails, without logging in."""
    wish = get_object_or_404(MixWish, key=key)
    if request.method == "POST":
        mix_wishes.want_mail(wish=wish, by_mail=False)
    return render(request, "recommendations/stop_mix_mail.html", {"wish": wish})


class MixFeed(Feed):
    """The mixes of one listener for feed readers, at an address that only they know."""

    feed_type = Atom1Feed
    title = gettext_lazy("Segue: your mixes")
    subtitle = gettext_lazy("Three mixes a day, and discoveries every Monday.")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> MixWish:
        wishes = MixWish.objects.select_related("listener")
        return get_object_or_404(wishes, key=kwargs["key"])

    def link(self, wish: MixWish) -> str:
        return reverse("mixes")

    def items(self, wish: MixWish) -> list[tuple[Mix, list[Track]]]:
        newest = list(Mix.objects.filter(listener=wish.listener).newest_first()[:IN_FEED])
        found = (
            Track.objects.playable().for_rows().in_bulk({pk for one in newest for pk in one.tracks})
        )
        return [(one, [found[pk] for pk in one.tracks if pk in found]) for one in newest]

    def item_title(self, item: tuple[Mix, list[Track]]) -> str:
        return item[0].name

    def item_description(self, item: tuple[Mix, list[Track]]) -> str:
        return ", ".join(f"{track.title} ({track.byline})" for track in item[1])

    def item_link(self, item: tuple[Mix, list[Track]]) -> str:
        return item[0].get_absolute_url()

    def item_updateddate(self, item: tuple[Mix, list[Track]]) -> datetime:
        return item[0].made_at

    def item_pubdate(self, item: tuple[Mix, list[Track]]) -> datetime:
        return item[0].made_at
