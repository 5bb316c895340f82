"""How taste moves over time: shares of genres, decades, moods and tempos."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from listening.counting.discovery import bucket_of
from listening.counting.plays import NOTHING, Ids, Plays
from listening.counting.spans import SMOOTH, Bucket, Span, buckets_of, step_of

MOST = 6  # bands of a river; the rest is one more
REST = -1

TEMPOS = (0, 90, 110, 130)  # where each band begins, in beats a minute
# Four corners of how bright and how strong music is (Russell's circumplex).
CALM_SAD, CALM_HAPPY, STRONG_SAD, STRONG_HAPPY = 1, 2, 3, 4
EDGE = 0.5


class River(NamedTuple):
    """Plays by bucket and band. A band is what it is of: a genre, a decade, a corner, a tempo."""

    buckets: list[Bucket]
    bands: list[int]
    plays: NDArray[np.int64]  # buckets by bands
    unknown: int  # plays of which it is not known


def river_of(plays: Plays, span: Span, kind: str) -> River:
    """Return the river of a span; `kind` is one of `BANDS`."""
    now = plays.between(span.first, span.last)
    of_play = BANDS[kind](now)
    known = of_play != NOTHING
    buckets = buckets_of(span, step_of(span, SMOOTH))
    bands = _bands(of_play[known], keep_all=kind in IN_ORDER)
    column = np.full(of_play.size, len(bands) - 1)
    for place, band in enumerate(bands):
        column[of_play == band] = place
    cells = bucket_of(now, buckets)[known] * max(len(bands), 1) + column[known]
    table = np.bincount(cells, minlength=len(buckets) * max(len(bands), 1))
    return River(buckets, bands, table.reshape(len(buckets), -1), int((~known).sum()))


def _bands(of_play: Ids, *, keep_all: bool) -> list[int]:
    """Return the most frequent, then what is left as one; things with an order keep it."""
    ids, counts = np.unique(of_play, return_counts=True)
    if keep_all:
        return ids.tolist()
    order = ids[np.lexsort((ids, -counts))].tolist()
    return order if len(order) <= MOST + 1 else [*order[:MOST], REST]


def _decade(plays: Plays) -> Ids:
    return plays.year // 10 * 10


def _tempo(plays: Plays) -> Ids:
    tempo = plays.features["tempo"]
    band = np.searchsorted(TEMPOS, np.nan_to_num(tempo), side="right")
    return np.where(np.isnan(tempo), NOTHING, band).astype(np.int64)


def _mood(plays: Plays) -> Ids:
    bright, strong = plays.features["valence"], plays.features["energy"]
    corner = 1 + (bright >= EDGE) + 2 * (strong >= EDGE)
    return np.where(np.isnan(bright) | np.isnan(strong), NOTHING, corner).astype(np.int64)


BANDS: dict[str, Callable[[Plays], Ids]] = {
    "genre": lambda plays: plays.genre,
    "decade": _decade,
    "mood": _mood,
    "tempo": _tempo,
}
IN_ORDER = ("decade", "mood", "tempo")
