"""Whether it was the database that failed, and not the question put to it."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError

AWAY = (InterfaceError, OperationalError)
AGAIN = 5  # seconds after which it is worth asking again

# SQLSTATE classes of PostgreSQL: connection, resources, lock not given, stopped by a person or time
_STATES = ("08", "53", "55P03", "57")
_OF_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_FULL")


def is_away(error: BaseException | None) -> bool:
    """Return whether this says that the database is away, or too busy to answer in time."""
    if not isinstance(error, AWAY):
        return False
    told = error.__cause__
    if name := getattr(told, "sqlite_errorname", None):
        return bool(name.startswith(_OF_SQLITE))
    state = getattr(told, "pgcode", None)  # a connection that is lost has none
    return state is None or bool(state.startswith(_STATES))
