"""One model, one process: training time, memory, quality and speed, of nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.benchmark.peers import MODELS, rank
from recommendations.engine.ease import CatalogueTooLargeError
from recommendations.engine.evaluation.metrics import accuracy, coverage
from recommendations.engine.evaluation.splits import Split
from recommendations.engine.interactions import Interactions
from recommendations.engine.protocol import Recommender

TICK = 0.02  # seconds between two looks at the memory


@dataclass(frozen=True)
class Measured:
    name: str
    figures: dict[str, Any]
    ndcg: NDArray[np.float64]  # (n_users,) NaN where nothing was asked for


def measure(name: str, split: Split, *, n: int = 20, seed: int = 0) -> Measured:
    """Measure a model in a process of its own.

    A catalogue too large for it is in `figures["left_out"]`, what goes wrong in `figures["error"]`.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(measure_here, name, split, n=n, seed=seed).result()
        except CatalogueTooLargeError as error:
            figures = {"left_out": str(error)}
        except Exception as error:  # the table goes on, and says what happened
            figures = {"error": f"{type(error).__name__}: {error}"}
        return Measured(name, figures, np.full(split.held_out.shape[0], np.nan))


def measure_here(name: str, split: Split, *, n: int = 20, seed: int = 0) -> Measured:
    start = time.perf_counter()
    warm_up(name)
    compiling = time.perf_counter() - start
    with peak_memory() as peak:
        start = time.perf_counter()
        model = MODELS[name](seed).fit(split.train)
        training = time.perf_counter() - start
    asked = np.flatnonzero(np.diff(split.held_out.indptr))
    histories = csr_array(split.train.matrix[asked])
    start = time.perf_counter()
    ranked = rank(model, histories, n)
    scoring = (time.perf_counter() - start) / max(asked.size, 1)
    per_user = accuracy(ranked, csr_array(split.held_out[asked]), n=n)
    ndcg = np.full(split.held_out.shape[0], np.nan)
    ndcg[asked] = per_user["ndcg"]
    figures: dict[str, Any] = {
        metric: _mean(per_user[metric]) for metric in ("recall", "ndcg", "precision")
    }
    figures |= {
        "coverage": coverage(ranked, split.train.n_items),
        "train_seconds": training,
        "fit_seconds": _fit_again(model, split.train, training),
        "compile_seconds": compiling,
        "peak_mb": peak[0],
        "score_us": scoring * 1e6,
        "setting": getattr(model, "setting_", None),
    }
    return Measured(name, figures, ndcg)


def _mean(values: NDArray[np.float64]) -> float:
    return float(np.nanmean(values))


def _fit_again(model: Recommender, train: Interactions, otherwise: float) -> float:
    """Return the seconds one training takes once the settings are known."""
    again = getattr(model, "again", None)
    if again is None:
        return otherwise
    start = time.perf_counter()
    again().fit(train)
    return time.perf_counter() - start


def warm_up(name: str) -> None:
    """Compile, or read what was compiled before, on a world of a few listeners."""
    rng = np.random.default_rng(0)
    tiny = Interactions.from_triples(rng.integers(0, 20, 120), rng.integers(0, 15, 120))
    rank(MODELS[name](0).fit(tiny), tiny.matrix, 5)


@contextmanager
def peak_memory() -> Iterator[list[float]]:
    """Yield a list whose one value becomes the peak in MB of this process and its children."""
    peak = [_resident()]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(TICK):
            peak[0] = max(peak[0], _resident())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()
        peak[0] = max(peak[0], _resident())


def _resident() -> float:
    """Return MB; 0 where the system has no /proc to ask."""
    children = [
        child
        for path in Path("/proc/self/task").glob("*/children")
        for child in _text(path).split()
    ]
    return sum(_resident_of(pid) for pid in ["self", *children])


def _resident_of(pid: str) -> float:
    for line in _text(Path("/proc") / pid / "status").splitlines():
        if line.startswith("VmRSS:"):
            return float(line.split()[1]) / 1024
    return 0.0


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # a process that has just ended
        return ""
