"""Apps that ask for a key in the browser, as Last.fm's do: asked, approved, fetched, forgotten.

They live in the cache for an hour. If it forgets one, the app asks again.
"""

from __future__ import annotations

import secrets

from django.core.cache import cache

from accounts.models import Listener
from listening.scrobbling.lastfm import Error, Failed

LASTS = 3600  # seconds, as Last.fm's do
NAME = "App that asked in the browser"
_WAITING = 0


def ask() -> str:
    """Return a token under which an app asks for a key."""
    token = secrets.token_hex(16)
    cache.set(_name(token), _WAITING, LASTS)
    return token


def is_waiting(token: str) -> bool:
    return bool(cache.get(_name(token)) == _WAITING)


def approve(token: str, *, listener: Listener) -> None:
    cache.set(_name(token), listener.pk, LASTS)


def approved_by(token: str) -> Listener:
    """Return who approved.

    :raises Failed: if nobody has yet, or it is too late
    """
    pk = cache.get(_name(token))
    if pk is None:
        raise Failed(Error.TOKEN_EXPIRED)
    if pk == _WAITING:
        raise Failed(Error.TOKEN_NOT_APPROVED)
    listener = Listener.objects.filter(pk=pk).first()
    if listener is None:
        raise Failed(Error.TOKEN_EXPIRED)
    return listener


def forget(token: str) -> None:
    cache.delete(_name(token))


def _name(token: str) -> str:
    return f"app-asks:{token[:64]}"
