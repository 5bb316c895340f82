from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Listener
from catalog.models import Track
from playlists.services.fitting import fitting_playlists
from recommendations import serving
from recommendations.serializers.asking import ListQuery
from recommendations.services import beginning
from recommendations.services.answering import Answer
from recommendations.services.moment import artists_of_the_moment, genres_of_the_moment
from recommendations.services.pages import NOTES, Again, shown_again
from recommendations.serving import Listed, Surface

ON_HOME = 10
IN_ROW = 4
IN_WINDOW = 8
ROWS: dict[Surface, str | Promise] = {
    Surface.BECAUSE: gettext_lazy("A like of yours leads here."),
    **{surface: NOTES[surface] for surface in (Surface.NEW, Surface.FORGOTTEN, Surface.FRESH)},
}


class Row(NamedTuple):
    """One list of the page."""

    surface: Surface
    note: str | Promise
    listed: Listed
    answer: Answer | None = None
    about: Track | None = None  # the like that leads here

    @property
    def title(self) -> str | Promise:
        return self.surface.label


def home(request: HttpRequest) -> HttpResponse:
    """The listener's lists; for a visitor, what Segue is and what is heard here."""
    listener: Listener | None = request.listener  # type: ignore[attr-defined]
    if not listener:  # a lazy one is never `is None`
        return render(request, "musicsite/welcome.html", {"recommended": _in_the_window()})
    at = now()
    query = ListQuery(data=request.GET, context={"listener": listener})
    is_valid = query.is_valid()
    context = {
        "moment": moment(listener, at),
        "complaints": query.errors if not is_valid else {},
        "steering": query.steering if is_valid else serving.Steering(),
        "genres": genres_of_the_moment(listener=listener, at=at),
        "artists": artists_of_the_moment(listener=listener, at=at),
        "is_new": beginning.is_new(listener),
    }
    options = query.options if is_valid else {}
    status = 200 if is_valid else 400
    return render(
        request,
        "musicsite/home.html",
        context | _lists(request, listener, at, options),
        status=status,
    )


def _lists(
    request: HttpRequest, listener: Listener, at: datetime, options: dict[str, Any]
) -> dict[str, Any]:
    """Return the list at the top and those below; after feedback, the one that answered it."""
    try:
        again = shown_again(request.GET.get("slate"), listener=listener, at=at)
        asked = {**options, "surface": Surface.FOR_YOU, "about": serving.About(), "n": ON_HOME}
        top = _row(Surface.FOR_YOU, again)
        if top is None:
            top = Row(Surface.FOR_YOU, "", serving.recommend(listener=listener, at=at, **asked))
        rows = [row for row in _rows(listener, at, again) if row.listed]
        playlists = fitting_playlists(listener=listener, at=at)
        return {"top": top, "rows": rows, "playlists": playlists}
    except serving.NoModel:
        return {"top": None, "rows": [], "playlists": []}


def _rows(listener: Listener, at: datetime, again: Again | None) -> Iterator[Row]:
    for surface, note in ROWS.items():
        row = _row(surface, again)
        query = ListQuery(data={"surface": surface, "n": IN_ROW}, context={"listener": listener})
        if row is None and query.is_valid():  # nothing follows from a like before the first one
            row = Row(surface, note, serving.recommend(listener=listener, at=at, **query.options))
        if row:
            tracks = row.listed.ask.about.tracks
            yield row._replace(
                about=Track.objects.filter(pk__in=tracks).first() if tracks else None
            )


def _row(surface: Surface, again: Again | None) -> Row | None:
    if again is None or again.listed.ask.surface != surface:
        return None
    return Row(surface, ROWS.get(surface, ""), again.listed, again.answer)


def _in_the_window() -> Listed | list[Any]:
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
