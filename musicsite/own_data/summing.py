"""How much there is of each profile, for the page that offers to take or delete it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min

from accounts.models import Listener
from listening.models import Feedback, Play


class Sum(NamedTuple):
    listener: Listener
    plays: int
    since: datetime | None
    opinions: int


def sums_of(listeners: Sequence[Listener]) -> list[Sum]:
    """Return a line for each, in the order given."""
    ids = [listener.pk for listener in listeners]
    plays = Play.objects.filter(listener__in=ids).values_list("listener")
    heard = {
        pk: (many, first) for pk, many, first in plays.annotate(Count("pk"), Min("started_at"))
    }
    feedback = Feedback.objects.filter(listener__in=ids).values_list("listener")
    said = dict(feedback.annotate(Count("pk")))
    return [
        Sum(listener, *heard.get(listener.pk, (0, None)), said.get(listener.pk, 0))
        for listener in listeners
    ]
