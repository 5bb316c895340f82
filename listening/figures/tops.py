"""The most played, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from listening.counting.spans import Span
from listening.counting.tops import Top
from listening.figures import words

WIDTH, HEIGHT = 100.0, 24.0


class Row(NamedTuple):
    place: int
    thing: Any  # a track, artist, album or genre
    plays: str
    time: str
    move: str
    rose: bool
    spark: str


def rows_of(tops: Sequence[Top], things: Mapping[int, Any], span: Span) -> list[Row]:
    """Return a row for each that the catalogue has."""
    compared = span.before() is not None
    return [
        Row(
            top.place,
            things[top.id],
            words.count(top.plays),
            words.length(top.seconds),
            words.move(top.place, top.before, compared=compared),
            top.before is not None and top.place < top.before,
            spark(top.spark),
        )
        for top in tops
        if top.id in things
    ]


def spark(values: Sequence[int]) -> str:
    """A line from left to right, as high as its highest value."""
    highest = max(values) or 1
    step = WIDTH / (len(values) - 1)
    points = [
        f"{place * step:.1f} {HEIGHT * (1 - value / highest):.1f}"
        for place, value in enumerate(values)
    ]
    return "M" + "L".join(points)
