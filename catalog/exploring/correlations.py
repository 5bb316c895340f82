"""Which measures rise and fall together."""

from __future__ import annotations

from typing import Any

import pandas as pd

from catalog.exploring.drawing_lots import by_lot
from catalog.exploring.measures import MEASURES, rounded

FEWEST = 20  # tracks on which both are known
MOST = 20_000  # tracks asked: more would take long, and move a correlation by less than 0.02


def correlations(frame: pd.DataFrame) -> dict[str, Any]:
    """Return Spearman's rank correlation of every two measures.

    It asks only for the order, so a bent line counts as much as a straight one, and one strange
    track for little. None where too few tracks know both, or one of them never changes.
    """
    names = list(MEASURES)
    asked = by_lot(frame, MOST)[names]
    table = asked.corr(method="spearman", min_periods=FEWEST)
    matrix = table.to_numpy(dtype=float)
    return {
        "names": names,
        "tracks": len(asked),
        "matrix": [[rounded(value) for value in row] for row in matrix],
    }
