"""What one is doing, as ranges of features: which tracks go with running, sleeping, a dinner.

Pure: no database. A track goes with an activity when every feature named is known and inside its
range, both ends included. The ranges are wide on purpose: the listener's own taste does the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Range(NamedTuple):
    lowest: float
    highest: float


Ranges = Mapping[str, Range]

# Tempo in beats per minute, loudness in dB below full scale, all else from 0 to 1.
ACTIVITIES: dict[str, Ranges] = {
    "running": {"tempo": Range(140, 190), "energy": Range(0.6, 1)},
    "workout": {"tempo": Range(110, 180), "energy": Range(0.7, 1)},
    "dancing": {"danceability": Range(0.65, 1), "energy": Range(0.5, 1), "tempo": Range(95, 140)},
    "driving": {"energy": Range(0.45, 0.9), "tempo": Range(90, 160)},
    "working": {"speechiness": Range(0, 0.1), "energy": Range(0.2, 0.7)},
    "studying": {
        "instrumentalness": Range(0.4, 1),
        "speechiness": Range(0, 0.1),
        "energy": Range(0, 0.5),
    },
    "dinner": {"energy": Range(0.1, 0.55), "loudness": Range(-40, -8), "valence": Range(0.3, 1)},
    "relaxing": {"energy": Range(0, 0.4), "tempo": Range(40, 115)},
    "sleeping": {
        "energy": Range(0, 0.25),
        "loudness": Range(-60, -12),
        "speechiness": Range(0, 0.1),
    },
}
NAMES: dict[str, str | Promise] = {
    "running": _("running"),
    "workout": _("a workout"),
    "dancing": _("dancing"),
    "driving": _("driving"),
    "working": _("work"),
    "studying": _("studying"),
    "dinner": _("a dinner"),
    "relaxing": _("rest"),
    "sleeping": _("sleep"),
}


def goes_with(activity: str, features: Mapping[str, float | None]) -> bool:
    """Return whether a track of these features goes with the activity.

    :raises KeyError: if there is no such activity
    """
    return all(
        (value := features.get(name)) is not None and bounds.lowest <= value <= bounds.highest
        for name, bounds in ACTIVITIES[activity].items()
    )
