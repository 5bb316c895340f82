"""An import is taken back whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Listener
from catalog.services.storing import among
from catalog.services.unverified import drop_unused
from listening.models import Import, Play, Sighting
from listening.services.changing import hold
from listening.services.telling import Told, tell_again

CHUNK = 1000  # rows in one transaction
OVER = (
    Import.State.DONE,
    Import.State.CANCELLED,
    Import.State.REFUSED,
    Import.State.UNDOING,
    Import.State.UNDONE,
)


class NotUndone(Exception):
    """A refusal whose message may be shown to the listener as it stands."""


def undo_import(
    *, import_: Import, at: datetime, tell: Callable[[int], None] = lambda count: None
) -> int:
    """Take back all that this import told, and the tracks that only it knew; return how many plays.

    What others told of these plays too stays. It goes in chunks, `tell` hears of each; if it is
    broken off, do it again.

    :raises NotUndone: while the import is under way
    """
    import_.refresh_from_db(fields=["state"])
    if import_.state not in OVER:
        raise NotUndone(_("Stop this import first. Then it can be undone."))
    people = siblings_of(import_.listener)
    while _take_sightings_back(import_, people):
        pass
    count = 0
    while chunk := _take_plays_back(import_, people, at):
        count += chunk
        tell(count)
    Import.objects.filter(pk=import_.pk).update(state=Import.State.UNDONE, finished_at=at)
    import_.refresh_from_db(fields=["state", "finished_at"])
    return count


def siblings_of(listener: Listener) -> list[int]:
    """The listener, and those of the same person, who may have been handed some of the plays."""
    if listener.user_id is None:
        return [listener.pk]
    return list(Listener.objects.filter(user=listener.user_id).values_list("pk", flat=True))


@transaction.atomic
def _take_sightings_back(import_: Import, people: list[int]) -> int:
    hold(*people)
    told = Sighting.objects.filter(source_import=import_).order_by("pk")[:CHUNK]
    rows = list(told.values_list("pk", "track_id", "told_track_id"))
    Sighting.objects.filter(among("pk", [pk for pk, _, _ in rows])).delete()
    drop_unused(tracks={track for _, *both in rows for track in both if track})
    return len(rows)


@transaction.atomic
def _take_plays_back(import_: Import, people: list[int], at: datetime) -> int:
    def by_others(told: Told) -> Told | None:
        return None if told.source_import == import_.pk else told

    hold(*people)
    told = Play.objects.filter(source_import=import_).order_by("pk")[:CHUNK]
    plays = list(told.values_list("pk", flat=True))
    drop_unused(tracks=tell_again(plays=plays, change=by_others, at=at).tracks)
    return len(plays)
