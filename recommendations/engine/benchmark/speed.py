"""How long training takes: against iALS, and as the data grow.

`python -m recommendations.engine.benchmark.speed` measures a million pairs against iALS-256;
`--scale` 200,000 tracks, and `--growth` four sizes up to a million tracks.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from recommendations.engine.benchmark.measure import peak_memory
from recommendations.engine.benchmark.synthetic import listening
from recommendations.engine.ials import IALS
from recommendations.engine.ridge import NeighbourhoodRidge
from recommendations.engine.segue import Segue

Size = tuple[int, int, int]  # users, items, pairs

MILLION: Size = (17_000, 50_000, 1_000_000)
SCALE: Size = (100_000, 200_000, 6_000_000)
GROWTH: Sequence[Size] = (
    (12_500, 25_000, 750_000),
    (50_000, 100_000, 3_000_000),
    (100_000, 200_000, 6_000_000),
    (500_000, 1_000_000, 30_000_000),
)
MODELS: dict[str, Callable[[], Any]] = {
    "ridge": lambda: NeighbourhoodRidge(k=50, row_limit=200),
    "segue": lambda: Segue(row_limit=200),
    "ials-256": lambda: IALS(factors=256, iterations=15),
}


def train(name: str, size: Size) -> tuple[float, float]:
    """Return seconds and peak MB, data included, after compiling on a small world."""
    MODELS[name]().fit(listening(200, 300, 3000))
    interactions = listening(*size)
    with peak_memory() as peak:
        start = time.perf_counter()
        MODELS[name]().fit(interactions)
        seconds = time.perf_counter() - start
    return seconds, peak[0]


def measure(name: str, size: Size, *, times: int = 1) -> tuple[float, float]:
    """Return the medians of several trainings, each in a process of its own."""
    found = []
    for _ in range(times):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            found.append(pool.submit(train, name, size).result())
    return statistics.median(s for s, _ in found), statistics.median(mb for _, mb in found)


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    sys.stdout.write("| model | users | items | pairs | seconds | peak MB |\n")
    sys.stdout.write("| --- | --- | --- | --- | --- | --- |\n")
    for name, size in _wanted(asked):
        seconds, peak = measure(name, size, times=asked.times)
        users, items, pairs = size
        sys.stdout.write(f"| {name} | {users} | {items} | {pairs} | {seconds:.1f} | {peak:.0f} |\n")
        sys.stdout.flush()
    return 0


def _wanted(asked: argparse.Namespace) -> list[tuple[str, Size]]:
    if asked.growth:
        return [(name, size) for size in GROWTH for name in asked.models or ["ridge"]]
    if asked.scale:
        return [(name, SCALE) for name in asked.models or ["ridge", "segue"]]
    return [(name, MILLION) for name in asked.models or MODELS]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure how long training takes.")
    parser.add_argument("--scale", action="store_true", help="200,000 tracks, 6 million pairs")
    parser.add_argument("--growth", action="store_true", help="four sizes, up to 1 million tracks")
    parser.add_argument("--models", type=lambda text: text.split(","), help=",".join(MODELS))
    parser.add_argument("--times", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
