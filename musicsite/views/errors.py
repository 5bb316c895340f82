"""The page for the day something broke: it asks neither the database nor the request for much."""

from __future__ import annotations

import sys
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from rest_framework.exceptions import APIException

from jobs.outage import AGAIN, is_away
from musicsite.api.errors import Away
from musicsite.context import THEMES


def server_error(request: HttpRequest) -> HttpResponse:
    """Say sorry with the number by which the operator finds what happened in the logs.

    While the database is away, say that instead, and when to come again.
    """
    status = 503 if is_away(sys.exception()) else 500
    headers = {"Retry-After": str(AGAIN)} if status == 503 else None
    if request.path.startswith("/api/"):
        return JsonResponse(_said(status), status=status, headers=headers)
    theme = request.COOKIES.get("theme", "")
    context = {
        "request_id": structlog.contextvars.get_contextvars().get("request_id"),
        "theme": theme if theme in THEMES else "",
        "address": request.get_full_path(),
    }
    page = loader.get_template(f"{status}.html").render(context)
    return HttpResponse(page, status=status, headers=headers)


def _said(status: int) -> dict[str, Any]:
    """Return what a view of the API would have said, had the request come so far."""
    error = Away() if status == 503 else APIException()
    one = {"code": error.get_codes(), "detail": str(error.detail), "attr": None}
    return {"type": "server_error", "errors": [one]}
