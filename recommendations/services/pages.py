"""What pages show of lists and of a listener's opinion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from accounts.models import Listener
from catalog.models import Track
from listening.models import Feedback, FeedbackKind
from recommendations.models import Slate
from recommendations.services.answering import Answer, changed_by
from recommendations.serving import (
    Listed,
    Recommended,
    expected_rating,
    explain_track,
    replay,
)


class Again(NamedTuple):
    listed: Listed
    answer: Answer | None


@dataclass(frozen=True)
class State:
    """What a track is to a listener: what they think of it, and what speaks for it."""

    opinion: str
    row: Recommended | None
    rating: int | None
    expected: float | None  # where there is no rating


def shown_again(number: str | None, *, listener: Listener, at: datetime) -> Again | None:
    """Return the listener's own slate of this number, and what had changed in it.

    :raises NoModel: if there is no model
    """
    if not number or not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    slate = Slate.objects.filter(pk=int(number), listener=listener).first()
    if slate is None:
        return None
    listed = replay(slate, listener=listener, at=at)
    return Again(listed, changed_by(listed, listener=listener))


def state_of(track: Track, *, listener: Listener, at: datetime) -> State:
    """:raises NoModel: if there is no model"""
    row = explain_track(track, listener=listener, at=at)
    opinion = row.opinion if row else ""
    rated = Feedback.objects.of_kind(FeedbackKind.RATING).filter(listener=listener, track=track)
    rating = rated.values_list("rating", flat=True).first()
    expected = None if rating else expected_rating(track, listener=listener)
    return State(opinion, row, rating, expected)
