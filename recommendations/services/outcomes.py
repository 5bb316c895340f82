"""What became of the tracks that were shown: liked, played, skipped, hidden; kept 90 days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import Listener
from listening.models import Play
from recommendations.models import Slate, SlateOutcome

KEPT = timedelta(days=90)
CREDITED = timedelta(hours=24)  # so long after it was shown, what is done goes back to a slate
PLAYED, SKIPPED = "play", "skip"
BATCH = 1000


def note_outcome(
    *, listener: Listener, track_id: int, kind: str, at: datetime, slate: Slate | None = None
) -> SlateOutcome | None:
    """Credit the slate with what was done; without one, the last that showed the track.

    The same twice is noted once. None if the track was in no list of the last day.
    """
    slate = slate or _last_showing(listener, track_id, at)
    if slate is None or track_id not in slate.tracks:
        return None
    outcome, _new = SlateOutcome.objects.get_or_create(
        slate=slate, track_id=track_id, kind=kind, defaults={"at": at}
    )
    return outcome


def withdraw_outcome(*, slate: Slate, track_id: int, kind: str) -> None:
    SlateOutcome.objects.filter(slate=slate, track_id=track_id, kind=kind).delete()


def credit_plays(*, since: datetime, at: datetime) -> int:
    """Credit the plays that have come in since then to the lists they followed; return how many."""
    plays = Play.objects.filter(started_at__gte=since, started_at__lte=at)
    heard: dict[int, list[tuple[int, bool, datetime]]] = {}
    for listener, track, skipped, started in plays.values_list(
        "listener_id", "track_id", "skipped", "started_at"
    ).iterator():
        heard.setdefault(listener, []).append((track, skipped, started))
    slates = Slate.objects.filter(shown_at__gte=since - CREDITED, shown_at__lte=at)
    outcomes = [
        outcome
        for slate in slates.filter(listener__in=heard).iterator()
        for outcome in _outcomes(slate, heard[slate.listener_id])
    ]
    before = SlateOutcome.objects.count()
    SlateOutcome.objects.bulk_create(outcomes, BATCH, ignore_conflicts=True)
    return SlateOutcome.objects.count() - before


def _outcomes(slate: Slate, heard: list[tuple[int, bool, datetime]]) -> list[SlateOutcome]:
    shown = set(slate.tracks)
    return [
        SlateOutcome(slate=slate, track_id=track, kind=SKIPPED if skipped else PLAYED, at=started)
        for track, skipped, started in heard
        if track in shown and slate.shown_at <= started <= slate.shown_at + CREDITED
    ]


def forget_slates(*, at: datetime) -> int:
    """Delete the slates older than 90 days, with what became of them; return how many."""
    old = Slate.objects.filter(shown_at__lt=at - KEPT)
    _rows, by_model = old.delete()
    return by_model.get(Slate._meta.label, 0)


def _last_showing(listener: Listener, track_id: int, at: datetime) -> Slate | None:
    """Return the newest list of the last day that showed the track."""
    shown = Q(listener=listener, shown_at__gte=at - CREDITED, shown_at__lte=at)
    slates = Slate.objects.filter(shown).order_by("-shown_at", "-pk")
    return next((slate for slate in slates.iterator() if track_id in slate.tracks), None)
