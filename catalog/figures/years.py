"""How a measure went over the years."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any, NamedTuple

from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalog.exploring.measures import MEASURES, TIMED
from catalog.figures import words
from catalog.figures.figure import Figure

Found = Mapping[str, Any]
HARDLY = 0.25  # of the width of the middle half
NARROWEST = 0.1  # of the range of a measure: less is not a width that anybody hears
SPARK = (120, 24)


class Drift(NamedTuple):
    """From the early third of the times to the late one; `size` in widths of the middle half."""

    name: str
    early: float
    late: float
    size: float


def drifts(found: Found) -> list[Drift]:
    """Return how each measure went, the greatest change first; nothing without three times."""
    return sorted(filter(None, (_drift(name, found) for name in TIMED)), key=lambda d: -abs(d.size))


def _drift(name: str, found: Found) -> Drift | None:
    middles = [value for value in found["years"]["measures"][name][1] if value is not None]
    if len(middles) < 3:
        return None
    third = len(middles) // 3
    early, late = median(middles[:third]), median(middles[-third:])
    quantiles = found["distributions"][name]["quantiles"]
    measure = MEASURES[name]
    width = max(quantiles[3] - quantiles[1], NARROWEST * (measure.high - measure.low))
    return Drift(name, early, late, (late - early) / width)


def years_figure(found: Found, name: str) -> Figure | None:
    """The figure of one measure; None where too few years have tracks."""
    drift = _drift(name, found)
    if drift is None:
        return None
    years = found["years"]
    low, middle, high = years["measures"][name]
    times = [_time(start, years["step"]) for start in years["from"]]
    columns = [_("Years"), _("Tracks"), _("Lower quarter"), _("Middle"), _("Upper quarter")]
    return Figure(
        slug="years",
        title=_("%(name)s over the years") % {"name": words.label(name)},
        says=_says(drift, times, middle),
        columns=columns,
        rows=[
            [time, f"{tracks:,}", *(words.short(name, value) for value in values)]
            for time, tracks, *values in zip(times, years["tracks"], low, middle, high, strict=True)
        ],
        drawing=_chart(name, times, low, middle, high),
    )


def _time(start: int, step: int) -> str:
    return str(start) if step == 1 else f"{start}–{(start + step - 1) % 100:02}"


def _says(drift: Drift, times: list[str], middle: list[float | None]) -> str:
    known = [time for time, value in zip(times, middle, strict=True) if value is not None]
    if abs(drift.size) < HARDLY:
        return format_html(
            _("From {} to {} <b>hardly anything changed</b>: the middle track stayed near {}."),
            known[0],
            known[-1],
            words.said(drift.name, (drift.early + drift.late) / 2),
        )
    how = words.WORDS[drift.name].more if drift.size > 0 else words.WORDS[drift.name].less
    return format_html(
        _("<b>Over the years it grew {}</b>: the middle track went from about {} to about {}."),
        how,
        words.said(drift.name, drift.early),
        words.said(drift.name, drift.late),
    )


def _chart(name: str, times: list[str], *quartiles: list[float | None]) -> dict[str, Any]:
    scale = words.scale(name)
    low, middle, high = (
        [None if value is None else round(value * scale, 2) for value in values]
        for values in quartiles
    )
    return {
        "labels": times,
        "y": words.heading(name),
        "sets": [
            {"label": _("Upper quarter"), "values": high, "role": "edge"},
            {"label": _("Lower quarter"), "values": low, "role": "edge", "band": True},
            {"label": _("Middle"), "values": middle},
        ],
    }


def drift_rows(found: Found) -> list[dict[str, Any]]:
    """One line for each measure: early, late, and a small picture of the way between."""
    return [
        {
            "name": drift.name,
            "label": words.label(drift.name),
            "early": words.said(drift.name, drift.early),
            "late": words.said(drift.name, drift.late),
            "spark": _spark(found["years"]["measures"][drift.name][1], drift.name, found),
        }
        for drift in drifts(found)
    ]


def _spark(values: list[float | None], name: str, found: Found) -> str:
    """A path over the known values, in a frame as high as the middle half of all tracks."""
    width, height = SPARK
    _lowest, low, _middle, high, _highest = found["distributions"][name]["quantiles"]
    span = (high - low) or 1.0
    step = width / max(len(values) - 1, 1)
    points = [
        f"{at * step:.1f} {height * (1 - min(max((value - low) / span, 0), 1)):.1f}"
        for at, value in enumerate(values)
        if value is not None
    ]
    return "M" + "L".join(points)
