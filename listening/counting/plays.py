"""Plays as parallel arrays: a history of half a million is counted in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

DAY = 86_400
NOTHING = 0  # an id that is not known
KINDS = ("track", "artist", "album", "genre")

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Plays:
    """Oldest first. `track` to `genre` are ids of what shows now; year 0 and NaN: not known."""

    at: Ids  # seconds since 1970
    local: Ids  # the same on the listener's clock
    seconds: Ids  # how long it played, as far as known
    skipped: NDArray[np.bool_]
    track: Ids
    artist: Ids
    album: Ids
    genre: Ids
    year: Ids
    features: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.at.size

    @property
    def day(self) -> Ids:
        """Days since 1970 on the listener's clock."""
        return self.local // DAY

    def where(self, chosen: NDArray[np.bool_]) -> Plays:
        if chosen.all():
            return self
        arrays = {one.name: getattr(self, one.name) for one in fields(self)}
        features = {name: values[chosen] for name, values in arrays.pop("features").items()}
        return Plays(**{name: values[chosen] for name, values in arrays.items()}, features=features)

    def heard(self) -> Plays:
        """Keep what counts: not the skips."""
        return self.where(~self.skipped)

    def between(self, first: date, last: date) -> Plays:
        """Keep the plays of these days, both included."""
        day = self.day
        return self.where((day >= number(first)) & (day <= number(last)))

    def ids(self, kind: str) -> Ids:
        ids: Ids = getattr(self, kind)
        return ids


def number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def as_date(day: float) -> date:
    return date.fromordinal(int(day) + date(1970, 1, 1).toordinal())


def on_the_clock(at: Ids, zone: str) -> Ids:
    """Return moments as seconds since 1970 on the clocks of a time zone."""
    local = pd.DatetimeIndex(at.astype("datetime64[s]"), tz="UTC").tz_convert(zone)
    return np.asarray(local.tz_localize(None).as_unit("s").asi8)


def first_of(ids: Ids) -> NDArray[np.bool_]:
    """Mark where each id stands for the first time."""
    return ~np.asarray(pd.Series(ids).duplicated())


def counts_of(ids: Ids) -> tuple[Ids, Ids]:
    """Return the known ids and how often each comes."""
    uniques, counts, _sums = sums_of(ids, np.zeros_like(ids))
    return uniques, counts


def sums_of(ids: Ids, values: Ids) -> tuple[Ids, Ids, Ids]:
    """Return the known ids, how often each comes, and the sum of its values."""
    known = ids != NOTHING
    codes, uniques = pd.factorize(ids[known])
    counts = np.bincount(codes, minlength=uniques.size)
    sums = np.bincount(codes, values[known], minlength=uniques.size)
    return np.asarray(uniques, dtype=np.int64), counts, sums.astype(np.int64)
