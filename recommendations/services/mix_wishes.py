"""How mixes reach people: by feed and by mail."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Listener
from accounts.services import post_mail
from catalog.models import Track
from recommendations.models import Mix, MixWish

LATE = timedelta(days=3)  # after so long nobody wants the mail any more


def wish_of(listener: Listener) -> MixWish:
    """Return the listener's wish, with an address for feed readers that nobody guesses."""
    wish, _new = MixWish.objects.get_or_create(listener=listener, defaults={"key": _key()})
    return wish


def change_address(*, wish: MixWish) -> None:
    """Give the feed another address; the old one is known no more."""
    wish.key = _key()
    wish.save(update_fields=["key"])


def want_mail(*, wish: MixWish, by_mail: bool) -> None:
    wish.by_mail = by_mail
    wish.save(update_fields=["by_mail"])


def mail_discoveries(*, at: datetime, n: int) -> int:
    """Post up to `n` lists of discoveries to those who want them; return how many."""
    due = (
        Mix.objects.filter(kind=Mix.Kind.DISCOVERY, mailed_at__isnull=True, made_at__gt=at - LATE)
        .filter(listener__mix_wish__by_mail=True, listener__user__is_active=True)
        .select_related("listener__user", "listener__mix_wish")
        .order_by("pk")[:n]
    )
    return sum(_mail(mix, at=at) for mix in due)


@transaction.atomic
def _mail(mix: Mix, *, at: datetime) -> bool:
    """Two workers may come by at once: only one sets the mark."""
    unsent = Mix.objects.filter(pk=mix.pk, mailed_at__isnull=True)
    if not unsent.update(mailed_at=at) or mix.listener.user is None:
        return False
    with translation.override(mix.listener.user.language):
        post_mail(
            subject=_("Your discoveries of the week"),
            text=render_to_string("recommendations/mix_mail.txt", _told(mix)),
            to=[mix.listener.user.email],
        )
    return True


def _told(mix: Mix) -> dict[str, object]:
    stop = reverse("stop_mix_mail", args=[mix.listener.mix_wish.key])
    return {
        "tracks": tracks_of(mix),
        "url": settings.SITE_URL + mix.get_absolute_url(),
        "stop_url": settings.SITE_URL + stop,
        "listener": mix.listener,
    }


def tracks_of(mix: Mix) -> list[Track]:
    """Return the tracks that may still be shown, in their order."""
    found = Track.objects.playable().for_rows().in_bulk(mix.tracks)
    return [found[pk] for pk in mix.tracks if pk in found]


def _key() -> str:
    return secrets.token_urlsafe(32)
