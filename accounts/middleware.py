"""Whom a request speaks for: which of the user's profiles, in which language, at whose hour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts import services
from accounts.models import Listener

SESSION_KEY = "listener"

Handler = Callable[[HttpRequest], HttpResponse]


def current_listener(get_response: Handler) -> Handler:
    """Give each request `listeners` (the user's, oldest first) and `listener` (the chosen one).

    For a visitor these are an empty list and None. The page then stands in the user's language,
    and its moments in the profile's time zone.
    """

    def respond(request: Any) -> HttpResponse:
        request.listeners, request.listener = [], None
        if not request.user.is_authenticated:
            return get_response(request)
        request.listeners = services.listeners_of(request.user)
        request.listener = _chosen(request)
        with translation.override(request.user.language), timezone.override(request.listener.zone):
            return get_response(request)

    return respond


def _chosen(request: Any) -> Listener:
    chosen = request.session.get(SESSION_KEY)
    named = (listener for listener in request.listeners if listener.pk == chosen)
    first: Listener = request.listeners[0]
    return next(named, first)
