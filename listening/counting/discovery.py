"""First hearings against hearing again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from listening.counting.plays import Ids, Plays, first_of, number
from listening.counting.spans import Bucket, Span, buckets_of, step_of

KEPT = 3  # plays that make a new track one that stayed


class Discovery(NamedTuple):
    buckets: list[Bucket]
    new: list[int]  # plays that were the first of their track ever
    again: list[int]
    kept: list[int]  # of the new tracks: how many were played `KEPT` times or more by now


def discovery_of(plays: Plays, span: Span) -> Discovery:
    buckets = buckets_of(span, step_of(span))
    is_first = first_of(plays.track)
    stayed = np.isin(plays.track, _stayed(plays.track))
    inside = bucket_of(plays, buckets)
    return Discovery(
        buckets,
        _counted(inside[is_first], len(buckets)),
        _counted(inside[~is_first], len(buckets)),
        _counted(inside[is_first & stayed], len(buckets)),
    )


def bucket_of(plays: Plays, buckets: list[Bucket]) -> Ids:
    """Return for each play the number of its bucket; -1 where it lies in none."""
    starts = np.array([number(bucket.first) for bucket in buckets])
    inside = np.searchsorted(starts, plays.day, side="right") - 1
    return np.where(plays.day <= number(buckets[-1].last), inside, -1)


def _stayed(tracks: Ids) -> Ids:
    ids, counts = np.unique(tracks, return_counts=True)
    return ids[counts >= KEPT]


def _counted(inside: NDArray[np.int64], size: int) -> list[int]:
    return np.bincount(inside[inside >= 0], minlength=size).tolist()
