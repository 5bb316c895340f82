"""The head of the page: what it is about, and the big numbers."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from listening.counting.overview import Overview
from listening.counting.spans import Span
from listening.figures import words


class Head(NamedTuple):
    headline: str
    rest: str  # its italic half
    standfirst: str


class Stat(NamedTuple):
    label: str
    value: str
    strong: str  # a change, in heavier ink
    note: str


def head_of(overview: Overview, span: Span) -> Head:
    headline, rest = _headline(span)
    return Head(headline, rest, _standfirst(overview, span))


def _headline(span: Span) -> tuple[str, str]:
    return {
        "week": (_("A week"), _("of listening")),
        "month": (_("A month"), _("of listening")),
        "year": (_("A year"), _("of listening")),
        "all": (_("All your"), _("listening")),
        "custom": (_("Some time"), _("of listening")),
    }[span.name]


def _standfirst(overview: Overview, span: Span) -> str:
    when = words.span(span)
    if not overview.plays:
        return _("%(when)s: no plays.") % {"when": when}
    change = words.change(overview.plays, overview.plays_before)
    said = {"when": when, "plays": words.plays(overview.plays), "change": change}
    if not change:
        return _("%(when)s: %(plays)s.") % said
    return _("%(when)s: %(plays)s, %(change)s on as many days before.") % said


def stats_of(overview: Overview, span: Span) -> list[Stat]:
    streak = overview.streak
    minutes = overview.seconds // 60 // span.days
    return [
        Stat(
            _("Plays"),
            words.count(overview.plays),
            words.change(overview.plays, overview.plays_before),
            _("on as many days before") if overview.plays_before else "",
        ),
        Stat(
            _("Time"),
            words.length(overview.seconds),
            "",
            _("%(n)s minutes a day") % {"n": words.count(minutes)},
        ),
        Stat(
            _("Artists"),
            words.count(overview.artists),
            "",
            _("%(n)s heard for the first time") % {"n": words.count(overview.new_artists)},
        ),
        Stat(
            _("Longest streak"),
            words.days(streak.days if streak else 0),
            "",
            words.span(Span(streak.first, streak.last, "custom")) if streak else "",
        ),
    ]
