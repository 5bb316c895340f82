"""What does not count is still there: a mute silences plays, and is lifted again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction

from accounts.models import Listener
from accounts.services import move_taste_on
from listening.counting.plays import Plays
from listening.counting.sessions import PAUSE, session_at
from listening.models import Mute, Play
from listening.pipeline.heard import plays_of
from listening.services.changing import hold


@transaction.atomic
def mute(*, listener: Listener, at: datetime, **thing: Any) -> Mute:
    """Let a play, track, artist, genre, source, or `starts_at` to `ends_at`, weigh nothing."""
    hold(listener.pk)
    muted, is_new = Mute.objects.in_force().get_or_create(
        listener=listener, lifted_at=None, **thing, defaults={"made_at": at}
    )
    if is_new:
        move_taste_on(listener=listener)
    elif muted.told_by:  # from now on it is said here, too
        muted.told_by = []
        muted.save(update_fields=["told_by"])
    return muted


@transaction.atomic
def lift(*, muted: Mute, at: datetime) -> bool:
    """Let it count again; False if it was lifted before."""
    hold(muted.listener_id)
    lifted = Mute.objects.in_force().filter(pk=muted.pk).update(lifted_at=at)
    if lifted:
        move_taste_on(listener=muted.listener)
    return bool(lifted)


def session_around(play: Play) -> tuple[datetime, datetime]:
    """From the first play of its session to the moment after the last has begun.

    It is the session that the pictures show. Skips neither begin one nor keep it going; those that
    come before it is over are in it, and any other is alone.
    """
    plays, second = plays_of(play.listener), int(play.started_at.timestamp())
    first, over = _session_at(second, plays.heard())
    last = plays.at[plays.at <= over][-1]
    return _moment(first), _moment(last) + timedelta(seconds=1)


def _session_at(second: int, heard: Plays) -> tuple[int, int]:
    """When the session that goes on in this second began, and when its silence is over."""
    place = int(np.searchsorted(heard.at, second, side="right")) - 1
    if place >= 0:
        session = session_at(heard, place)
        first = int(heard.at[session.first])
        if second <= (over := first + session.seconds + PAUSE):
            return first, over
    return second, second


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(int(second), UTC)
