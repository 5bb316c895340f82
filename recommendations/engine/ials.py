"""iALS (Hu, Koren and Volinsky 2008, https://doi.org/10.1109/ICDM.2008.22), trained by `implicit`.

Each item has a vector y. A history folds in by one small solve, so a newcomer is scored like
anyone, and the score is a sum over the history's items (section 5 of the paper):

    score(j) = y_j' (Y'Y + reg I + sum alpha |w_i| y_i y_i')^-1 sum (1 + alpha w_i) y_i
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.interactions import Interactions
from recommendations.engine.linear import liked
from recommendations.engine.model import LowRank
from recommendations.engine.parallel import Progress
from recommendations.engine.protocol import NotFittedError
from recommendations.engine.solve import backward, cholesky, forward

TRAINING = Path(__file__).with_name("ials_training.py")
ROWS = 512  # histories scored at once, so that dense scores stay small
TICK = 0.2  # seconds between two questions to the child


class TrainingError(RuntimeError):
    """The process that trains iALS died; its last words are in the message."""


class IALS:
    """Scores the `candidates` best items beside those of the history."""

    low_rank_: LowRank | None = None

    def __init__(
        self,
        *,
        factors: int = 64,
        regularization: float = 0.01,
        alpha: float = 5.0,
        iterations: int = 15,
        candidates: int = 500,
        seed: int = 0,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.factors = factors
        self.regularization = regularization
        self.alpha = alpha
        self.iterations = iterations
        self.candidates = candidates
        self.seed = seed
        self.workers = workers
        self.progress = progress

    def fit(self, interactions: Interactions) -> Self:
        self.low_rank_ = None
        setting = {
            "factors": self.factors,
            "regularization": self.regularization,
            "alpha": self.alpha,
            "iterations": self.iterations,
            "random_state": self.seed,
        }
        self.low_rank_ = train(liked(interactions), setting, self.workers, self.progress)
        return self

    def score(self, histories: csr_array) -> csr_array:
        if self.low_rank_ is None:
            raise NotFittedError("iALS has no factors yet: call fit first.")
        model = self.low_rank_
        starts = range(0, max(histories.shape[0], 1), ROWS)
        parts = [self._score_rows(model, histories[start : start + ROWS]) for start in starts]
        lengths = np.concatenate([np.diff(part.indptr) for part in parts])
        return csr_array(
            (
                np.concatenate([part.data for part in parts]),
                np.concatenate([part.indices for part in parts]),
                np.concatenate(([0], np.cumsum(lengths))),
            ),
            shape=histories.shape,
        )

    def _score_rows(self, model: LowRank, histories: csr_array) -> csr_array:
        scores = fold_in(model, histories) @ model.factors.T
        n_rows, n_items = scores.shape
        longest = int(np.diff(histories.indptr).max(initial=0))
        width = min(n_items, self.candidates + longest)
        best = np.argpartition(-scores, width - 1, axis=1)[:, :width] if width else scores[:, :0]
        best = np.sort(best.astype(np.int64), axis=1)
        data = np.take_along_axis(scores, best, axis=1).ravel()
        return csr_array((data, best.ravel(), np.arange(n_rows + 1) * width), shape=scores.shape)


def train(
    matrix: csr_array,
    setting: Mapping[str, Any],
    workers: int | None = None,
    progress: Progress | None = None,
) -> LowRank:
    """Train in a child process, which ends with this call however it ends.

    :raises TrainingError: when the child has died
    """
    with tempfile.TemporaryDirectory(prefix="ials-") as name:
        folder = Path(name)
        _hand_over(folder, matrix, setting, workers)
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        child = subprocess.Popen(  # noqa: S603 - our own file, no shell
            [sys.executable, "-W", "ignore", str(TRAINING), name],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            _wait(child, progress)
        finally:
            child.kill()
            child.communicate()
        items = np.load(folder / "items.npy", allow_pickle=False).astype(np.float32)
    gram = items.T @ items
    gram[np.diag_indices_from(gram)] += setting["regularization"]
    return LowRank(items, gram, np.ones(len(items), np.float32), setting["alpha"])


def _hand_over(
    folder: Path, matrix: csr_array, setting: Mapping[str, Any], workers: int | None
) -> None:
    for name in ("data", "indices", "indptr"):
        np.save(folder / f"{name}.npy", getattr(matrix, name))
    asked = {"shape": matrix.shape, "setting": dict(setting), "workers": workers or 0}
    (folder / "setting.json").write_text(json.dumps(asked))


def _wait(child: subprocess.Popen[bytes], progress: Progress | None) -> None:
    """`progress` hears nothing but that time passes: how far the child is, it does not tell."""
    while True:
        try:
            _, last_words = child.communicate(timeout=TICK)
        except subprocess.TimeoutExpired:
            if progress is not None:
                progress(0.0)
            continue
        if child.returncode:
            raise TrainingError(f"iALS did not train: {last_words.decode()[-500:]}")
        return


def fold_in(model: LowRank, histories: csr_array) -> NDArray[np.float32]:
    """Return (n_histories, n_factors): what `Folded.user` is, for many at once."""
    weights = histories.data.astype(np.float32)
    return _fold_in(
        histories.indptr, histories.indices, weights, model.factors, model.gram, model.alpha
    )


@njit(cache=True, nogil=True, fastmath={"contract"})
def _fold_in(
    indptr: NDArray,
    indices: NDArray,
    weights: NDArray,
    factors: NDArray,
    gram: NDArray,
    alpha: float,
) -> NDArray[np.float32]:
    size = factors.shape[1]
    users = np.zeros((indptr.size - 1, size), np.float32)
    right, middle = np.empty(size, np.float32), np.empty(size, np.float32)
    for row in range(indptr.size - 1):
        system, right[:] = gram.copy(), 0.0
        for at in range(indptr[row], indptr[row + 1]):
            item, extra = factors[indices[at]], np.float32(alpha * abs(weights[at]))
            if weights[at] > 0:
                for one in range(size):
                    right[one] += (np.float32(1.0) + extra) * item[one]
            for one in range(size):
                times = extra * item[one]
                for other in range(one, size):
                    system[one, other] += times * item[other]
        upper = cholesky(system)
        forward(upper, right, size, middle)
        backward(upper, middle, size, users[row])
    return users


@njit(cache=True, nogil=True)
def add_low_rank(
    indptr: NDArray,
    indices: NDArray,
    data: NDArray,
    users: NDArray,
    factors: NDArray,
    scale: NDArray,
) -> None:
    """Add `scale[j] * (user @ factors[j])` to each stored score, in place."""
    for row in range(indptr.size - 1):
        user = users[row]
        for at in range(indptr[row], indptr[row + 1]):
            item = indices[at]
            data[at] += scale[item] * np.dot(user, factors[item])
