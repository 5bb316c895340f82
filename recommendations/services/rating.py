"""Stars for a track, from 1 to 5: what was given, what would be, and a change of either."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts.models import Listener
from catalog.models import Track
from listening.models import Feedback, FeedbackKind, FeedbackQuerySet
from listening.services.feedback import withdraw_feedback
from recommendations.services.answering import Opinion, give
from recommendations.services.outcomes import withdraw_outcome
from recommendations.serving import NoModel, expected_rating

RATING = FeedbackKind.RATING


class Stars(NamedTuple):
    """What a listener gave a track; or, where that is nothing, what they would give it."""

    given: int | None
    expected: float | None = None


def stars_of(track: Track, *, listener: Listener) -> Stars:
    """Return what was given last, to the track or to one that was merged into it."""
    given = _ratings(track, listener).newest_first().values_list("rating", flat=True).first()
    if given:
        return Stars(given)
    try:
        return Stars(None, expected_rating(track, listener=listener))
    except NoModel:
        return Stars(None)


def rate(*, track: Track, stars: int, listener: Listener, at: datetime) -> None:
    """:raises FeedbackError: if it is not 1 to 5"""
    give(listener=listener, opinions=[Opinion(RATING, track, rating=stars)], at=at)


@transaction.atomic
def take_stars_back(*, track: Track, listener: Listener, at: datetime) -> None:
    """Leave the track without any, also where others had been given before the last."""
    for rated in Track.objects.filter(feedback__in=_ratings(track, listener)):  # one, or merged
        withdraw_feedback(listener=listener, kind=RATING, on=rated, at=at)
        withdraw_outcome(listener=listener, track_id=rated.pk, kind=RATING)


def _ratings(track: Track, listener: Listener) -> FeedbackQuerySet:
    return Feedback.objects.of_kind(RATING).of_track(track).filter(listener=listener)
