"""Work that wants a process of its own: much memory, threads of its own, or a crash at worst."""

from __future__ import annotations

import ctypes
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import IO

from django.conf import settings

from jobs.services.running import Run

LOOK_UP = 1.0  # seconds between two looks at whether the job was called off
PROGRESS = re.compile(r"^\s*(\d{1,3})%\s+(.*)$")  # " 40%  Fitting", as a command says it
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class CommandFailed(Exception):
    """Says what the command last said."""


def run_command(run: Run, *arguments: str) -> str:
    """Run a management command in a child that dies with this process; return its last line.

    What it says of its progress (" 40%  Fitting") becomes the job's.

    :raises CommandFailed: if it ends with an error
    :raises Cancelled: if the job is called off; the child is killed then
    """
    with subprocess.Popen(  # noqa: S603 -- our own commands, no shell
        [*_program(), *arguments],
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=_die_with_parent,
    ) as child:
        try:
            said = _follow(run, child.stdout)
            code = child.wait()
        finally:
            child.kill()
    if code != 0:
        raise CommandFailed("\n".join(said[-20:]) or f"exit code {code}")
    return said[-1] if said else ""


def _program() -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py")]


def _die_with_parent() -> None:
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _follow(run: Run, output: IO[bytes] | None) -> list[str]:
    """Read to the end what the child says, and pass on how far it is; return the other lines."""
    said: list[str] = []
    share, words = 0.0, ""
    for line in _lines(output):
        if found := PROGRESS.match(line):
            share, words = min(int(found[1]) / 100, 0.99), found[2].strip()
        elif line:
            said.append(line)
        run.progress(share, words)
    return said


def _lines(output: IO[bytes] | None) -> Iterator[str]:
    """Yield each line, and an empty one whenever there was none for a while."""
    rest = b""
    while output is not None:
        if not select.select([output], [], [], LOOK_UP)[0]:
            yield ""
        elif chunk := os.read(output.fileno(), 65536):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from (line.decode(errors="replace").rstrip() for line in lines)
        else:
            yield rest.decode(errors="replace").rstrip()
            return
