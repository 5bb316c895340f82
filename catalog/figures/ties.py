"""Which measures go together: circles, full where both rise, hollow where one falls."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalog.exploring.pairs import strongest
from catalog.figures import words
from catalog.figures.figure import Figure

Found = Mapping[str, Any]
CELL = 44
NAMES = 150  # room for the name at the end of the last line
LARGEST = 19  # radius of a correlation of 1
LOOSE = 0.1  # under it, two measures have nothing to do with each other
SHOWN = 8


def ties_figure(found: Found) -> Figure | None:
    """The figure of all correlations; None where no two measures can be compared."""
    correlated = found["correlations"]
    pairs = strongest(correlated)
    if not pairs:
        return None
    names = correlated["names"]
    return Figure(
        slug="ties",
        title=_("What goes with what"),
        says=_says(pairs),
        columns=[_("Sound"), *(words.label(name) for name in names)],
        rows=[
            [words.label(name), *(words.signed(value) for value in row)]
            for name, row in zip(names, correlated["matrix"], strict=True)
        ],
        drawing=_drawing(names, correlated["matrix"])
        | {"strongest": [_pair(*pair) for pair in pairs[:SHOWN]]},
    )


def _says(pairs: list[tuple[str, str, float]]) -> str:
    together = next((pair for pair in pairs if pair[2] >= LOOSE), None)
    against = next((pair for pair in pairs if pair[2] <= -LOOSE), None)
    parts = []
    if together:
        parts.append(
            format_html(
                _("<b>{}</b> and <b>{}</b> rise together most ({})."),
                words.label(together[0]),
                words.label(together[1]),
                words.signed(together[2]),
            )
        )
    if against:
        parts.append(
            format_html(
                _("Where <b>{}</b> rises, <b>{}</b> falls ({})."),
                words.label(against[0]),
                words.label(against[1]),
                words.signed(against[2]),
            )
        )
    return format_html("{} {}", *[*parts, ""][:2]) if parts else _("No two of them go together.")


def _pair(x: str, y: str, value: float) -> dict[str, str]:
    return {
        "x": x,
        "y": y,
        "words": f"{words.label(x)} × {words.label(y)}",
        "value": words.signed(value),
    }


def _drawing(names: list[str], matrix: list[list[float | None]]) -> dict[str, Any]:
    return {
        "width": CELL * (len(names) - 1) + NAMES,
        "height": CELL * len(names),
        "bottom": CELL * len(names) - CELL / 2,
        "rows": [
            {
                "name": words.label(name),
                "x": CELL * line + 6,
                "y": CELL * line + CELL / 2,
                "column": CELL * line + CELL / 2,
                "below": CELL * (line + 1) - 10,
                "circles": [
                    _circle(column, line, value)
                    for column in range(line)
                    if (value := matrix[line][column]) is not None
                ],
            }
            for line, name in enumerate(names)
        ],
    }


def _circle(column: int, line: int, value: float) -> dict[str, Any]:
    """The area is as large as the tie is strong."""
    return {
        "x": CELL * column + CELL / 2,
        "y": CELL * line + CELL / 2,
        "radius": round(max(LARGEST * sqrt(abs(value)), 1.5), 1),
        "rises": value > 0,
    }
