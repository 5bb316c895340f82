from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A server that ends a kept connection says so on its socket, and is heard there.

    Django asks `SELECT 1` before each request's first query, which costs as much as a query.
    """

    def close_if_health_check_failed(self) -> None:
        if not self.health_check_done and _is_silent(self.connection):  # type: ignore[has-type]
            self.health_check_done = True
        super().close_if_health_check_failed()


def _is_silent(connection: Any) -> bool:
    """Nothing is waiting to be read: what nobody has asked for is a farewell, or worth a look."""
    if connection is None or connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)
