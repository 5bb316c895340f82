from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from accounts.models import Listener
from recommendations.services import quality as measuring


def quality(request: HttpRequest) -> HttpResponse:
    """How good the live model is; and, to a listener, how good it was to them."""
    listener: Listener | None = request.listener  # type: ignore[attr-defined]
    context = {
        "quality": measuring.quality(),
        "versions": measuring.versions(),
        "shown": measuring.shown_of_late(listener, at=now()) if listener else None,
    }
    return render(request, "recommendations/quality.html", context)
