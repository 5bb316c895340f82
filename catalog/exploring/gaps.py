"""What the catalogue holds, and what nobody has said of it yet."""

from __future__ import annotations

from typing import Any

import pandas as pd

from catalog.exploring.measures import ASKED, CATEGORIES, SOUNDS


def counted(frame: pd.DataFrame) -> dict[str, Any]:
    years = frame["year"].dropna()
    return {
        "tracks": len(frame),
        "artists": int(frame["artist"].nunique()),
        "genres": int(frame["genre"].nunique()),
        "measured": int(frame[list(SOUNDS)].notna().any(axis=1).sum()),
        "first_year": int(years.min()) if len(years) else None,
        "last_year": int(years.max()) if len(years) else None,
    }


def missing(frame: pd.DataFrame) -> dict[str, int]:
    """Return of how many tracks each thing is not known, `sound` meaning nothing at all of it."""
    sounds = [*SOUNDS, *(name for name in CATEGORIES if name != "is_explicit")]
    silent = frame[sounds].isna().all(axis=1)
    asked = {name: int(frame[name].isna().sum()) for name in ASKED}
    return asked | {"sound": int(silent.sum())} | {n: int(frame[n].isna().sum()) for n in sounds}
