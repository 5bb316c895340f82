"""Plays go to the profile of whoever really listened."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Listener
from listening.models import Move, Play, PlayQuerySet, Sighting
from listening.services.changing import hold
from listening.services.telling import Told, tell_again

MOST = 50_000  # in one move, which is one transaction


class NotMoved(Exception):
    """A refusal whose message may be shown to the listener as it stands."""


@transaction.atomic
def move_plays(*, listener: Listener, plays: PlayQuerySet, to: Listener, at: datetime) -> Move:
    """Hand these plays over, with all who told of them. What is there already stays one play.

    :raises NotMoved: if the other profile is not the same person's, or these are none or too many
    """
    if listener == to or listener.user_id is None or listener.user_id != to.user_id:
        raise NotMoved(_("Plays can only go to another profile of yours."))
    hold(listener.pk, to.pk)
    chosen = list(plays.filter(listener=listener).values_list("pk", flat=True)[: MOST + 1])
    if not chosen:
        raise NotMoved(_("There is no play to move."))
    if len(chosen) > MOST:
        raise NotMoved(_("These are too many plays to move at once. Choose fewer days."))
    move = Move.objects.create(from_listener=listener, to_listener=to, made_at=at)

    def over_there(told: Told) -> Told:
        return told._replace(listener=to.pk, move=move.pk)

    tell_again(plays=chosen, change=over_there, at=at)
    return move


@transaction.atomic
def undo_move(*, move: Move, at: datetime) -> bool:
    """Hand back what was moved and is still there; False if it was undone before."""
    hold(move.from_listener_id, move.to_listener_id)
    if not Move.objects.filter(pk=move.pk, undone_at=None).update(undone_at=at):
        return False
    plays = set(Play.objects.filter(move=move).values_list("pk", flat=True))
    plays |= set(Sighting.objects.filter(move=move).values_list("play_id", flat=True))

    def back(told: Told) -> Told:
        if told.move != move.pk:
            return told
        return told._replace(listener=move.from_listener_id, move=None)

    tell_again(plays=plays, change=back, at=at)
    return True
