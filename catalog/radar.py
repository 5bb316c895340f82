"""How a track sounds beside its genre, as a figure of seven spokes. Pure: no database here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from catalog.features import Features, scaled

SPOKES = (
    "valence",
    "energy",
    "danceability",
    "tempo",
    "loudness",
    "instrumentalness",
    "acousticness",
)
CENTRE, REACH = 220.0, 150.0
RINGS = (0.25, 0.5, 0.75, 1.0)
LABEL_AT = 1.13  # of the reach
TELLING = 0.1  # of a spoke: a smaller difference is not worth a word


class Point(NamedTuple):
    x: float
    y: float


class Spoke(NamedTuple):
    feature: str
    end: Point
    label: Point
    anchor: str  # mid, end or nothing: how the label stands at its point


class Radar(NamedTuple):
    rings: list[str]
    spokes: list[Spoke]
    track: str
    dots: list[Point]
    genre: str


def radar(track: Features, genre: Features | None) -> Radar | None:
    """Return the figure, or None where not all that it shows is known of the track."""
    of_track, of_genre = scaled(track), scaled(genre or {})
    if not of_track.keys() >= set(SPOKES):
        return None
    dots = _points([of_track[name] for name in SPOKES])
    whole = of_genre.keys() >= set(SPOKES)
    return Radar(
        rings=[_line(_points([share] * len(SPOKES))) for share in RINGS],
        spokes=[_spoke(number, name) for number, name in enumerate(SPOKES)],
        track=_line(dots),
        dots=dots,
        genre=_line(_points([of_genre[name] for name in SPOKES])) if whole else "",
    )


def tells_apart(track: Features, genre: Features) -> list[tuple[str, bool]]:
    """Return the features in which a track differs most from its genre, and whether it has more."""
    of_track, of_genre = scaled(track), scaled(genre)
    differences = {
        name: of_track[name] - of_genre[name]
        for name in SPOKES
        if name in of_track and name in of_genre
    }
    telling = [name for name, size in differences.items() if abs(size) >= TELLING]
    telling.sort(key=lambda name: -abs(differences[name]))
    return [(name, differences[name] > 0) for name in telling]


def _spoke(number: int, name: str) -> Spoke:
    label = _point(number, LABEL_AT)
    side = label.x - CENTRE
    anchor = "mid" if abs(side) < 1 else "end" if side < 0 else ""
    return Spoke(name, _point(number, 1.0), label, anchor)


def _points(shares: Sequence[float]) -> list[Point]:
    return [_point(number, share) for number, share in enumerate(shares)]


def _point(number: int, share: float) -> Point:
    angle = math.tau * number / len(SPOKES)
    x = CENTRE + REACH * share * math.sin(angle)
    return Point(round(x, 1), round(CENTRE - REACH * share * math.cos(angle), 1))


def _line(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"
