"""Plays deleted for good, and plays that a listener chose."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Listener
from catalog.services.unverified import drop_unused
from listening.models import PlayQuerySet
from listening.services.changing import hold
from listening.services.telling import remove

CHUNK = 1000  # plays in one transaction


def delete_plays(*, listener: Listener, plays: PlayQuerySet, at: datetime) -> int:
    """Forget these plays of the listener, whoever told of them; return how many.

    They come back only if a source tells of them again.
    """
    mine = plays.filter(listener=listener).order_by("pk")
    count = 0
    while chunk := _delete_some(listener, mine, at):
        count += chunk
    return count


@transaction.atomic
def _delete_some(listener: Listener, plays: PlayQuerySet, at: datetime) -> int:
    hold(listener.pk)
    chunk = list(plays.values_list("pk", flat=True)[:CHUNK])
    drop_unused(tracks=remove(plays=chunk, at=at))
    return len(chunk)
