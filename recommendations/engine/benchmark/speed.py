"""How long training takes: against iALS, and as the data grow.

`python -m recommendations.engine.benchmark.speed` measures a million pairs against iALS-256;
`--set hetrec` a real set instead, `--scale` 200,000 tracks, and `--growth` four sizes up to a
million tracks. "Last fit" is one training with the settings found.
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

from recommendations.engine.benchmark import options
from recommendations.engine.benchmark.data import split_rows
from recommendations.engine.benchmark.measure import peak_memory
from recommendations.engine.benchmark.real import SETS, data_folder, missing, rows_of
from recommendations.engine.benchmark.synthetic import listening
from recommendations.engine.ials import IALS
from recommendations.engine.interactions import Interactions
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


def train(name: str, world: Size | str) -> tuple[float, float, float]:
    """Return seconds, those of the last fit and peak MB, data included, after compiling."""
    MODELS[name]().fit(listening(200, 300, 3000))
    interactions = _real(world) if isinstance(world, str) else listening(*world)
    with peak_memory() as peak:
        model = MODELS[name]()
        seconds = last = _seconds(model, interactions)
    if isinstance(model, Segue):
        last = _seconds(Segue(choice=model.choice_, row_limit=200), interactions)
    return seconds, last, peak[0]


def _seconds(model: Any, interactions: Interactions) -> float:
    start = time.perf_counter()
    model.fit(interactions)
    return time.perf_counter() - start


def _real(name: str) -> Interactions:
    return split_rows(rows_of(name, data_folder()), method="user", share=0.2, seed=0).train


def measure(name: str, world: Size | str, *, times: int = 1) -> list[float]:
    """Return the medians of several trainings, each in a process of its own."""
    found = []
    for _ in range(times):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            found.append(pool.submit(train, name, world).result())
    return [statistics.median(values) for values in zip(*found, strict=True)]


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    if asked.set and missing(asked.set, data_folder()):
        return 0
    sys.stdout.write("| data | model | seconds | last fit | peak MB |\n")
    sys.stdout.write("| --- | --- | --- | --- | --- |\n")
    for name, world in _wanted(asked):
        seconds, last, peak = measure(name, world, times=asked.times)
        row = f"{_said(world)} | {name} | {seconds:.2f} | {last:.2f} | {peak:.0f}"
        sys.stdout.write(f"| {row} |\n")
        sys.stdout.flush()
    return 0


def _said(world: Size | str) -> str:
    if isinstance(world, str):
        return world
    users, items, pairs = world
    return f"{users:,} users, {items:,} items, {pairs:,} pairs"


def _wanted(asked: argparse.Namespace) -> list[tuple[str, Size | str]]:
    if asked.growth:
        return [(name, size) for size in GROWTH for name in asked.models or ["ridge"]]
    if asked.scale:
        return [(name, SCALE) for name in asked.models or ["ridge", "segue"]]
    return [(name, asked.set or MILLION) for name in asked.models or MODELS]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure how long training takes.")
    world = parser.add_mutually_exclusive_group()
    world.add_argument("--set", choices=list(SETS), help="a real set in place of made-up ones")
    world.add_argument("--scale", action="store_true", help="200,000 tracks, 6 million pairs")
    world.add_argument("--growth", action="store_true", help="four sizes, up to 1 million tracks")
    parser.add_argument("--models", type=options.names_among(MODELS), help=",".join(MODELS))
    parser.add_argument("--times", type=options.whole(1, 1000), default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
