"""The hours of the week as seven rings, Monday inside."""

from __future__ import annotations

import math

import numpy as np
from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalog.figures.figure import Figure
from listening.counting.plays import Ids
from listening.figures import words

CENTRE, INSIDE, RING, GAP = 200.0, 62.0, 17.0, 1.0
HEATS = 5
NIGHT = (22, 23, 0, 1, 2, 3, 4, 5)


def clock_figure(week: Ids) -> Figure:
    """Draw plays by weekday and hour."""
    return Figure(
        slug="clock",
        title=_("Clock of the week"),
        says=_says(week),
        columns=[_("Hour"), *(words.weekday(number) for number in range(7))],
        rows=[
            [words.hour(hour), *(words.count(int(n)) for n in week[:, hour])] for hour in range(24)
        ],
        drawing={
            "cells": [
                {"path": _cell(day, hour), "heat": heat(int(week[day, hour]), int(week.max()))}
                for day in range(7)
                for hour in range(24)
            ],
            "most": words.count(int(week.max())),
        },
    )


def _says(week: Ids) -> str:
    day, hour = np.unravel_index(int(week.argmax()), week.shape)
    return format_html(
        _("You listen most <b>on {} at {}</b>. {} of the plays fall between 22:00 and 6:00."),
        words.weekday(int(day)),
        words.hour(int(hour)),
        words.share(int(week[:, NIGHT].sum()), int(week.sum())),
    )


def heat(value: int, most: int) -> int:
    """From 0, nothing, to 5, as much as the most."""
    return math.ceil(HEATS * value / most) if most else 0


def _cell(day: int, hour: int) -> str:
    """A piece of a ring; midnight is at the top, and the day goes round with the sun."""
    low = INSIDE + day * RING
    high = low + RING - GAP
    start, end = math.tau * hour / 24, math.tau * (hour + 1) / 24 - GAP / low
    return (
        f"M{_at(low, start)}L{_at(high, start)}A{high:.1f} {high:.1f} 0 0 1 {_at(high, end)}"
        f"L{_at(low, end)}A{low:.1f} {low:.1f} 0 0 0 {_at(low, start)}Z"
    )


def _at(radius: float, angle: float) -> str:
    return f"{CENTRE + radius * math.sin(angle):.1f} {CENTRE - radius * math.cos(angle):.1f}"
