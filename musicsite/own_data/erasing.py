"""Deleting what belongs to somebody: at once, everywhere, with a receipt that names nobody."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from accounts import taste_cache
from accounts.models import Listener, User
from accounts.services import remove_listener
from catalog.services.hinting import take_hints_back
from catalog.services.unverified import drop_unused
from jobs.models import IdempotencyKey, Job
from listening.models import Correction, Import, Mute, Play, Sighting
from listening.services.changing import hold
from musicsite.models import DataExport, Erasure
from musicsite.own_data.belongings import all_of_listener, music_of

Music = dict[str, set[int]]

READABLE = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # no letter that looks like another


@transaction.atomic
def erase_listener(*, listener: Listener, at: datetime) -> Erasure:
    """Delete a profile with all that hangs on it, and the exports of its user, which hold it too.

    :raises accounts.services.LastListener: if the user has no other
    """
    counts, music = _emptied([listener])
    exports = DataExport.objects.filter(user=listener.user)
    _later_delete_files(exports)
    exports.delete()
    remove_listener(listener=listener)
    drop_unused(**music)
    return _receipt(Erasure.Extent.PROFILE, counts, at)


@transaction.atomic
def erase_user(*, user: User, at: datetime) -> Erasure:
    """Delete an account with all its profiles."""
    listeners = list(user.listeners.order_by("pk"))
    counts, music = _emptied(listeners)
    counts["profiles"] = len(listeners)
    _later_delete_files(DataExport.objects.filter(user=user))
    _log_out_everywhere(user)
    user.delete()
    drop_unused(**music)
    return _receipt(Erasure.Extent.ACCOUNT, counts, at)


def _emptied(listeners: Sequence[Listener]) -> tuple[Counter[str], Music]:
    """Count what is there, delete what is large by itself, and leave the rest to the cascade.

    Return the counts, and the music that may have been theirs alone.
    """
    hold(*(listener.pk for listener in listeners))
    taste_cache.forget(*(listener.pk for listener in listeners))
    counts: Counter[str] = Counter()
    music: Music = {"tracks": set(), "albums": set(), "artists": set()}
    for listener in listeners:
        for name, keys in music_of(listener).items():
            music[name] |= keys
        counts += _counted(listener)
        _empty(listener)
    return counts, music


def _counted(listener: Listener) -> Counter[str]:
    return +Counter(
        {
            kind.name: kind.model._default_manager.filter(**{kind.path: listener}).count()
            for kind in all_of_listener()
        }
    )


def _empty(listener: Listener) -> None:
    imports = Import.objects.filter(listener=listener)
    _later_delete_files(imports)
    Job.objects.filter(
        subject__in=[f"import:{pk}" for pk in imports.values_list("pk", flat=True)]
    ).update(cancel_asked=True)
    IdempotencyKey.objects.filter(scope=f"listener:{listener.pk}").delete()
    holding = Correction.objects.holding().filter(listener=listener)
    take_hints_back(holding.values_list("wrong_id", "right_id"))
    _delete(Mute.objects.filter(listener=listener))
    _delete(Sighting.objects.filter(listener=listener))
    _delete(Play.objects.filter(listener=listener))


def _delete(rows: QuerySet[Any]) -> None:
    """Delete without loading: half a million plays have nothing left that points at them."""
    rows._raw_delete(rows.db)


def _later_delete_files(rows: QuerySet[Any]) -> None:
    names = [name for name in rows.values_list("file", flat=True) if name]
    transaction.on_commit(partial(_delete_files, names))


def _delete_files(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _log_out_everywhere(user: User) -> None:
    keys = user.usersession_set.values_list("session_key", flat=True)  # type: ignore[attr-defined]
    Session.objects.filter(session_key__in=list(keys)).delete()


def _receipt(extent: Erasure.Extent, counts: Counter[str], at: datetime) -> Erasure:
    receipt = "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))
    return Erasure.objects.create(receipt=receipt, extent=extent, counts=dict(counts), erased_at=at)
