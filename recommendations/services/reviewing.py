"""What listeners reported or disliked, track by track, and what a curator decides about it.

A track waits from its first report, or from a few dislikes, and again when more come in after a
decision. Who said so is nobody's business here: cases tell what, when, and in which list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.models import Track
from catalog.services import curating
from catalog.services.changing import By
from listening.models import Feedback, FeedbackKind, FeedbackQuerySet
from recommendations.models import Demotion, Review, Slate
from recommendations.services.outcomes import CREDITED

SPEAKS_AGAINST = (FeedbackKind.REPORT, FeedbackKind.DISLIKE)
DISLIKES = 3  # from so many a track waits, also when nobody reported it
WEEK = timedelta(days=7)
VOICES = 50  # of one track, the newest

Decision = Review.Decision


class Case(NamedTuple):
    """One track that waits, and how much speaks against it since it was last decided on."""

    track: Track
    reports: int
    dislikes: int
    this_week: int
    week_before: int
    newest: datetime
    decided: Review | None  # the last decision, if there was one

    @property
    def trend(self) -> str:
        if self.this_week == self.week_before:
            return "as the week before"
        return "more than the week before" if self.this_week > self.week_before else "fewer"


class Voice(NamedTuple):
    """One report or dislike, and where the track had stood."""

    kind: str
    note: str
    given_at: datetime
    surface: str  # "" if no list of the day before showed it
    rank: int
    model: int | None
    reason: str  # that was shown with it, or in old lists how the track had come there


def waiting(*, at: datetime) -> QuerySet[Any, dict[str, Any]]:
    """Return one row for each track that waits, the most reported first."""
    return (
        _undecided()
        .values("shown")
        .annotate(
            reports=Count("pk", filter=Q(kind=FeedbackKind.REPORT)),
            dislikes=Count("pk", filter=Q(kind=FeedbackKind.DISLIKE)),
            this_week=Count("pk", filter=Q(given_at__gt=at - WEEK)),
            week_before=Count("pk", filter=Q(given_at__gt=at - 2 * WEEK, given_at__lte=at - WEEK)),
            newest=Max("given_at"),
        )
        .filter(Q(reports__gt=0) | Q(dislikes__gte=DISLIKES))
        .order_by("-reports", "-dislikes", "-newest", "shown")
    )


def cases(rows: Iterable[Mapping[str, Any]]) -> list[Case]:
    """Return the cases of rows of `waiting`, in two queries."""
    rows = list(rows)
    ids = [row["shown"] for row in rows]
    tracks = Track.objects.for_rows().in_bulk(ids)
    last = {review.track_id: review for review in _reviews(ids)}
    return [
        Case(track=tracks[shown], decided=last.get(shown), **counts)
        for shown, counts in ((row.pop("shown"), row) for row in map(dict, rows))
        if shown in tracks
    ]


def case_of(track: Track, *, at: datetime) -> Case | None:
    """Return what waits about one track; None if nothing does."""
    found = cases(waiting(at=at).filter(shown=track.pk))
    return found[0] if found else None


def voices(track: Track) -> list[Voice]:
    """Return the newest reports and dislikes of a track, each with the list that had shown it."""
    given = list(_about(track).newest_first()[:VOICES])
    slates = _slates_before(given)
    return [_voice(feedback, slates.get(feedback.listener_id, ())) for feedback in given]


@transaction.atomic
def decide(*, track: Track, decision: Decision, by: By, at: datetime, note: str = "") -> Review:
    """Write the decision down and act on it; what it changes shows at once.

    A track that was shown less is shown as before when what speaks against it is dismissed.

    :raises catalog.services.refusing.Refused: if the track cannot be hidden
    """
    newest = _about(track).newest_first().first()
    review = Review.objects.create(
        track=track,
        feedback=newest,
        decision=decision,
        note=note,
        decided_by_id=by.pk if by else None,
        decided_at=at,
    )
    if decision == Decision.HIDDEN:
        curating.hide_tracks(ids=[track.pk], by=by, at=at)
    elif decision == Decision.DEMOTED:
        Demotion.objects.update_or_create(track=track, defaults={"review": review, "since": at})
    elif decision == Decision.DISMISSED:
        Demotion.objects.filter(track=track).delete()
    return review


def _about(track: Track) -> FeedbackQuerySet:
    return Feedback.objects.of_kind(*SPEAKS_AGAINST).of_track(track)


def _undecided() -> QuerySet[Any]:
    """Keep what came in after the last decision on the track that shows; none on hidden tracks."""
    reviews = Review.objects.filter(track=OuterRef("shown")).order_by("-decided_at", "-pk")
    against = Feedback.objects.of_kind(*SPEAKS_AGAINST).on_tracks()
    against = against.annotate(
        shown=Coalesce("track__canonical_id", "track_id"),
        hidden=Coalesce("track__canonical__hidden_at", "track__hidden_at"),
    ).annotate(decided=Subquery(reviews.values("decided_at")[:1]))
    return against.filter(Q(decided=None) | Q(given_at__gt=F("decided")), hidden=None)


def _reviews(track_ids: Sequence[int]) -> QuerySet[Review]:
    """The oldest first, so that of several the last one stays in a mapping."""
    return Review.objects.filter(track__in=track_ids).order_by("decided_at", "pk")


def _slates_before(given: Sequence[Feedback]) -> dict[int, list[Slate]]:
    """Return the lists shown to those who gave it, in the day before the oldest of it and later."""
    if not given:
        return {}
    moments = [feedback.given_at for feedback in given]
    slates = Slate.objects.filter(
        listener__in={feedback.listener_id for feedback in given},
        shown_at__gte=min(moments) - CREDITED,
        shown_at__lte=max(moments),
    ).select_related("experiment")
    found: dict[int, list[Slate]] = {}
    for slate in slates.order_by("-shown_at", "-pk").iterator():
        found.setdefault(slate.listener_id, []).append(slate)
    return found


def _voice(feedback: Feedback, slates: Sequence[Slate]) -> Voice:
    said = (feedback.kind, feedback.note, feedback.given_at)
    for slate in slates:
        age = feedback.given_at - slate.shown_at
        if timedelta(0) <= age <= CREDITED and feedback.track_id in slate.tracks:
            place = slate.tracks.index(feedback.track_id)
            reasons = slate.settings.get("reasons") or slate.settings.get("ways", [])
            reason = reasons[place] if place < len(reasons) else ""
            return Voice(*said, slate.surface, place + 1, slate.version_of(place), reason)
    return Voice(*said, "", 0, None, "")
