"""Where the points and whiskers of a picture of intervals stand; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Frame(NamedTuple):
    """The picture's measures: where its axis begins and ends, and how far rows are apart."""

    width: int
    left: int
    right: int
    step: int
    words_above: bool  # on a phone the name stands over its bar, else before it


WIDE = Frame(1180, 250, 1082, 42, words_above=False)
PHONE = Frame(350, 4, 300, 50, words_above=True)


class Point(NamedTuple):
    label: str
    figure: float
    is_ours: bool
    y: float
    label_y: float
    low: float
    high: float
    x: float
    number_x: float


class Tick(NamedTuple):
    x: float
    words: str


class Picture(NamedTuple):
    frame: Frame
    height: int
    foot: int  # where the axis ends
    points: list[Point]
    ticks: list[Tick]


def draw(
    bars: Sequence[tuple[str, float, float, float, bool]], marks: Sequence[float], frame: Frame
) -> Picture:
    """Draw bars of (label, figure, low, high, is_ours) over an axis with these marks, from 0."""
    end = marks[-1] or 1.0

    def at(value: float) -> float:
        return round(frame.left + (frame.right - frame.left) * value / end, 1)

    points = []
    for place, (label, figure, low, high, is_ours) in enumerate(bars):
        y = 30 + place * frame.step
        label_y = y - 16 if frame.words_above else y + 5
        number_x = at(high) + 12
        points.append(
            Point(label, figure, is_ours, y, label_y, at(low), at(high), at(figure), number_x)
        )
    foot = 30 + len(bars) * frame.step - 10
    return Picture(
        frame, foot + 26, foot, points, [Tick(at(mark), f"{mark:.2g}") for mark in marks]
    )
