"""What pages show of lists and of a listener's opinion."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import Listener
from catalog.models import Track
from listening.models import Feedback, FeedbackKind
from recommendations.models import Slate
from recommendations.services.answering import Answer, changed_by
from recommendations.services.rating import Stars, stars_of
from recommendations.serving import (
    Listed,
    NoModel,
    Recommended,
    Surface,
    explain_track,
    replay,
)

NOTES: dict[Surface, str | Promise] = {  # under the name of a list that is about nothing
    Surface.NEW: gettext_lazy("By artists you have never played here."),
    Surface.FORGOTTEN: gettext_lazy("Heard much, and not for three months."),
    Surface.FRESH: gettext_lazy("Hardly anybody has played them yet."),
    Surface.POPULAR: gettext_lazy("What most listeners here play."),
}
OPINIONS = (FeedbackKind.LIKE, FeedbackKind.DISLIKE, FeedbackKind.HIDE)  # one button each


class Again(NamedTuple):
    listed: Listed
    answer: Answer | None


class State(NamedTuple):
    """What a track is to a listener: what they think of it, and what speaks for it."""

    opinion: str  # the latest; "" if there is none
    stars: Stars
    row: Recommended | None  # None: there is no model, or it does not know the track


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
    try:
        row = explain_track(track, listener=listener, at=at)
    except NoModel:
        row = None
    said = Feedback.objects.of_kind(*OPINIONS).of_track(track).filter(listener=listener)
    opinion = said.newest_first().values_list("kind", flat=True).first()
    return State(opinion or "", stars_of(track, listener=listener), row)
