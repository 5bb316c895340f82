"""From files to one split: what is learnt from, and what is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from recommendations.engine.benchmark.files import Rows, UnusableDataError, damped, read
from recommendations.engine.evaluation.splits import Events, Split, by_time, by_user
from recommendations.engine.interactions import Interactions


@dataclass(frozen=True)
class Data:
    split: Split
    bad_lines: dict[str, list[int]]  # by file

    def summary(self) -> dict[str, Any]:
        train, held_out = self.split.train.matrix, self.split.held_out
        heard = np.diff(csr_array(train.T.tocsr()).indptr) > 0
        asked = held_out.indices[held_out.data > 0]
        return {
            "users": int(np.count_nonzero(np.diff(train.indptr))),
            "items": int(np.count_nonzero(heard)),
            "train_pairs": int(train.nnz),
            "test_pairs": int(asked.size),
            "test_users": int(np.count_nonzero(np.diff(held_out.indptr))),
            "cold_test_users": int(
                np.count_nonzero(self.split.cold_users & (np.diff(held_out.indptr) > 0))
            ),
            "cold_test_pairs": int(np.count_nonzero(~heard[asked])),
            "split": self.split.method,
            "seen_items": "hidden",
            "bad_lines": {name: len(lines) for name, lines in self.bad_lines.items()},
            "bad_line_numbers": {name: lines[:20] for name, lines in self.bad_lines.items()},
        }


def load(
    train: Path, test: Path | None, *, method: str = "user", share: float = 0.2, seed: int = 0
) -> Data:
    """:raises UnusableDataError: if a file cannot be read or leaves nothing to learn or ask"""
    known = read(train)
    bad = {train.name: known.bad_lines}
    if test is not None:
        asked = read(test)
        bad[test.name] = asked.bad_lines
        split = _two_files(known, asked)
    else:
        split = split_rows(known, method=method, share=share, seed=seed)
    return Data(usable(split), bad)


def split_rows(rows: Rows, *, method: str, share: float, seed: int) -> Split:
    """:raises UnusableDataError: if the split is to be by time and lines lack theirs"""
    if method == "time" and not rows.has_times:
        raise UnusableDataError(
            "A split by time needs a unix time on every line: `user item weight time`."
        )
    times = rows.times if rows.has_times else None
    events = Events.from_columns(rows.users, rows.items, rows.weights, times)
    if method == "time":
        split = by_time(events, share=share)
        return replace(split, train=_damped(split.train))
    return by_user(_damped(events.interactions()), share=share, rng=np.random.default_rng(seed))


def usable(split: Split) -> Split:
    """:raises UnusableDataError: if there is nothing to learn from or nothing to ask for"""
    if split.train.matrix.nnz == 0:
        raise UnusableDataError("The split leaves nothing to learn from.")
    if not (split.held_out.data > 0).any():
        raise UnusableDataError("The split leaves nothing to ask for: no listener has two items.")
    return split


def _two_files(known: Rows, asked: Rows) -> Split:
    events = Events.from_columns(
        known.users + asked.users, known.items + asked.items, known.weights + asked.weights
    )
    first = np.arange(events.users.size) < len(known.users)
    train = _damped(events.where(first).interactions())
    wanted = events.where(~first).interactions().matrix
    heard = csr_array(train.matrix.astype(bool).astype(np.float32))
    held_out = csr_array(wanted - wanted * heard)
    held_out.eliminate_zeros()
    held_out.sort_indices()
    return Split(train, held_out, "as the two files have it")


def _damped(interactions: Interactions) -> Interactions:
    matrix = interactions.matrix.copy()
    matrix.data = damped(matrix.data)
    return replace(interactions, matrix=matrix)
