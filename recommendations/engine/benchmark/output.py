"""Files that are there whole or not at all."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

Measured = tuple[int, Any]  # the code to end with, and what the JSON says


def told(measured: Callable[[], Measured], path: Path | None) -> int:
    """Measure, write what was found to the path, if there is one, and return the code.

    That nothing can be written there is said before anything is measured.
    """
    if path is None:
        return measured()[0]
    try:
        with replacing(path) as out:
            code, found = measured()
            out.write(json.dumps(found, indent=1) + "\n")
    except OSError as error:
        sys.stderr.write(f"{path}: {error.strerror or error}\n")
        return 2
    return code


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Yield a file that takes the place of `path` when all is written, and of nothing if not.

    What is no plain file (a pipe, a device) is written to as it is.

    :raises OSError: at once where nothing can be written
    """
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8") as out:
            yield out
        return
    target = path.resolve()
    if target.exists():
        target.open("r+").close()  # what may not be written to is not replaced either
    part = target.with_name(f".{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as out:
            yield out
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
