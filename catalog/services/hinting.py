"""What listeners correct for themselves is a hint to the curators, without a name."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from catalog.models import MatchHint


def give_hint(*, track: int, match: int, at: datetime) -> None:
    """One more listener says that this track is really that one."""
    hint, _new = MatchHint.objects.get_or_create(
        track_id=track, match_id=match, defaults={"last_at": at}
    )
    MatchHint.objects.filter(pk=hint.pk).update(listeners=F("listeners") + 1, last_at=at)


def take_hint_back(*, track: int, match: int) -> None:
    hints = MatchHint.objects.filter(track=track, match=match)
    hints.update(listeners=F("listeners") - 1)
    hints.filter(listeners__lte=0).delete()
