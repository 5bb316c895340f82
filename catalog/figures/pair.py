"""Two measures that somebody chose, track by track."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.exploring.pairs import classes_of, points_of
from catalog.figures import words
from catalog.figures.figure import Figure
from catalog.figures.ties import LOOSE

Found = Mapping[str, Any]
STRONG = 0.5


def pair_figure(found: Found, drawn: Found, x: str, y: str) -> Figure | None:
    """The scatter of two measures; None where no track has both."""
    points = points_of(drawn, x, y)
    if not points:
        return None
    return Figure(
        slug="pair",
        title=_("%(x)s and %(y)s") % {"x": words.label(x), "y": words.label(y)},
        says=_says(found, x, y),
        columns=[words.heading(x), _("Tracks drawn"), *_quarters(y)],
        rows=[_row(one, x, y) for one in classes_of(points, x, y)],
        drawing=_chart(points, x, y) | {"note": _note(len(points), drawn["of"])},
    )


def _quarters(y: str) -> list[str]:
    parts = (_("lower quarter"), _("middle"), _("upper quarter"))
    return [f"{words.heading(y)}: {part}" for part in parts]


def _row(one: Found, x: str, y: str) -> list[str]:
    quarters = [words.short(y, value) for value in one["quartiles"]]
    return [words.span(x, one["from"], one["to"]), f"{one['points']:,}", *quarters]


def _says(found: Found, x: str, y: str) -> str:
    correlated = found["correlations"]
    names = correlated["names"]
    value = correlated["matrix"][names.index(x)][names.index(y)]
    if value is None:
        return _("Too few tracks have both to say whether they go together.")
    if abs(value) < LOOSE:
        return format_html(
            _("<b>They have little to do with each other</b>: the rank correlation is {}."),
            words.signed(value),
        )
    return format_html(
        _("<b>Tracks that are {} are {}</b>, {}: the rank correlation is {}."),
        words.WORDS[x].more,
        words.WORDS[y].more if value > 0 else words.WORDS[y].less,
        _("as a rule") if abs(value) >= STRONG else _("a little more often than not"),
        words.signed(value),
    )


def _note(shown: int, of: int) -> str:
    if shown == of:
        return ngettext("%(n)s track.", "%(n)s tracks.", of) % {"n": f"{of:,}"}
    return _("%(shown)s tracks of %(of)s: those that have both, drawn by lot.") % {
        "shown": f"{shown:,}",
        "of": f"{of:,}",
    }


def _chart(points: list[tuple[float, float]], x: str, y: str) -> dict[str, Any]:
    across, up = words.scale(x), words.scale(y)
    return {
        "points": [[round(a * across, 2), round(b * up, 2)] for a, b in points],
        "x": words.heading(x),
        "y": words.heading(y),
        "bounds": [_bounds(name) for name in (x, y)],
    }


def _bounds(name: str) -> list[float] | None:
    """Shares are drawn from 0 to 100 %, so that pictures can be compared."""
    return [0, 100] if words.unit(name) == "%" else None
