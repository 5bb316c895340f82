"""The page for the day something broke: it asks neither the database nor the request for much."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponseServerError
from django.template import loader

from musicsite.context import THEMES


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """Say sorry with the number by which the operator finds what happened in the logs."""
    theme = request.COOKIES.get("theme", "")
    context = {
        "request_id": structlog.contextvars.get_contextvars().get("request_id"),
        "theme": theme if theme in THEMES else "",
        "address": request.get_full_path(),
    }
    return HttpResponseServerError(loader.get_template("500.html").render(context))
