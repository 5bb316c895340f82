"""How times, shares and changes are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.figures.words import percent
from listening.counting.spans import Bucket, Span

Names = Mapping[tuple[str, int], str]  # by kind and id
HOUR = 3_600


def count(number: int) -> str:
    return f"{number:,}"


def plays(number: int) -> str:
    return ngettext("%(n)s play", "%(n)s plays", number) % {"n": count(number)}


def tracks(number: int) -> str:
    return ngettext("%(n)s track", "%(n)s tracks", number) % {"n": count(number)}


def days(number: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", number) % {"n": count(number)}


def length(seconds: int) -> str:
    """6 h 12, 47 minutes, under a minute."""
    minutes = seconds // 60
    if seconds >= HOUR:
        return _("%(hours)s h %(minutes)02d") % {
            "hours": count(seconds // HOUR),
            "minutes": minutes % 60,
        }
    if not minutes:
        return _("under a minute")
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def day(one: date) -> str:
    return formats.date_format(one, "j F Y")


def weekday_and_day(one: date) -> str:
    return formats.date_format(one, "l j F Y")


def weekday(number: int) -> str:
    return capfirst(str(WEEKDAYS[number]))


def month(number: int) -> str:
    """Jan, Feb, …"""
    return formats.date_format(date(2000, number, 1), "M")


def hour(number: int) -> str:
    return time(number).strftime("%H:%M")


def span(one: Span | Bucket) -> str:
    if one.first == one.last:
        return day(one.first)
    return _("%(first)s to %(last)s") % {"first": day(one.first), "last": day(one.last)}


def bucket(one: Bucket, step: str) -> str:
    """A part of a span as a row of a table calls it."""
    if step == "day":
        return formats.date_format(one.first, "D j M Y")
    if step == "week":
        return _("week of %(day)s") % {"day": formats.date_format(one.first, "j M Y")}
    return formats.date_format(one.first, "F Y" if step == "month" else "Y")


def tick(one: Bucket, step: str) -> str:
    """The same under an axis, where there is little room."""
    return formats.date_format(
        one.first, {"day": "j M", "week": "j M", "month": "M Y", "year": "Y"}[step]
    )


def share(part: int, whole: int) -> str:
    return percent(part / whole if whole else 0.0)


def change(now: int, before: int | None) -> str:
    """Up 31 %, down 4 %, as many; nothing where there is nothing to compare with."""
    if not before:
        return ""
    if now == before:
        return _("as many")
    ratio = abs(now - before) / before
    words = _("up %(share)s") if now > before else _("down %(share)s")
    return words % {"share": percent(ratio)}


def move(place: int, before: int | None, *, compared: bool) -> str:
    """How a place changed: up 2, down 1, same, new; nothing where there is no span before."""
    if not compared:
        return ""
    if before is None:
        return _("new")
    if place == before:
        return _("same")
    words = _("up %(n)s") if place < before else _("down %(n)s")
    return words % {"n": count(abs(before - place))}
