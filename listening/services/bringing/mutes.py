from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Listener
from accounts.services import move_taste_on
from catalog.services.storing import among
from catalog.services.unverified import drop_unused
from listening.arrivals import Fate, Outcome
from listening.imports.rows import Muted
from listening.models import Import, Mute, Play, Sighting, Source
from listening.models.plays import Telling
from listening.services.bringing.finding import UNKNOWN, Thing, find
from listening.services.bringing.tellers import taken_back, tell_too
from listening.services.changing import hold

COLUMNS = ("play_id", "track_id", "artist_id", "genre_id", "source", "starts_at", "ends_at")


@transaction.atomic
def record_mutes(
    *, listener: Listener, mutes: Sequence[Muted], source_import: Import, at: datetime
) -> list[Outcome]:
    """Mute what an export says is muted; return what became of each, in their order."""
    if not mutes:
        return []
    hold(listener.pk)
    standing = {_what(mute): mute for mute in Mute.objects.in_force().filter(listener=listener)}
    outcomes, new, told_too = [], [], []
    found = _things(mutes, at)
    for muted, columns in zip(mutes, _meant(listener, mutes, found), strict=True):
        if isinstance(columns, str):
            outcomes.append(Outcome(Fate.REJECTED, reason=columns))
            continue
        mute = Mute(listener=listener, made_at=muted.made_at, told_by=[source_import.pk], **columns)
        known = standing.setdefault(_what(mute), mute)
        outcomes.append(Outcome(Fate.NEW if known is mute else Fate.KNOWN))
        if known is mute:
            new.append(mute)
        elif tell_too(known, source_import.pk):
            told_too.append(known)
    Mute.objects.bulk_create(new)
    Mute.objects.bulk_update(told_too, ["told_by"])
    if new:
        move_taste_on(listener=listener)
    if any(outcome.fate is Fate.REJECTED for outcome in outcomes):
        _drop_unused(found.values())
    return outcomes


@transaction.atomic
def take_mutes_back(*, import_: Import, listeners: Collection[int]) -> int:
    """Forget the mutes that only this import told of; return how many."""
    hold(*listeners)
    brought = Mute.objects.filter(listener__in=listeners).exclude(told_by=[])
    gone, stays = taken_back(brought.select_related("listener"), import_.pk)
    Mute.objects.filter(among("pk", [mute.pk for mute in gone])).delete()
    Mute.objects.bulk_update(stays, ["told_by"])
    for listener in {mute.listener for mute in gone}:
        move_taste_on(listener=listener)
    _drop_unused(
        Thing(column, pk)
        for mute in gone
        for column in ("track", "artist")
        if (pk := getattr(mute, f"{column}_id"))
    )
    return len(gone)


def _drop_unused(things: Iterable[Thing]) -> None:
    """Drop what was made to be muted, and is not."""
    named = set(things)
    drop_unused(
        tracks=[thing.pk for thing in named if thing.column == "track"],
        artists=[thing.pk for thing in named if thing.column == "artist"],
    )


def _what(mute: Mute) -> tuple[Any, ...]:
    return tuple(getattr(mute, column) for column in COLUMNS)


def _meant(
    listener: Listener, mutes: Sequence[Muted], found: dict[int, Thing]
) -> Iterator[dict[str, Any] | str]:
    """Yield what each is of, as columns, or why there is no such thing."""
    heard = _plays(listener, mutes, found)
    for number, muted in enumerate(mutes):
        if muted.music is not None:
            yield _of_music(muted, found.get(number), heard)
        elif muted.source:
            is_known = muted.source in Source.values
            yield {"source": muted.source} if is_known else _("There is no such source here.")
        else:
            yield {"starts_at": muted.starts_at, "ends_at": muted.ends_at}


Heard = dict[tuple[int, datetime], int]


def _of_music(muted: Muted, thing: Thing | None, heard: Heard) -> dict[str, Any] | str:
    if thing is None:
        return str(UNKNOWN)
    if muted.starts_at is None:
        return {f"{thing.column}_id": thing.pk}
    play = heard.get((thing.pk, muted.starts_at))
    return {"play_id": play} if play else _("The play that it is of is not here.")


def _things(mutes: Sequence[Muted], at: datetime) -> dict[int, Thing]:
    of_music = {number: muted.music for number, muted in enumerate(mutes) if muted.music}
    found = find(list(of_music.values()), at=at)
    return {number: found[n].thing for n, number in enumerate(of_music) if n in found}


def _plays(listener: Listener, mutes: Sequence[Muted], found: dict[int, Thing]) -> Heard:
    """The plays that mutes are of, by track and moment, whoever told of them first."""
    told = [(found[n].pk, at) for n in found if (at := mutes[n].starts_at)]
    if not told:
        return {}
    tracks, moments = zip(*told, strict=True)
    models: tuple[tuple[type[Telling], str], ...] = ((Sighting, "play_id"), (Play, "pk"))
    return {
        (track, moment): play
        for model, key in models
        for track, moment, play in model._default_manager.filter(
            among("track", tracks), listener=listener, started_at__in=moments
        ).values_list("track_id", "started_at", key)
    }
