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

from recommendations.engine.benchmark.peers import MODELS, ROWS, Product, rank
from recommendations.engine.ease import CatalogueTooLargeError
from recommendations.engine.evaluation.metrics import accuracy, relevant_counts
from recommendations.engine.evaluation.splits import Split
from recommendations.engine.interactions import Interactions
from recommendations.engine.protocol import Recommender

METRICS = ("recall", "ndcg", "precision")
TICK = 0.02  # seconds between two looks at the memory


@dataclass(frozen=True)
class Measured:
    name: str
    figures: dict[str, Any]
    ndcg: NDArray[np.float64]  # (n_users,) NaN where nothing was asked for


@dataclass(frozen=True)
class _Lists:
    """How good the lists of those who were asked are."""

    asked: NDArray[np.int64]  # users
    per_user: dict[str, NDArray[np.float64]]  # (n_asked,) by metric
    shown: NDArray[np.bool_]  # (n_items,)
    seconds: float  # to score and rank


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
        model = MODELS[name](seed, n)
        if isinstance(model, Product):
            model.validation = split.validation
        model.fit(split.train)
        training = time.perf_counter() - start
    lists = _judge(model, split, n)
    figures = {
        **{metric: float(np.nanmean(lists.per_user[metric])) for metric in METRICS},
        "validation_ndcg": getattr(model, "validation_ndcg_", None),
        "coverage": float(lists.shown.mean()),
        "train_seconds": training,
        "fit_seconds": _fit_again(model, split.train, training),
        "compile_seconds": compiling,
        "peak_mb": peak[0],
        "score_us": lists.seconds * 1e6 / lists.asked.size,
        "setting": getattr(model, "setting_", None),
    }
    ndcg = np.full(split.held_out.shape[0], np.nan)
    ndcg[lists.asked] = lists.per_user["ndcg"]
    return Measured(name, figures, ndcg)


def _judge(model: Recommender, split: Split, n: int) -> _Lists:
    """A few listeners at a time, so that long lists of many listeners fit."""
    asked = np.flatnonzero(relevant_counts(split.held_out))
    shown = np.zeros(split.train.n_items, np.bool_)
    seconds, parts = 0.0, []
    for start in range(0, asked.size, ROWS):
        users = asked[start : start + ROWS]
        histories = csr_array(split.train.matrix[users])
        begun = time.perf_counter()
        ranked = rank(model, histories, n)
        seconds += time.perf_counter() - begun
        shown[ranked[ranked >= 0]] = True
        parts.append(accuracy(ranked, csr_array(split.held_out[users]), n=n))
    per_user = {metric: np.concatenate([part[metric] for part in parts]) for metric in METRICS}
    return _Lists(asked, per_user, shown, seconds)


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
    rank(MODELS[name](0, 5).fit(tiny), tiny.matrix, 5)


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
