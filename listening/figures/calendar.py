"""The days as a heat map: weeks by weekdays, or, over more than a year, years by months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import formats
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalog.figures.figure import Figure
from listening.counting.plays import as_date, number
from listening.counting.spans import Span
from listening.figures import words
from listening.figures.clock import heat

LONGEST_BY_DAY = 371  # 53 weeks
LEFT, TOP, CELL, STEP = 44, 22, 17, 20
WIDE, WIDE_STEP = 58, 62

Counts = Mapping[int, int]  # plays by day since 1970


def calendar_figure(days: Counts, span: Span) -> Figure:
    by_day = span.days <= LONGEST_BY_DAY
    figure = _by_day if by_day else _by_month
    columns, rows, drawing = figure(days, span)
    return Figure(
        slug="calendar",
        title=_("Day by day") if by_day else _("Month by month"),
        says=_says(days, span),
        columns=columns,
        rows=rows,
        drawing=drawing,
    )


def _says(days: Counts, span: Span) -> str:
    fullest = max(days, key=lambda day: (days[day], day))
    silent = span.days - len(days)
    said = format_html(
        _("The fullest day was <b>{}</b> with {}."),
        words.day(as_date(fullest)),
        words.plays(days[fullest]),
    )
    if not silent:
        return format_html("{} {}", said, _("No day was silent."))
    of_all = _("%(silent)s of %(days)s were silent.") % {
        "silent": words.count(silent),
        "days": words.days(span.days),
    }
    return format_html("{} {}", said, of_all)


def _by_day(days: Counts, span: Span) -> tuple[list[str], list[list[str]], dict[str, Any]]:
    monday = span.first - timedelta(span.first.weekday())
    most = max(days.values())
    dates = [span.first + timedelta(n) for n in range(span.days)]
    counts = [days.get(number(one), 0) for one in dates]
    cells = [
        {
            "x": LEFT + (one - monday).days // 7 * STEP,
            "y": TOP + one.weekday() * STEP,
            "heat": heat(n, most),
        }
        for one, n in zip(dates, counts, strict=True)
    ]
    rows = [
        [words.weekday_and_day(one), words.count(n)] for one, n in zip(dates, counts, strict=True)
    ]
    return [_("Day"), _("Plays")], rows, {
        "cells": cells,
        "width": LEFT + ((span.last - monday).days // 7 + 1) * STEP,
        "height": TOP + 7 * STEP,
        "cell": {"width": CELL, "height": CELL},
        "left": [
            {"y": TOP + day * STEP + 13, "text": WEEKDAYS_ABBR[day]} for day in (0, 2, 4, 6)
        ],
        "above": list(_months(span.first, span.last, monday)),
        "most": words.plays(most),
    }  # fmt: skip


def _months(first: date, last: date, monday: date) -> Iterator[dict[str, Any]]:
    """The name of a month over the week in which its first day lies."""
    one = first.replace(day=1)
    while one <= last:
        if one >= first:
            yield {"x": LEFT + (one - monday).days // 7 * STEP, "text": words.month(one.month)}
        one = (one + timedelta(31)).replace(day=1)


def _by_month(days: Counts, span: Span) -> tuple[list[str], list[list[str]], dict[str, Any]]:
    months: dict[tuple[int, int], int] = {}
    for day, n in days.items():
        one = as_date(day)
        months[one.year, one.month] = months.get((one.year, one.month), 0) + n
    years = range(span.first.year, span.last.year + 1)
    most = max(months.values())
    cells = [
        {
            "x": LEFT + (month - 1) * WIDE_STEP,
            "y": TOP + (year - years[0]) * STEP,
            "heat": heat(months.get((year, month), 0), most),
        }
        for year in years
        for month in range(1, 13)
        if (span.first.year, span.first.month) <= (year, month) <= (span.last.year, span.last.month)
    ]
    rows = [
        [formats.date_format(date(year, month, 1), "F Y"), words.count(n)]
        for (year, month), n in sorted(months.items())
    ]
    return [_("Month"), _("Plays")], rows, {
        "cells": cells,
        "width": LEFT + 12 * WIDE_STEP,
        "height": TOP + len(years) * STEP,
        "cell": {"width": WIDE, "height": CELL},
        "left": [{"y": TOP + place * STEP + 13, "text": year} for place, year in enumerate(years)],
        "above": [
            {"x": LEFT + month * WIDE_STEP, "text": words.month(month + 1)} for month in range(12)
        ],
        "most": words.plays(most),
    }  # fmt: skip
