"""Tracks that come and go while others use them.

Each lock is held until the transaction ends. SQLite has one writer, so there it needs none.
"""

from __future__ import annotations

from django.db import connection

USED = 0x5E60_0001  # keys of PostgreSQL's advisory locks
MADE = 0x5E60_0002


def keep_tracks() -> None:
    """Nobody drops a track that is found from now on."""
    _hold("pg_advisory_xact_lock_shared", USED)


def before_making_tracks() -> None:
    """Nobody else makes a track; look again, for somebody may just have made this one."""
    _hold("pg_advisory_xact_lock", MADE)


def before_dropping_tracks() -> None:
    """Nobody finds a track who has not stored by now what they found it for."""
    _hold("pg_advisory_xact_lock", USED)


def _hold(lock: str, key: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}(%s)", [key])
