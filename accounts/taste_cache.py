"""What is worked out of a listener's taste: kept while it holds, and forgotten at once if it must.

There is one place for each kind, so that nothing is left of a taste that was kept before.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import transaction

from accounts.models import Listener

KINDS = ("past", "portrait")
KEPT_FOR = 3600  # seconds


def find(kind: str, listener: Listener, stamp: str) -> Any | None:
    """Return what was kept under this stamp, which says of what it was worked out."""
    kept = cache.get(_name(kind, listener.pk))
    return kept[1] if kept and kept[0] == stamp else None


def keep(kind: str, listener: Listener, stamp: str, value: Any) -> None:
    cache.set(_name(kind, listener.pk), (stamp, value), KEPT_FOR)


def forget(*listeners: int) -> None:
    """Keep nothing of these listeners, from the end of the transaction on."""
    names = [_name(kind, pk) for kind in KINDS for pk in listeners]
    transaction.on_commit(partial(cache.delete_many, names))


def _name(kind: str, pk: int) -> str:
    return f"{kind}:{pk}"
