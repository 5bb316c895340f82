"""Whom one comes back to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from listening.counting.plays import Ids, Plays, counts_of, first_of

TOP = 10
MONTHS = 100_000  # more than there will be since 1970


class Faithful(NamedTuple):
    """An artist and in how many months of the span it was heard."""

    artist: int
    months: int
    plays: int


class Loyalty(NamedTuple):
    top_share: float  # of all plays: those of the ten most played artists
    again_share: float  # plays of tracks that were played more than once in the span
    months: int  # that the span has plays in
    faithful: list[Faithful]


def loyalty_of(plays: Plays, n: int = 5) -> Loyalty:
    """Count within the plays of one span."""
    if not len(plays):
        return Loyalty(0.0, 0.0, 0, [])
    _ids, by_artist = counts_of(plays.artist)
    _ids, by_track = counts_of(plays.track)
    return Loyalty(
        top_share=float(np.sort(by_artist)[::-1][:TOP].sum() / len(plays)),
        again_share=float(by_track[by_track > 1].sum() / len(plays)),
        months=np.unique(_months(plays)).size,
        faithful=_faithful(plays, n),
    )


def _months(plays: Plays) -> Ids:
    """Return months since 1970."""
    return plays.local.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)


def _faithful(plays: Plays, n: int) -> list[Faithful]:
    artists, counts = counts_of(plays.artist)
    pairs = first_of(plays.artist * MONTHS + _months(plays))
    heard_in, months = counts_of(plays.artist[pairs])
    by_artist = dict(zip(heard_in.tolist(), months.tolist(), strict=True))
    rows = zip(artists.tolist(), counts.tolist(), strict=True)
    best = sorted((-by_artist[one], -count, one) for one, count in rows)[:n]
    return [Faithful(one, -months, -count) for months, count, one in best]
