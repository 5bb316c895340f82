"""What a listener hears these days: the genres and artists of the month, beside the one before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from accounts.models import Listener
from catalog.models import Artist, Genre
from listening.models import Play

MONTH = timedelta(days=30)
MOST = 6


class OfTheMoment(NamedTuple):
    thing: Any
    plays: int
    before: int
    share: float  # of the most played, in percent

    @property
    def change(self) -> int | None:
        """In percent of the month before; None where there was nothing."""
        return round(100 * (self.plays - self.before) / self.before) if self.before else None

    @property
    def drop(self) -> int:
        """How much less, in percent."""
        return -(self.change or 0)


def genres_of_the_moment(*, listener: Listener, at: datetime, n: int = MOST) -> list[OfTheMoment]:
    return _most(listener, at, F("track__genre_id"), Genre.objects.all(), n)


def artists_of_the_moment(*, listener: Listener, at: datetime, n: int = MOST) -> list[OfTheMoment]:
    artist = Coalesce("track__artist__canonical_id", "track__artist_id")
    return _most(listener, at, artist, Artist.objects.shown(), n)


def _most(listener: Listener, at: datetime, by: Any, things: Any, n: int) -> list[OfTheMoment]:
    lately = Q(started_at__gte=at - MONTH)
    plays = Play.objects.heard().since(at - 2 * MONTH).filter(listener=listener)
    counted = (
        plays.values(thing=by)
        .annotate(now=Count("pk", filter=lately), before=Count("pk", filter=~lately))
        .filter(now__gt=0, thing__isnull=False)
        .order_by("-now", "thing")[:n]
    )
    rows = [(row["thing"], row["now"], row["before"]) for row in counted]
    known = things.in_bulk([pk for pk, _now, _before in rows])
    return [
        OfTheMoment(known[pk], now, before, 100 * now / rows[0][1])
        for pk, now, before in rows
        if pk in known
    ]
