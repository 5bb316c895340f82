"""What was heard most, and whether it rose or fell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from listening.counting.plays import Ids, Plays, number, sums_of
from listening.counting.spans import Span

SPARK = 12  # points of the small line beside a row


class Top(NamedTuple):
    """One row: `place` from 1, `before` its place in the span before (None: not there)."""

    place: int
    id: int
    plays: int
    seconds: int
    before: int | None
    spark: list[int]


def tops_of(plays: Plays, span: Span, kind: str, n: int) -> list[Top]:
    """Return the `n` most played, most first; of two with as many plays the longer heard."""
    now = plays.between(span.first, span.last)
    ids, counts, seconds = _ranked(now, kind)
    places = _places_before(plays, span, kind)
    rows = zip(ids[:n].tolist(), counts[:n].tolist(), seconds[:n].tolist(), strict=True)
    return [
        Top(place, one, count, long, places.get(one), _spark(now, kind, one, span))
        for place, (one, count, long) in enumerate(rows, start=1)
    ]


def _ranked(plays: Plays, kind: str) -> tuple[Ids, Ids, Ids]:
    ids, counts, seconds = sums_of(plays.ids(kind), plays.seconds)
    order = np.lexsort((ids, -seconds, -counts))
    return ids[order], counts[order], seconds[order]


def _places_before(plays: Plays, span: Span, kind: str) -> dict[int, int]:
    before = span.before()
    if before is None:
        return {}
    ids, _counts, _seconds = _ranked(plays.between(before.first, before.last), kind)
    return {one: place for place, one in enumerate(ids.tolist(), start=1)}


def _spark(plays: Plays, kind: str, one: int, span: Span) -> list[int]:
    days = plays.day[plays.ids(kind) == one] - number(span.first)
    return np.bincount(days * SPARK // span.days, minlength=SPARK).tolist()
