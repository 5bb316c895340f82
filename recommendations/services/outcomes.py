"""What became of the tracks that were shown: liked, played, skipped, hidden; kept 90 days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Listener
from listening.models import Feedback, FeedbackChange, Play
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


def withdraw_outcome(
    *, listener: Listener, track_id: int, kind: str, slate: Slate | None = None
) -> None:
    """Credit nobody with it any more; without a slate, not the one that was credited last."""
    noted = SlateOutcome.objects.filter(slate__listener=listener, track_id=track_id, kind=kind)
    noted = noted if slate is None else noted.filter(slate=slate)
    if newest := noted.order_by("-at", "-pk").first():
        newest.delete()


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


def credit_opinions(*, since: datetime, at: datetime) -> int:
    """Credit what was said elsewhere, in a player say, and take back what was taken back there.

    The last list of the day before that showed the track is credited. Return how many were.
    """
    _taken_back(since).delete()
    given = _uncredited(since, at)
    slates = Slate.objects.filter(
        listener__in={listener for listener, *_ in given},
        shown_at__gte=since - CREDITED,
        shown_at__lte=at,
    )
    shown: dict[tuple[int, int], list[Slate]] = {}  # by listener and track, the newest first
    for slate in slates.order_by("-shown_at", "-pk").iterator():
        for track in slate.tracks:
            shown.setdefault((slate.listener_id, track), []).append(slate)
    outcomes = [
        SlateOutcome(slate=last, track_id=track, kind=kind, at=when)
        for listener, track, kind, when in given
        if (last := _before(when, shown.get((listener, track), ())))
    ]
    SlateOutcome.objects.bulk_create(outcomes, BATCH, ignore_conflicts=True)
    return len(outcomes)


def _uncredited(since: datetime, at: datetime) -> list[tuple[int, int, str, datetime]]:
    """Return listener, track, kind and moment of opinions on tracks that no list was told of.

    Those out of an export are from another time.
    """
    same = {"track": OuterRef("track"), "kind": OuterRef("kind")}
    noted = SlateOutcome.objects.filter(**same, slate__listener=OuterRef("listener"))
    stands = Feedback.objects.filter(**same, listener=OuterRef("listener"))
    given = FeedbackChange.objects.filter(
        Exists(stands),
        ~Exists(noted),
        track__isnull=False,
        withdrawn=False,
        source_import=None,
        at__gte=since,
        at__lte=at,
    ).order_by("at", "pk")
    rows = given.values_list("listener_id", "track_id", "kind", "at")
    return [(*which, when) for which, when in {row[:3]: row[3] for row in rows}.items()]


def _taken_back(since: datetime) -> QuerySet[SlateOutcome]:
    """Keep what was noted of opinions that no longer stand."""
    same = {"track": OuterRef("track"), "kind": OuterRef("kind")}
    same["listener"] = OuterRef("slate__listener")
    withdrawn = FeedbackChange.objects.filter(**same, withdrawn=True, at__gte=OuterRef("at"))
    stands = Feedback.objects.filter(**same)
    lately = SlateOutcome.objects.filter(slate__shown_at__gte=since - CREDITED)
    return lately.filter(Exists(withdrawn), ~Exists(stands))


def _before(when: datetime, slates: Iterable[Slate]) -> Slate | None:
    """Return the newest of these lists, which stand newest first, that was shown the day before."""
    return next((slate for slate in slates if _credits(slate, when)), None)


def _credits(slate: Slate, when: datetime) -> bool:
    return slate.shown_at <= when <= slate.shown_at + CREDITED


def _outcomes(slate: Slate, heard: list[tuple[int, bool, datetime]]) -> list[SlateOutcome]:
    shown = set(slate.tracks)
    return [
        SlateOutcome(slate=slate, track_id=track, kind=SKIPPED if skipped else PLAYED, at=started)
        for track, skipped, started in heard
        if track in shown and _credits(slate, started)
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
