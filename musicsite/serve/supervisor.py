"""Looks after the processes until it is told to stop."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from types import FrameType
from typing import Protocol

from musicsite.serve.children import Child, Say

HEAD_START = 60.0  # seconds for the first child to answer before the others start
GRACE = 15.0  # seconds for all of them together to finish what they are at


class Server(Protocol):
    """What the others cannot do without: started first, stopped last."""

    def start(self) -> None: ...
    def look_after(self) -> None: ...
    def stop(self, deadline: float) -> None: ...


@dataclass
class Supervisor:
    servers: list[Server]
    children: list[Child]
    say: Say
    is_up: Callable[[], bool]
    when_up: Callable[[], None]
    _told_to_stop: threading.Event = field(default_factory=threading.Event, init=False)
    _hurry: bool = field(default=False, init=False)

    def run(self) -> None:
        """Start all, look after them, and come back when all are stopped."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            for server in self.servers:
                server.start()
            self._look_after_the_first()
            self._look_after_all()
        finally:
            self._stop_all()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._hurry = self._told_to_stop.is_set()  # a second Ctrl-C
        self._told_to_stop.set()

    def _look_after_the_first(self) -> None:
        """The site first: on a small machine the others would keep it from starting."""
        patience = time.monotonic() + HEAD_START
        while not self._told_to_stop.wait(0.1) and time.monotonic() < patience:
            self._look_after(self.children[:1])
            if self.is_up():
                return self.when_up()
        return None

    def _look_after_all(self) -> None:
        while not self._told_to_stop.is_set():
            self._look_after(self.children)
            self._told_to_stop.wait(0.5)

    def _look_after(self, children: list[Child]) -> None:
        for server in self.servers:
            server.look_after()
        for child in children:
            child.look_after()

    def _stop_all(self) -> None:
        self.say("Stopping.")
        deadline = time.monotonic() + GRACE
        for child in self.children:
            child.ask_to_stop()
        while any(child.is_running for child in self.children):
            if self._hurry or time.monotonic() > deadline:
                deadline = 0
                break
            time.sleep(0.05)
        for child in self.children:
            child.wait_or_kill(deadline)
        for server in self.servers:
            server.stop(time.monotonic() + GRACE)


def answers(host: str, port: int) -> bool:
    """Whether the site says there that it lives."""
    connection = HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
