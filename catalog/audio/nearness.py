"""Which rows of timbre are nearest to one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LENGTH = 109  # numbers in a row, as `timbre.timbre_of` makes them


def nearest(
    row: Sequence[float], rows: Sequence[Sequence[float]], n: int
) -> list[tuple[int, float]]:
    """Return places in `rows` and distances, the nearest first."""
    if not rows:
        return []
    distances = np.linalg.norm(np.asarray(rows) - np.asarray(row), axis=1)
    return [(int(place), float(distances[place])) for place in np.argsort(distances)[:n]]
