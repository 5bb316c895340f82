"""Who holds a claim, and whether they are still there."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

DEAD = ("Z", "X", "x")  # states of a process, as /proc says them


@cache
def this_machine() -> str:
    """One running kernel and its processes; two containers of one host are two machines."""
    boot = _read("/proc/sys/kernel/random/boot_id")[:8]
    try:
        processes = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        processes = ""
    return f"{socket.gethostname()[:100]}:{boot}:{processes}"


def this_process() -> str:
    return f"{this_machine()}/{os.getpid()}/{_started(os.getpid())}"


def is_gone(owner: str) -> bool:
    """Only when it is sure: a process of another machine is never said to be gone."""
    machine, _, process = owner.partition("/")
    if machine != this_machine():
        return False
    pid, _, started = process.partition("/")
    return not _exists(int(pid)) or _started(int(pid)) != started


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(pid: int) -> str:
    """When the process began, in ticks: a process number is used again, this is not.

    Nothing for one that is dead, and only waits for its parent to look.
    """
    after_name = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return after_name[19] if len(after_name) > 19 and after_name[0] not in DEAD else ""


def _read(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""
