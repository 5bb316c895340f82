"""One set of features out of several: each value from the source believed first that has it.

A track that one source speaks of shows that source's set as it is. Where the set believed first
has gaps that others fill, the track has one set more, of the source `COMBINED`, which is made
anew whenever one of the others changes, and which nobody edits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from catalog.believing import believed_first
from catalog.features import FEATURES
from catalog.models import FeatureSet, Source
from catalog.models.features import COMBINED
from catalog.services import storing
from catalog.services.storing import among

HEARD = (*FEATURES, "timbre")
KEPT = ("may_train", *HEARD, "measured_at")


def combine(track_ids: set[int], groups: set[int]) -> None:
    """Make the combined sets of these tracks, and take away those that add nothing.

    `groups` are those of them that others were merged into: what these know counts as well.
    """
    sets = {pk: sorted(said, key=_belief) for pk, said in _said(track_ids, groups).items()}
    rows = {pk: _row(pk, said) for pk, said in sets.items() if _has_gaps_filled(said)}
    storing.insert(
        FeatureSet,
        ("track", "source", *KEPT),
        rows.values(),
        unique=("track", "source"),
        or_update=KEPT,
    )
    combined = FeatureSet.objects.filter(among("track", track_ids), source=COMBINED)
    combined.exclude(among("track", rows)).delete()


def _said(track_ids: set[int], groups: set[int]) -> dict[int, list[FeatureSet]]:
    """What is said of each track by more than one."""
    sets = FeatureSet.objects.said()
    said: dict[int, list[FeatureSet]] = defaultdict(list)
    for one in sets.filter(among("track", track_ids)):
        said[one.track_id].append(one)
    if groups:
        merged = sets.filter(track__canonical__in=groups).select_related("track")
        for one in merged.only(*HEARD, "source", "may_train", "measured_at", "track__canonical"):
            said[one.track.canonical_id or one.track_id].append(one)
    return {pk: found for pk, found in said.items() if len(found) > 1}


def _belief(one: FeatureSet) -> tuple[int, int]:
    return believed_first(one.source), one.pk


def _has_gaps_filled(said: list[FeatureSet]) -> bool:
    return any(one is not said[0] for one in _speakers(said))


def _speakers(said: list[FeatureSet]) -> Iterator[FeatureSet]:
    """Yield who has the say on each value that anybody has."""
    for name in HEARD:
        yield from [one for one in said if getattr(one, name) is not None][:1]


def _row(track: int, said: list[FeatureSet]) -> tuple[Any, ...]:
    """It may teach if all may whose values it has: none is Spotify's, whose terms forbid it."""
    first = dict.fromkeys(HEARD)
    for one in reversed(said):
        first |= {name: value for name in HEARD if (value := getattr(one, name)) is not None}
    speakers = list(_speakers(said))
    may_train = all(one.may_train and one.source != Source.SPOTIFY_API for one in speakers)
    moment = storing.as_moment(max(one.measured_at for one in speakers))
    timbre = storing.as_json(first.pop("timbre"))
    return (track, COMBINED, may_train, *first.values(), timbre, moment)
