"""What does not count is still there: a mute silences plays, and is lifted again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import Listener
from accounts.services import move_taste_on
from listening.models import Mute, Play
from listening.services.changing import hold

PAUSE = timedelta(minutes=30)  # of silence, that ends a session
LONGEST = timedelta(days=1)  # on each side: a session that goes on longer is cut


@transaction.atomic
def mute(*, listener: Listener, at: datetime, **thing: Any) -> Mute:
    """Let a play, track, artist, genre, source, or `starts_at` to `ends_at`, weigh nothing."""
    hold(listener.pk)
    muted, is_new = Mute.objects.in_force().get_or_create(
        listener=listener, lifted_at=None, **thing, defaults={"made_at": at}
    )
    if is_new:
        move_taste_on(listener=listener)
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
    """From the first play of its session to the moment after the last has begun."""
    plays = Play.objects.filter(
        listener=play.listener_id,
        started_at__range=(play.started_at - LONGEST, play.started_at + LONGEST),
    )
    moments = list(plays.order_by("started_at").values_list("started_at", flat=True))
    first = last = moments.index(play.started_at)
    while first and moments[first] - moments[first - 1] <= PAUSE:
        first -= 1
    while last + 1 < len(moments) and moments[last + 1] - moments[last] <= PAUSE:
        last += 1
    return moments[first], moments[last] + timedelta(seconds=1)
