"""Tracks and artists that look like one, and that nobody has said are two."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import comb
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet

from catalog.models import Artist, Rule, Track
from catalog.services.matching import SAME_LENGTH_MS

Group = dict[str, Any]  # what its tracks share, and how many they are

NAME = ("match_key",)
LENGTH = ("title", "duration_ms")
SHOWN = 8  # of one group: the page names how many more there are
ARTICLES = {"the", "and", "a", "los", "las", "die", "der", "das", "le", "les"}


class Alike(NamedTuple):
    tracks: list[Track]
    more: int  # than those loaded here
    same_length: bool  # two of those shown, at least


def by_name() -> list[Group]:
    """Names by which several tracks go (versions of one recording count as one name)."""
    groups = Track.objects.shown().order_by().values("match_key").annotate(tracks=Count("pk"))
    apart = Counter((key,) for key in _kept_apart().values_list("match_key", flat=True))
    return _not_all_apart(groups.filter(tracks__gt=1).order_by("match_key"), apart, NAME)


def by_length() -> list[Group]:
    """Titles that several tracks of just the same duration have, under several names."""
    tracks = Track.objects.shown().filter(duration_ms__isnull=False).order_by()
    groups = tracks.values(*LENGTH).annotate(
        tracks=Count("pk"), names=Count("match_key", distinct=True)
    )
    apart = _kept_apart().filter(
        other_track__title=F("track__title"), other_track__duration_ms=F("track__duration_ms")
    )
    return _not_all_apart(
        groups.filter(names__gt=1).order_by(*LENGTH),
        Counter(apart.values_list("track__title", "track__duration_ms")),
        LENGTH,
    )


def tracks_of(groups: Sequence[Group]) -> list[Alike]:
    """The tracks of some of the groups that `by_name` or `by_length` found, in a few queries."""
    columns = NAME if groups and NAME[0] in groups[0] else LENGTH
    keys = {column: {group[column] for group in groups} for column in columns}
    rows = Track.objects.shown().filter(**{f"{name}__in": found for name, found in keys.items()})
    rows = rows.for_rows().prefetch_related("external_ids", "records").order_by("pk")
    found: dict[tuple[Any, ...], list[Track]] = defaultdict(list)
    for track in rows:
        found[tuple(getattr(track, column) for column in columns)].append(track)
    return [
        _alike(found[tuple(group[column] for column in columns)], group["tracks"])
        for group in groups
    ]


def artists() -> list[list[int]]:
    """Artists whose names have the same words, articles left out, in any order."""
    named: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for pk, key in Artist.objects.shown().order_by("pk").values_list("pk", "match_key"):
        words = sorted(set(key.split()) - ARTICLES) or key.split()
        named[tuple(words)].append(pk)
    apart = _artists_kept_apart()
    return [group for group in named.values() if len(group) > 1 and _some_pair(group, apart)]


def _kept_apart() -> QuerySet[Rule]:
    """The rules by which two tracks that both show are two."""
    return Rule.objects.holding().filter(
        kind=Rule.Kind.SPLIT,
        track__in=Track.objects.shown(),
        other_track__in=Track.objects.shown(),
    )


def _not_all_apart(
    groups: Iterable[Any], apart: Counter[Any], columns: Sequence[str]
) -> list[Group]:
    """Leave out the groups whose every pair is kept apart."""
    return [
        group
        for group in groups
        if apart[tuple(group[name] for name in columns)] < comb(group["tracks"], 2)
    ]


def _alike(tracks: list[Track], count: int) -> Alike:
    lengths = sorted(track.duration_ms for track in tracks if track.duration_ms is not None)
    near = any(b - a <= SAME_LENGTH_MS for a, b in pairwise(lengths))
    return Alike(tracks[:SHOWN], max(0, count - SHOWN), near)


def _artists_kept_apart() -> set[frozenset[Any]]:
    rules = Rule.objects.holding().filter(kind=Rule.Kind.SPLIT, artist__isnull=False)
    return {frozenset(pair) for pair in rules.values_list("artist_id", "other_artist_id")}


def _some_pair(group: Iterable[int], apart: set[frozenset[int]]) -> bool:
    rows = list(group)
    return any(
        frozenset((one, other)) not in apart
        for n, one in enumerate(rows)
        for other in rows[n + 1 :]
    )
