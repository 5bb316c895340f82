"""Which tracks are drawn as points where there are too many for a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from catalog.exploring.measures import MEASURES, rounded

MOST = 1500
MIXER = np.uint64(0x9E3779B97F4A7C15)


def by_lot(frame: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return at most `most` rows, in their old order.

    The lot of a track hangs on its number alone, so the same catalogue gives the same rows, and
    a track that came in moves out at most one other.
    """
    if len(frame) <= most:
        return frame
    lots = _lots(frame["id"].to_numpy())
    return frame.iloc[np.sort(np.argsort(lots, kind="stable")[:most])]


def drawn(frame: pd.DataFrame, most: int = MOST) -> dict[str, Any]:
    """Return tracks drawn by lot with all that is known of them, measure by measure."""
    chosen = by_lot(frame, most)
    return {
        "of": len(frame),
        "ids": [int(track) for track in chosen["id"]],
        "values": {
            name: [rounded(value, measure.decimals) for value in chosen[name]]
            for name, measure in MEASURES.items()
        },
    }


def _lots(ids: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Numbers that look drawn by chance, no two of them alike (splitmix64)."""
    mixed = ids.astype(np.uint64) * MIXER
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
