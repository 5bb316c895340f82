"""Work in blocks on threads: compiled code lets go of the interpreter, so threads are enough.

No OpenMP, so a process that trained may fork; each block's result depends on the block alone,
so the number of workers changes nothing but the time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

Block = TypeVar("Block")
Result = TypeVar("Result")

Progress = Callable[[float], None]  # is told the share done, 0 to 1; raising stops the work


def tell(progress: Progress | None, done: int, of: int) -> None:
    if progress is not None:
        progress(done / of)


def map_blocks(
    work: Callable[[Block], Result],
    blocks: Sequence[Block],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Result]:
    """Return the results in the order of the blocks.

    What `progress` raises goes through, after the blocks under way; the others never start.
    """
    workers = workers or os.cpu_count() or 1
    with threadpool_limits(1), ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work, block) for block in blocks]
        try:
            results = []
            for done, future in enumerate(futures, start=1):
                results.append(future.result())
                tell(progress, done, len(futures))
            return results
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
