"""All that the page of pictures shows of one span."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from catalog.models import Album, Artist, Genre, Track
from listening.counting.clock import days_of, week_of
from listening.counting.discovery import discovery_of
from listening.counting.drift import REST, river_of
from listening.counting.loyalty import loyalty_of
from listening.counting.overview import overview_of
from listening.counting.plays import Plays
from listening.counting.review import Review
from listening.counting.sessions import sessions_of
from listening.counting.spans import Span
from listening.counting.tops import Top, tops_of
from listening.figures.calendar import calendar_figure
from listening.figures.clock import clock_figure
from listening.figures.discovery import discovery_figure
from listening.figures.habits import loyalty_figure, sessions_figure
from listening.figures.overview import head_of, stats_of
from listening.figures.review import (
    Card,
    Things,
    cards_of,
    named_on_all,
    named_on_two,
    two_cards_of,
)
from listening.figures.river import river_figure
from listening.figures.tops import rows_of

TOP = 10
MOST = 100  # rows of the whole list


class Chosen(NamedTuple):
    """What the listener chose to see."""

    span: Span
    top: str = "track"
    river: str = "genre"


def page_of(plays: Plays, chosen: Chosen) -> dict[str, Any]:
    """Return the figures; without a play in the span only its head and numbers."""
    heard, span = plays.heard(), chosen.span
    now = heard.between(span.first, span.last)
    overview = overview_of(heard, span)
    page = {"head": head_of(overview, span), "stats": stats_of(overview, span)}
    if not len(now):
        return page
    tops = tops_of(heard, span, chosen.top, TOP)
    loyalty = loyalty_of(now)
    river = river_of(heard, span, chosen.river)
    genres = _names(river.bands) if chosen.river == "genre" else {}
    artists = Artist.objects.in_bulk([one.artist for one in loyalty.faithful])
    return page | {
        "tops": rows_of(tops, things(chosen.top, tops), span),
        "clock": clock_figure(week_of(now)),
        "calendar": calendar_figure(days_of(now), span),
        "discovery": discovery_figure(discovery_of(heard, span), span),
        "river": river_figure(river, chosen.river, span, genres),
        "sessions": sessions_figure(sessions_of(now), now),
        "loyalty": loyalty_figure(loyalty, artists),
    }


def whole_list_of(plays: Plays, chosen: Chosen) -> list[Any]:
    """Return the rows of the longer list of what was heard most."""
    tops = tops_of(plays.heard(), chosen.span, chosen.top, MOST)
    return rows_of(tops, things(chosen.top, tops), chosen.span)


def review_cards(plays: Plays, span: Span) -> list[Card]:
    review = Review(plays, span)
    return cards_of(review, _found(named_on_all(review)))


def two_cards(plays: Plays, span: Span) -> list[Card]:
    review = Review(plays, span)
    return two_cards_of(review, _found(named_on_two(review)))


def _found(ids: Mapping[str, set[int]]) -> Things:
    return {
        (kind, pk): thing
        for kind, of_kind in ids.items()
        for pk, thing in _of_kind(kind).in_bulk(of_kind).items()
    }


def things(kind: str, tops: list[Top]) -> Mapping[int, Any]:
    found: dict[int, Any] = _of_kind(kind).in_bulk([top.id for top in tops])
    return found


def _of_kind(kind: str) -> Any:
    return {
        "track": Track.objects.for_rows(),
        "artist": Artist.objects.all(),
        "album": Album.objects.select_related("artist"),
        "genre": Genre.objects.all(),
    }[kind]


def _names(bands: list[int]) -> dict[int, str]:
    ids = [band for band in bands if band != REST]
    return dict(Genre.objects.filter(pk__in=ids).values_list("pk", "name"))
