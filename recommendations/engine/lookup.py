"""Where values stand among sorted ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def places_of(wanted: NDArray, among: NDArray) -> NDArray[np.int64]:
    """Return the place of each among sorted values, -1 for those that are not there."""
    if not among.size:
        return np.full(wanted.shape, -1, np.int64)
    at = np.minimum(np.searchsorted(among, wanted), among.size - 1)
    return np.where(among[at] == wanted, at, -1)
