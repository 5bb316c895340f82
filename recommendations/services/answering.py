"""Feedback is answered at once: with the new list, what moved in it, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Listener
from catalog.models import Track
from listening.models import FeedbackChange, FeedbackKind
from listening.services import feedback as listening
from listening.services.feedback import FeedbackError, Music
from recommendations.models import Slate
from recommendations.services.outcomes import note_outcome, withdraw_outcome
from recommendations.serving import Ask, Listed, NoModel, make_list, recommend, replay
from recommendations.serving.moves import Move, Moves, moves

DONE: dict[str, str | Promise] = {
    FeedbackKind.LIKE: gettext_lazy("you liked it, so it is among what you know"),
    FeedbackKind.FAVOURITE: gettext_lazy("it is a favourite of yours, so you know it"),
    FeedbackKind.RATING: gettext_lazy("you rated it, so it is among what you know"),
    FeedbackKind.DISLIKE: gettext_lazy("you disliked it"),
    FeedbackKind.HIDE: gettext_lazy("you hid it"),
    FeedbackKind.SKIP: gettext_lazy("you skipped it"),
}


@dataclass(frozen=True)
class Opinion:
    """What a listener says of one thing."""

    kind: FeedbackKind
    on: Music
    rating: int | None = None
    note: str = ""

    @property
    def track_id(self) -> int | None:
        return self.on.pk if isinstance(self.on, Track) else None


@dataclass(frozen=True)
class Answer:
    """The list as it is now, and what is different from the one the listener was looking at."""

    listed: Listed | None  # None: there is no model yet
    moves: Moves
    gone: dict[int, Track]  # the tracks that left
    before: Slate | None
    opinion: Opinion | None = None
    is_single: bool = True  # not the last of several opinions

    def track(self, move: Move) -> Track | None:
        shown = self.listed[move.now - 1].track if self.listed and move.now else None
        return shown or self.gone.get(move.track)

    def why(self, move: Move) -> str:
        """Return what put a track where it is, or took it away, in words."""
        if self.listed and move.now:
            return self.listed[move.now - 1].because.in_short
        if self.opinion and self.opinion.on == self.gone.get(move.track):
            return str(DONE.get(self.opinion.kind, _("you know it now")))
        return _("others fit better now")


def answer(
    *,
    listener: Listener,
    opinions: Sequence[Opinion],
    at: datetime,
    slate: Slate | None = None,
) -> Answer:
    """Store what the listener thinks, and return the list that follows from it.

    Either all opinions are stored or none. `slate` is the list that was on the screen; the new
    one is asked for as it was. Without one it is the listener's own list, as it stands.

    Without a model they are stored all the same, and the answer has no list.

    :raises FeedbackError: if an opinion does not go with its thing
    """
    give(listener=listener, opinions=opinions, at=at, slate=slate)
    answered = _answered(opinions[-1], listener=listener, at=at, slate=slate)
    return replace(answered, is_single=len(opinions) == 1)


def _answered(opinion: Opinion, *, listener: Listener, at: datetime, slate: Slate | None) -> Answer:
    try:
        if slate is None:
            return _compared(recommend(listener=listener, at=at), None, opinion)
        ask = Ask.of(slate.surface, slate.settings)
        noted = {"after": {"slate": slate.pk, **_said(opinion)}}
        listed = make_list(ask, listener=listener, at=at, noted=noted)
    except NoModel:
        return Answer(None, moves([], []), {}, slate, opinion)
    return _compared(listed, slate, opinion)


@transaction.atomic
def give(
    *, listener: Listener, opinions: Sequence[Opinion], at: datetime, slate: Slate | None = None
) -> None:
    """Store what the listener thinks, and what became of the list that showed it.

    :raises FeedbackError: if an opinion does not go with its thing; then none is stored
    """
    for opinion in opinions:
        listening.give_feedback(
            listener=listener,
            kind=opinion.kind,
            on=opinion.on,
            rating=opinion.rating,
            note=opinion.note,
            at=at,
        )
        if opinion.track_id is not None:
            note_outcome(
                listener=listener, track_id=opinion.track_id, kind=opinion.kind, at=at, slate=slate
            )


def undo(
    *, listener: Listener, opinion: Opinion, at: datetime, slate: Slate | None = None
) -> Answer:
    """Take the opinion back, give back what it had replaced, and show the list as it was.

    Without a list that was on the screen it is the listener's own, as it stands.

    :raises FeedbackError: if there is no such opinion
    """
    take_back(listener=listener, opinion=opinion, at=at, slate=slate)
    after = _newest_after(slate) if slate else None
    try:
        if slate is None:
            return _compared(recommend(listener=listener, at=at), None)
        return _compared(replay(slate, listener=listener, at=at), after)
    except NoModel:
        return Answer(None, moves([], []), {}, after)


def undo_last(*, slate: Slate, listener: Listener, at: datetime) -> Answer:
    """Undo the opinion that had led to this list.

    :raises FeedbackError: if there is none, or it was taken back already
    """
    after = slate.settings.get("after", {})
    before = Slate.objects.filter(listener=listener, pk=after.get("slate")).first()
    track = Track.objects.filter(pk=after.get("track")).first()
    if before is None or track is None:
        raise FeedbackError(_("There is nothing to undo here any more."))
    opinion = Opinion(FeedbackKind(after["kind"]), track)
    return undo(listener=listener, opinion=opinion, at=at, slate=before)


@transaction.atomic
def take_back(
    *, listener: Listener, opinion: Opinion, at: datetime, slate: Slate | None = None
) -> None:
    """Take the opinion back, and give back what it had replaced.

    :raises FeedbackError: if there is no such opinion
    """
    replaced = _replaced(listener, opinion)
    if not listening.withdraw_feedback(listener=listener, kind=opinion.kind, on=opinion.on, at=at):
        raise FeedbackError(_("There is nothing to undo: this was taken back already."))
    for earlier in replaced:
        listening.give_feedback(
            listener=listener,
            kind=FeedbackKind(earlier.kind),
            on=opinion.on,
            rating=earlier.rating,
            note=earlier.note,
            at=at,
        )
    if opinion.track_id is not None:
        withdraw_outcome(
            listener=listener, track_id=opinion.track_id, kind=opinion.kind, slate=slate
        )


def changed_by(listed: Listed, *, listener: Listener) -> Answer | None:
    """Return what the feedback before this list moved in it, as its slate remembers it."""
    after = listed.slate.settings.get("after") if listed.slate else None
    before = Slate.objects.filter(listener=listener, pk=after["slate"]).first() if after else None
    if before is None or after is None:
        return None
    track = Track.objects.for_rows().filter(pk=after.get("track")).first()
    opinion = Opinion(FeedbackKind(after["kind"]), track) if track else None
    return _compared(listed, before, opinion)


def _compared(listed: Listed, before: Slate | None, opinion: Opinion | None = None) -> Answer:
    moved = moves(before.tracks if before else [], listed.track_ids)
    gone = Track.objects.for_rows().in_bulk([move.track for move in moved.left])
    return Answer(listed, moved, gone, before, opinion)


def _said(opinion: Opinion) -> dict[str, object]:
    return {"kind": opinion.kind, str(opinion.on._meta.model_name): opinion.on.pk}


def _newest_after(slate: Slate) -> Slate | None:
    """Return the list that feedback on this one led to last."""
    later = Slate.objects.filter(listener=slate.listener_id, settings__after__slate=slate.pk)
    return later.order_by("-pk").first()


def _replaced(listener: Listener, opinion: Opinion) -> list[FeedbackChange]:
    """Return the opinions that stood before: an earlier one of its kind, or the opposite one."""
    thing = {str(opinion.on._meta.model_name): opinion.on}
    about = FeedbackChange.objects.filter(listener=listener, **thing).order_by("-at", "-pk")
    given = list(about.of_kind(opinion.kind)[:2])
    earlier = [change for change in given[1:] if not change.withdrawn]
    opposite = listening.OPPOSITES.get(opinion.kind)
    if opposite and given:
        told = list(about.of_kind(opposite)[:2])
        if len(told) == 2 and told[0].withdrawn and told[0].at == given[0].at:
            earlier.append(told[1])
    return earlier
