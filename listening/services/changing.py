"""The one seam behind every change of plays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from accounts.models import Listener
from accounts.services import move_taste_on
from catalog.services import storing
from catalog.services.storing import among
from jobs import services as jobs
from jobs.prepared import Given, Prepared
from listening.models import StaleDay


def hold(*listeners: int) -> None:
    """Let others wait who change the plays of these listeners, until the transaction ends."""
    _HELD.rows(listeners=list(listeners))


_HELD = Prepared(
    lambda: (
        Listener.objects.select_for_update(no_key=True)
        .filter(among("pk", Given("listeners")))
        .order_by("pk")
        .values_list("pk")
    )
)


def plays_changed(*, listener: Listener, moments: Iterable[datetime], at: datetime) -> None:
    """Plays at these moments came, went, or are of another track now.

    What is cached of the listener's taste is outdated, and the days (of UTC) are counted anew.
    """
    days = sorted({moment.astimezone(UTC).date() for moment in moments})
    if not days:
        return
    move_taste_on(listener=listener)
    marked_at = storing.as_moment(at)
    storing.insert(
        StaleDay,
        ("listener", "day", "marked_at"),
        [(listener.pk, day, marked_at) for day in days],
        unique=("listener", "day"),
        or_update=("marked_at",),
    )
    jobs.enqueue("listening.roll_up", listener.pk, unique=f"listening.roll_up:{listener.pk}")
