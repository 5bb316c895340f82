"""Everything that is said of a catalogue, or of one genre of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from catalog.exploring.correlations import correlations
from catalog.exploring.distributions import categories, distributions
from catalog.exploring.gaps import counted, missing
from catalog.exploring.groups import Ordered, beside_all, of_branch
from catalog.exploring.typical import typical_and_unusual
from catalog.exploring.years import over_years


def explored(
    part: pd.DataFrame, everything: Ordered, genres: Mapping[int, set[int]]
) -> dict[str, Any]:
    """`genres` are set beside each other, each with all that grows from it; `everything` is the
    catalogue `in_order`.
    """
    beside = {genre: of_branch(part, branch) for genre, branch in genres.items()}
    return {
        "counts": counted(part),
        "missing": missing(part),
        "distributions": distributions(part),
        "categories": categories(part),
        "years": over_years(part),
        "correlations": correlations(part),
        "beside_all": beside_all(part, everything),
        "genres": [
            {"genre": genre, **beside_all(tracks, everything)}
            for genre, tracks in beside.items()
            if len(tracks)
        ],
        **typical_and_unusual(part),
    }
