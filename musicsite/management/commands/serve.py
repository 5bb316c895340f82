from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from accounts.models import User
from musicsite.demo.known import LOGINS, ROSALIND
from musicsite.serve.addresses import is_free, redis_socket, redis_url
from musicsite.serve.embedded_redis import EmbeddedRedis, RedisDidNotStart
from musicsite.serve.plan import Plan
from musicsite.serve.supervisor import Server, Supervisor, answers

PATIENCE = 15.0  # seconds that a run killed just now may take to leave the port


class Command(BaseCommand):
    help = "Serve the whole site from this machine, with workers, beat and a Redis if need be"
    requires_system_checks = ()  # each process that it starts looks for itself

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="how many web processes")

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        self.host, self.port = host, port
        plan = Plan(host, port, workers, settings.BASE_DIR, settings.DATA_DIR, self.say)
        with self._mark():
            supervisor = Supervisor(
                servers=self._servers(),
                children=plan.children(),
                say=self.say,
                is_up=lambda: answers(self._reachable(), port),
                when_up=self._announce,
            )
            try:
                supervisor.run()
            except RedisDidNotStart as error:
                raise CommandError(str(error)) from error

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _servers(self) -> list[Server]:
        if redis_url(settings.DATA_DIR) != settings.REDIS_URL:
            return []
        socket = redis_socket(settings.DATA_DIR)
        return [EmbeddedRedis(socket, settings.DATA_DIR / "redis", self.say)]

    @contextmanager
    def _mark(self) -> Iterator[None]:
        """Take the port, and leave word of it for the run after one that was killed."""
        mark = Path(settings.DATA_DIR, f"serve-{self.port}.pid")
        mark.parent.mkdir(parents=True, exist_ok=True)
        self._wait_for_port(mark)
        mark.write_text(str(os.getpid()))
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)

    def _wait_for_port(self, mark: Path) -> None:
        deadline = time.monotonic() + (PATIENCE if _was_killed(mark) else 0)
        while not is_free(self.host, self.port):
            if time.monotonic() >= deadline:
                raise CommandError(
                    f"Something else is at port {self.port} already. "
                    f"Stop it, or serve elsewhere: make run PORT={self.port + 1}"
                )
            time.sleep(0.1)

    def _reachable(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    def _announce(self) -> None:
        host = self._reachable()
        address = f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"
        logins = LOGINS if _has_demo_world() else ""
        self.say(f"\nSegue is at {address}\n{logins}\n")


def _has_demo_world() -> bool:
    try:
        return User.objects.filter(email=ROSALIND).exists()
    except DatabaseError:  # no tables yet: the site says so itself
        return False
    finally:
        connection.close()


def _was_killed(mark: Path) -> bool:
    """Whether a run left its mark and is no more: its web server may still be going away."""
    try:
        os.kill(int(mark.read_text()), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        return False
    return False
