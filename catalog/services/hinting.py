"""What listeners correct for themselves is a hint to the curators, without a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from catalog.models import MatchHint
from catalog.services.storing import among


def give_hint(*, track: int, match: int, at: datetime) -> None:
    """One more listener says that this track is really that one."""
    hint, _new = MatchHint.objects.get_or_create(
        track_id=track, match_id=match, defaults={"last_at": at}
    )
    MatchHint.objects.filter(pk=hint.pk).update(listeners=F("listeners") + 1, last_at=at)


def take_hint_back(*, track: int, match: int) -> None:
    take_hints_back([(track, match)])


def take_hints_back(pairs: Iterable[tuple[int, int]]) -> None:
    """Whoever said that each track is really the other one says so no more."""
    said = set(pairs)
    given = MatchHint.objects.filter(among("track", {track for track, _ in said}))
    rows = given.values_list("pk", "track_id", "match_id")
    hints = MatchHint.objects.filter(among("pk", [pk for pk, *pair in rows if tuple(pair) in said]))
    hints.update(listeners=F("listeners") - 1)
    hints.filter(listeners__lte=0).delete()
