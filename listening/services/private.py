"""Listening that nobody keeps."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Listener
from listening.models import PlayingNow, PrivateSession
from listening.services.changing import hold


class NotPrivate(Exception):
    """A refusal whose message may be shown to the listener as it stands."""


@transaction.atomic
def go_private(
    *, listener: Listener, at: datetime, until: datetime | None = None
) -> PrivateSession:
    """Record nothing that begins from now on, until then or until it is switched off.

    :raises NotPrivate: if the end lies in the past
    """
    if until is not None and until <= at:
        raise NotPrivate(_("The end of a private session lies ahead."))
    hold(listener.pk)
    PlayingNow.objects.filter(listener=listener).delete()
    session = PrivateSession.objects.filter(listener=listener).on(at).first()
    if session is None:
        return PrivateSession.objects.create(listener=listener, starts_at=at, ends_at=until)
    session.ends_at = until
    session.save(update_fields=["ends_at"])
    return session


@transaction.atomic
def end_private(*, listener: Listener, at: datetime) -> bool:
    """Record again from now on; False if the session was over."""
    hold(listener.pk)
    on = PrivateSession.objects.filter(listener=listener).on(at)
    return bool(on.update(ends_at=at))
