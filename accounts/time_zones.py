"""Time zones as one picks them: by continent, then by place."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from zoneinfo import available_timezones

CONTINENTS = frozenset(
    {"Africa", "America", "Antarctica", "Asia", "Australia", "Europe"}
    | {"Atlantic", "Indian", "Pacific"}
)


def is_known(name: str) -> bool:
    return name in available_names()


@cache
def available_names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def grouped_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (continent, [(zone, place)]) as the choices of a select take them, UTC first."""
    places = defaultdict(list)
    for name in sorted(available_names()):
        continent, _, place = name.partition("/")
        if place and continent in CONTINENTS:
            places[continent].append((name, _words(place)))
    return [("Everywhere", [("UTC", "UTC")]), *places.items()]


def _words(place: str) -> str:
    return place.replace("_", " ").replace("/", ", ")
