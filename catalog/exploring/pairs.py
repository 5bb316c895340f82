"""Pairs of measures: how closely tied, and point by point. No pandas, since pages ask for it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import quantiles
from typing import Any

from catalog.exploring.measures import MEASURES, Measure, rounded


def strongest(found: Mapping[str, Any]) -> list[tuple[str, str, float]]:
    """Return the pairs that `correlations` compared, the most closely tied first."""
    names, matrix = found["names"], found["matrix"]
    pairs = [
        (names[column], name, float(matrix[row][column]))
        for row, name in enumerate(names)
        for column in range(row)
        if matrix[row][column] is not None
    ]
    return sorted(pairs, key=lambda pair: -abs(pair[2]))


def points_of(drawn: Mapping[str, Any], x: str, y: str) -> list[tuple[float, float]]:
    """Return the drawn tracks of which both measures are known."""
    both = zip(drawn["values"][x], drawn["values"][y], strict=True)
    return [(a, b) for a, b in both if a is not None and b is not None]


def classes_of(points: Sequence[tuple[float, float]], x: str, y: str) -> list[dict[str, Any]]:
    """Return for each class of x that has points how many, and the quartiles of y there."""
    inside: dict[int, list[float]] = defaultdict(list)
    for a, b in points:
        inside[_class(a, MEASURES[x])].append(b)
    return [
        {
            "from": rounded(number * MEASURES[x].wide),
            "to": rounded((number + 1) * MEASURES[x].wide),
            "points": len(inside[number]),
            "quartiles": [rounded(value, MEASURES[y].decimals) for value in _cut(inside[number])],
        }
        for number in sorted(inside)
    ]


def _class(value: float, measure: Measure) -> int:
    """A class holds its lower edge; the highest value there is belongs to the class below it."""
    number = math.floor(round(value / measure.wide, 9))
    return number - 1 if value == measure.high else number


def _cut(values: list[float]) -> list[float]:
    return quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
