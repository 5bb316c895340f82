"""A request sent twice is answered twice and done once, by the rules of Stripe's API.

    key = idempotency.begin(scope=..., key=..., fingerprint=idempotency.fingerprint(...), at=at)
    if key.is_answered:
        return the answer it holds
    with transaction.atomic():
        ... do it ...
        idempotency.answer(key, status=201, body=..., headers={...})

The answer belongs into the transaction of what was done: then a request that dies has done
nothing. A request that was refused before anything happened (bad input) is forgotten.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from jobs.models import KEPT, LOCKED, IdempotencyKey


class KeyReused(Exception):
    """The same key came with another request (422)."""


class KeyInUse(Exception):
    """The first request with this key is still being answered (409)."""


def fingerprint(method: str, path: str, body: bytes) -> str:
    return hashlib.sha256(b"\0".join([method.encode(), path.encode(), body])).hexdigest()


def begin(*, scope: str, key: str, fingerprint: str, at: datetime) -> IdempotencyKey:
    """Return the key, either answered long since or ours to answer now.

    :raises KeyReused: if it came with another request before
    :raises KeyInUse: if another request with it is under way
    """
    IdempotencyKey.objects.filter(scope=scope, key=key, created__lt=at - KEPT).delete()
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(
                scope=scope, key=key, fingerprint=fingerprint, created=at, locked=at
            )
    except IntegrityError:
        return _earlier(scope=scope, key=key, fingerprint=fingerprint, at=at)


def _earlier(*, scope: str, key: str, fingerprint: str, at: datetime) -> IdempotencyKey:
    row = IdempotencyKey.objects.filter(scope=scope, key=key).first()
    if row is None:  # forgotten a moment ago
        raise KeyInUse("A request with this key is under way. Try again.")
    if row.fingerprint != fingerprint:
        raise KeyReused("This key was used for another request. Use a new one.")
    if not row.is_answered:
        _take_over(row, at=at)
    return row


def _take_over(row: IdempotencyKey, *, at: datetime) -> None:
    """The request that held the key has died, if its lock is old enough."""
    unanswered = Q(pk=row.pk, locked__lt=at - LOCKED)
    if not IdempotencyKey.objects.filter(unanswered).update(locked=at):
        raise KeyInUse("A request with this key is under way. Try again.")
    row.locked = at


def answer(
    row: IdempotencyKey, *, status: int, body: str, headers: dict[str, str] | None = None
) -> None:
    """Keep the answer, also one that says 500.

    :raises KeyInUse: if the lock was taken over meanwhile; let it undo the transaction
    """
    changed = IdempotencyKey.objects.filter(pk=row.pk, locked=row.locked).update(
        status=status, body=body, headers=headers or {}, locked=None
    )
    if not changed:
        raise KeyInUse("A later request with this key is under way.")
    row.refresh_from_db()


def forget(row: IdempotencyKey) -> None:
    """Nothing was done: the same key may come again with a better request."""
    IdempotencyKey.objects.filter(pk=row.pk, locked=row.locked).delete()
