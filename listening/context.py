"""What every page says of recording."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from listening.models import PrivateSession


def private_session(request: HttpRequest) -> dict[str, Any]:
    """The private session that is on, if one is; asked for when a page shows it."""
    listener = getattr(request, "listener", None)
    if listener is None:
        return {}
    on = PrivateSession.objects.filter(listener=listener).on(now())
    return {"private_session": SimpleLazyObject(on.first)}
