"""The broker: a bell that says there is work, and nothing more. A lost ring is rung again."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from kombu.connection import Connection
from kombu.exceptions import OperationalError
from kombu.pools import connections, producers

from jobs.models import Queue

log = structlog.get_logger(__name__)

# Nobody waits for the bell: a request gives up at once, and the sweep rings again.
HURRY = {"socket_timeout": 0.25, "socket_connect_timeout": 0.25, "max_retries": 0}
SILENT_SECONDS = 5.0
AWAY = (OperationalError, OSError)

# (soft, hard) seconds a job may run before it is told to stop, and before it is killed.
LIMITS = {
    Queue.INTERACTIVE: (240, 300),
    Queue.SYNC: (240, 300),
    Queue.WEBHOOKS: (60, 90),
    Queue.IMPORTS: (3300, 3600),
    Queue.AUDIO: (540, 600),
    Queue.TRAIN: (6 * 3600, 6 * 3600 + 300),
}


class _Silence:
    until = 0.0  # after a failed ring, this process does not try for a while


def ring(queue: str, times: int = 1) -> bool:
    """Wake a worker of this queue; return whether the broker heard."""
    if time.monotonic() < _Silence.until:
        return False
    try:
        _send(queue, times)
    except AWAY as error:
        _Silence.until = time.monotonic() + SILENT_SECONDS
        log.warning("broker_away", queue=queue, error=type(error).__name__)
        return False
    return True


def is_away() -> bool:
    """Ask the broker; a quarter of a second is long enough to answer."""
    try:
        with connections[_connection()].acquire(block=True, timeout=1) as connection:
            connection.default_channel.client.ping()
    except AWAY:
        return True
    return False


def rings_waiting(queue: str) -> int:
    """How many rings no worker has heard yet."""
    with connections[_connection()].acquire(block=True, timeout=1) as connection:
        return int(connection.default_channel.client.llen(queue))


def _send(queue: str, times: int) -> None:
    soft, hard = LIMITS[Queue(queue)]
    with producers[_connection()].acquire(block=True, timeout=1) as producer:
        for _ in range(times):
            current_app.send_task(
                "jobs.run",
                args=[str(queue)],
                queue=str(queue),
                soft_time_limit=soft,
                time_limit=hard,
                producer=producer,
                retry=False,
            )


@cache
def _connection() -> Connection:
    options: dict[str, Any] = {**current_app.conf.broker_transport_options, **HURRY}
    return Connection(settings.CELERY_BROKER_URL, transport_options=options)
