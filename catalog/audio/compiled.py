"""librosa with its parts loaded and compiled, by one process at a time.

numba keeps what it compiles for the next process. Two that compile the same parts at once mix up
each other's files, and from then on every process that listens dies of a segmentation fault
(numba/numba#10128): so a fresh machine with two workers would never measure a file.
"""

from __future__ import annotations

import fcntl
import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import librosa
import numba

__all__ = ["librosa"]

PARTS = ("librosa.effects", "librosa.feature.spectral", "librosa.onset")  # load all we use


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Only one process at a time is in here, and one that dies lets the next one in."""
    place.mkdir(parents=True, exist_ok=True)
    folder = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


kept_in = numba.config.CACHE_DIR  # type: ignore[attr-defined]  # from the environment
with _alone(Path(kept_in or librosa.__path__[0])):
    for part in PARTS:
        importlib.import_module(part)
