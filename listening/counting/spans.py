"""Which days a page is about, and which it is compared with."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

# So many days are cut by day, by week, by month; a longer span by year.
FINE = {"day": 45, "week": 550, "month": 2200}
SMOOTH = {"day": 14, "week": 120, "month": 2200}  # a line through the parts must flow


class Span(NamedTuple):
    """From one day to another, both included. `name`: week, month, year, all or custom."""

    first: date
    last: date
    name: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Span | None:
        """Return as many days before these; before all there is nothing."""
        if self.name == "all" or (self.first - date.min).days < self.days:
            return None
        return Span(self.first - timedelta(self.days), self.first - timedelta(1), "custom")


def span_of(name: str, *, today: date, oldest: date) -> Span:
    """Return the last week, month or year up to today, or all there is."""
    if name == "all":
        return Span(min(oldest, today), today, name)
    back = {"week": 7, "month": None, "year": None}[name]
    if back:
        return Span(today - timedelta(back - 1), today, name)
    months = 1 if name == "month" else 12
    return Span(_months_before(today, months) + timedelta(1), today, name)


def _months_before(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


class Bucket(NamedTuple):
    """A part of a span: a day, a week, a month or a year of it."""

    first: date
    last: date


def step_of(span: Span, longest: Mapping[str, int] = FINE) -> str:
    """How finely a picture of this span is cut."""
    return next((step for step, days in longest.items() if span.days <= days), "year")


def buckets_of(span: Span, step: str) -> list[Bucket]:
    """Cut a span into days, weeks, months or years; the first and the last may be shorter."""
    return list(_buckets(span, step))


def _buckets(span: Span, step: str) -> Iterator[Bucket]:
    first = span.first
    while first <= span.last:
        last = min(_end(first, step), span.last)
        yield Bucket(first, last)
        first = last + timedelta(1)


def _end(day: date, step: str) -> date:
    if step == "day":
        return day
    if step == "week":  # it ends on Sunday
        return day + timedelta(6 - day.weekday())
    if step == "month":
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return date(day.year, 12, 31)
