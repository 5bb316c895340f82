"""What listeners correct for themselves is a hint to the curators, without a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, QuerySet

from catalog.models import MatchHint
from catalog.services.storing import among


def give_hint(*, track: int, match: int, at: datetime) -> None:
    """One more listener says that this track is really that one."""
    give_hints([(track, match)], at=at)


def give_hints(pairs: Iterable[tuple[int, int]], *, at: datetime) -> None:
    """One more listener says that each track is really the other one."""
    said = set(pairs)
    MatchHint.objects.bulk_create(
        [MatchHint(track_id=track, match_id=match, last_at=at) for track, match in sorted(said)],
        ignore_conflicts=True,
    )
    _given(said).update(listeners=F("listeners") + 1, last_at=at)


def take_hint_back(*, track: int, match: int) -> None:
    take_hints_back([(track, match)])


def take_hints_back(pairs: Iterable[tuple[int, int]]) -> None:
    """Whoever said that each track is really the other one says so no more."""
    hints = _given(set(pairs))
    hints.update(listeners=F("listeners") - 1)
    hints.filter(listeners__lte=0).delete()


def _given(said: set[tuple[int, int]]) -> QuerySet[MatchHint]:
    of_tracks = MatchHint.objects.filter(among("track", {track for track, _ in said}))
    rows = of_tracks.values_list("pk", "track_id", "match_id")
    return MatchHint.objects.filter(among("pk", [pk for pk, *pair in rows if tuple(pair) in said]))
