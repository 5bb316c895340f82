from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Listener
from catalog.services.grouping import shown_as
from catalog.services.hinting import give_hints, take_hints_back
from catalog.services.storing import among
from catalog.services.unverified import drop_unused
from listening.arrivals import Fate, Outcome
from listening.imports.rows import Corrected
from listening.models import Correction, Import
from listening.models.corrections import end_of
from listening.services.bringing.finding import UNKNOWN, find
from listening.services.bringing.tellers import taken_back, tell_too
from listening.services.changing import hold
from listening.services.correcting import CIRCLE, NO_CHANGE, apply_corrections

OTHERWISE = _("You say something else of this track here.")


class Pair(NamedTuple):
    """Two tracks as they show; None where there is none of that name."""

    wrong: int | None
    right: int | None
    is_new: bool  # one of them was made just now


@transaction.atomic
def record_corrections(
    *, listener: Listener, corrections: Sequence[Corrected], source_import: Import, at: datetime
) -> list[Outcome]:
    """Correct what an export says was wrong; return what became of each, in their order.

    What the listener says here of the same track stands.
    """
    if not corrections:
        return []
    hold(listener.pk)
    pairs, said = _pairs(corrections, at), _Said(listener, source_import)
    outcomes = [
        said.add(pair, corrected.made_at)
        for pair, corrected in zip(pairs, corrections, strict=True)
    ]
    Correction.objects.bulk_create(said.new)
    Correction.objects.bulk_update(said.told_too, ["told_by"])
    if said.new:
        give_hints(((one.wrong_id, one.right_id) for one in said.new), at=at)
        apply_corrections(listener, at)
    if any(outcome.fate is Fate.REJECTED for outcome in outcomes):
        drop_unused(tracks={track for pair in pairs for track in pair[:2] if track})
    return outcomes


@transaction.atomic
def take_corrections_back(*, import_: Import, at: datetime) -> int:
    """Forget the corrections that only this import told of; return how many."""
    hold(import_.listener_id)
    brought = Correction.objects.filter(listener=import_.listener_id).exclude(told_by=[])
    gone, stays = taken_back(brought, import_.pk)
    Correction.objects.bulk_update(stays, ["told_by"])
    if gone:
        Correction.objects.filter(among("pk", [one.pk for one in gone])).delete()
        take_hints_back((one.wrong_id, one.right_id) for one in gone if one.undone_at is None)
        apply_corrections(import_.listener, at)
        drop_unused(tracks={track for one in gone for track in (one.wrong_id, one.right_id)})
    return len(gone)


class _Said:
    """What the listener says already, and what an import adds to it."""

    def __init__(self, listener: Listener, source_import: Import) -> None:
        self.new: list[Correction] = []
        self.told_too: list[Correction] = []
        self._listener, self._import = listener, source_import.pk
        holding = Correction.objects.holding().filter(listener=listener)
        shown = shown_as({track for one in holding for track in (one.wrong_id, one.right_id)})
        self._holding = {shown[one.wrong_id]: one for one in holding}
        self._leads = {wrong: shown[one.right_id] for wrong, one in self._holding.items()}

    def add(self, pair: Pair, made_at: datetime) -> Outcome:
        wrong, right, is_new = pair
        if wrong is None or right is None:
            return _rejected(UNKNOWN)
        if wrong == right:
            return _rejected(NO_CHANGE)
        if wrong in self._leads:
            return self._known(wrong, right)
        if end_of(self._leads, right) == wrong:
            return _rejected(CIRCLE)
        self._leads[wrong] = right
        self._holding[wrong] = Correction(
            listener=self._listener,
            wrong_id=wrong,
            right_id=right,
            made_at=made_at,
            told_by=[self._import],
        )
        self.new.append(self._holding[wrong])
        return Outcome(Fate.CREATED if is_new else Fate.NEW)

    def _known(self, wrong: int, right: int) -> Outcome:
        if self._leads[wrong] != right:
            return _rejected(OTHERWISE)
        if tell_too(self._holding[wrong], self._import):
            self.told_too.append(self._holding[wrong])
        return Outcome(Fate.KNOWN)


def _rejected(reason: str | Promise) -> Outcome:
    return Outcome(Fate.REJECTED, reason=str(reason))


def _pairs(corrections: Sequence[Corrected], at: datetime) -> list[Pair]:
    named = [music for one in corrections for music in (one.wrong, one.right)]
    found = find(named, at=at)
    shown = shown_as({one.thing.pk for one in found.values()})
    tracks = [shown[found[n].thing.pk] if n in found else None for n in range(len(named))]
    is_new = [n in found and found[n].is_new for n in range(len(named))]
    return [
        Pair(tracks[n], tracks[n + 1], is_new[n] or is_new[n + 1]) for n in range(0, len(named), 2)
    ]
