"""New to you above the line, heard before below it."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalog.figures.figure import Figure
from listening.counting.discovery import Discovery
from listening.counting.spans import Span, step_of
from listening.figures import words

WIDTH, UP, DOWN, TOP = 520.0, 72.0, 112.0, 20.0
BASE = TOP + UP


def discovery_figure(found: Discovery, span: Span) -> Figure:
    step = step_of(span)
    rows = zip(found.buckets, found.new, found.again, found.kept, strict=True)
    return Figure(
        slug="discovery",
        title=_("Discovery and repetition"),
        says=_says(found, step),
        columns=[_("When"), _("New to you"), _("Heard before"), _("New and played three times")],
        rows=[
            [words.bucket(bucket, step), words.count(new), words.count(again), words.count(kept)]
            for bucket, new, again, kept in rows
        ],
        drawing=_drawing(found),
    )


def _says(found: Discovery, step: str) -> str:
    new, every = sum(found.new), sum(found.new) + sum(found.again)
    boldest = max(range(len(found.new)), key=lambda place: found.new[place])
    said = format_html(_("{} of the plays were the first of their track."), words.share(new, every))
    if not new or len(found.buckets) == 1:
        return said
    return format_html(
        _("{} <b>The boldest: {}</b>, with {} new to you; {} of them you have played three times."),
        said,
        words.bucket(found.buckets[boldest], step),
        words.tracks(found.new[boldest]),
        words.count(found.kept[boldest]),
    )


def _drawing(found: Discovery) -> dict[str, object]:
    highest, deepest = max(found.new), max(found.again)
    step = WIDTH / len(found.buckets)
    bars = [
        {
            "x": round(place * step, 1),
            "up": _round(UP * new / (highest or 1)),
            "top": _round(BASE - UP * new / (highest or 1)),
            "down": _round(DOWN * again / (deepest or 1)),
        }
        for place, (new, again) in enumerate(zip(found.new, found.again, strict=True))
    ]
    return {
        "bars": bars,
        "width": round(max(step - 1.5, 0.8), 1),
        "base": BASE + 1,
        "above": _("new to you, up to %(n)s") % {"n": words.plays(highest)},
        "below": _("heard before, up to %(n)s") % {"n": words.plays(deepest)},
    }


def _round(value: float) -> float:
    return round(value, 1)
