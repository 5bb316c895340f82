"""One process that is looked after: started, started again when it dies, stopped for good."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Say = Callable[[str], None]

LONGEST_PAUSE = 30.0  # seconds
STARTING = 30.0  # seconds until a polite one gives way
SETTLED = 60.0  # seconds: one that lived so long has its pauses counted anew
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    name: str
    command: list[str]
    say: Say
    environment: dict[str, str] = field(default_factory=dict)
    nice: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    deaths: int = field(default=0, init=False)
    started: float = field(default=0.0, init=False)
    again: float = field(default=0.0, init=False)
    gives_way: bool = field(default=False, init=False)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 -- our own commands, no shell
            self.command,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the one who looks after them
            preexec_fn=self._before,
        )
        self.gives_way = False

    def _before(self) -> None:
        """Between fork and exec: die with the parent, however that ends."""
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look_after(self) -> None:
        """Start it again if it has died, later and later the more often that happens."""
        now = time.monotonic()
        if self.is_running:
            if self.nice and not self.gives_way and now - self.started > STARTING:
                self.give_way()
            return
        if self.process is not None:
            self._note_death(self.process.returncode, now)
        if now >= self.again:
            self.start()

    def give_way(self) -> None:
        """From now on; who gave way from the start would not even start on a full machine."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.setpriority(os.PRIO_PGRP, self.process.pid, self.nice)
            _let_session_give_way(self.process.pid, self.nice)
        self.gives_way = True

    def _note_death(self, code: int, now: float) -> None:
        settled = now - self.started > SETTLED
        self.deaths = 1 if settled else self.deaths + 1
        pause = min(2.0 ** (self.deaths - 1), LONGEST_PAUSE)
        self.again, self.process = now + pause, None
        self.say(f"{self.name} ended ({_how(code)}); it is started again in {pause:.0f} s.")

    def ask_to_stop(self) -> None:
        if self.process is not None and self.is_running:
            self.process.send_signal(signal.SIGTERM)

    def wait_or_kill(self, deadline: float) -> None:
        """Wait for its end until then, and leave nothing of it behind."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            self.say(f"{self.name} did not stop in time; it is killed. Nothing is lost by that.")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def _let_session_give_way(pid: int, nice: int) -> None:
    """Where Linux shares the processors out by session, `nice` alone is heard inside its own only.

    Who is not root may say so once in a tenth of a second, on the whole machine.
    """
    group = Path(f"/proc/{pid}/autogroup")
    for _ in range(10):
        try:
            group.write_text(str(nice))
        except BlockingIOError:
            time.sleep(0.1)
        except OSError:  # no such kernel, or the process has ended already
            return
        else:
            return


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
