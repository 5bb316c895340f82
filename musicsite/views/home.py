from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Listener
from recommendations import serving

ON_HOME = 10
IN_WINDOW = 8


def home(request: HttpRequest) -> HttpResponse:
    """The listener's list; for a visitor, what Segue is and what is heard here."""
    listener: Listener | None = request.listener  # type: ignore[attr-defined]
    if not listener:  # a lazy one is never `is None`
        return render(request, "musicsite/welcome.html", {"recommended": _in_the_window()})
    at = now()
    context = {"recommended": _for_you(listener, at), "moment": moment(listener, at)}
    return render(request, "musicsite/home.html", context)


def _for_you(listener: Listener, at: datetime) -> list[serving.Recommended]:
    try:
        return serving.recommend(listener=listener, at=at, n=ON_HOME)
    except serving.NoModel:
        return []


def _in_the_window() -> list[serving.Recommended]:
    try:
        return serving.popular(n=IN_WINDOW)
    except serving.NoModel:
        return []


def moment(listener: Listener, at: datetime) -> str:
    """Return the weekday and the part of the day where the listener is: “Saturday morning”."""
    local = at.astimezone(ZoneInfo(listener.time_zone))
    days = (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )
    parts = (_("night"), _("morning"), _("afternoon"), _("evening"))
    return f"{days[local.weekday()]} {parts[local.hour // 6]}"
