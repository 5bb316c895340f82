"""From files to one split: what is learnt from, and what is asked for."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.benchmark.files import Noted, Rows, UnusableDataError, damped, read
from recommendations.engine.evaluation.splits import Events, Split, by_time, by_user
from recommendations.engine.interactions import Interactions


@dataclass(frozen=True)
class Data:
    split: Split
    bad_lines: Mapping[str, Noted]  # by file
    silent_lines: Mapping[str, Noted]  # likewise, those of weight 0

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
            **counted("bad_line", self.bad_lines),
            **counted("silent_line", self.silent_lines),
        }


def counted(what: str, lines: Mapping[str, Noted]) -> dict[str, Any]:
    return {
        f"{what}s": {name: noted.count for name, noted in lines.items()},
        f"{what}_numbers": {name: noted.first for name, noted in lines.items()},
    }


def load(
    train: Path, test: Path | None, *, method: str = "user", share: float = 0.2, seed: int = 0
) -> Data:
    """:raises UnusableDataError: if a file cannot be read or leaves nothing to learn or ask"""
    paths = [train] if test is None else [train, test]
    known = Rows()
    sources = [known, Rows(known.names)][: len(paths)]
    bad = dict(zip(_called(paths), (rows.bad for rows in sources), strict=True))
    try:
        for path, rows in zip(paths, sources, strict=True):
            _read_likes(path, rows)
        if test is None:
            split = split_rows(known, method=method, share=share, seed=seed)
        else:
            split = _two_files(*sources)
    except UnusableDataError as error:
        error.bad_lines = bad
        raise
    return Data(split, bad, dict(zip(bad, (rows.silent for rows in sources), strict=True)))


def _called(paths: Sequence[Path]) -> list[str]:
    """Files are called by their names, or by where they lie when their names are the same."""
    if len({path.name for path in paths}) == len(paths):
        return [path.name for path in paths]
    if len(set(paths)) == len(paths):
        return [str(path) for path in paths]
    return [f"{path} ({role})" for path, role in zip(paths, ("train", "test"), strict=True)]


def _read_likes(path: Path, rows: Rows) -> None:
    read(path, rows)
    if not rows.likes_anything:
        raise UnusableDataError(f"{path}: no weight is above 0, so nobody likes anything.")


def split_rows(rows: Rows, *, method: str, share: float, seed: int) -> Split:
    """:raises UnusableDataError: if it cannot be split so, or one part comes out empty"""
    if method == "time":
        return _by_time(rows, share)
    whole = _damped(_events(rows).interactions())
    split = by_user(whole, share=share, rng=np.random.default_rng(seed))
    if split.held_out.nnz == 0:
        raise UnusableDataError("The split leaves nothing to ask for: no listener has two items.")
    return _usable(split, "all that is held out weighs less than 0")


def _by_time(rows: Rows, share: float) -> Split:
    if missing := rows.without_time.count:
        raise UnusableDataError(
            "A split by time needs a unix time on every line: `user item weight time`. "
            f"{missing} lines have none: {rows.without_time}."
        )
    events = _events(rows, times=rows.times)
    if events.times.min() == events.times.max():
        raise UnusableDataError("All lines have the same time: no moment parts them.")
    moment = events.moment_leaving(share)
    split = _usable(
        _weighed(by_time(events, share=share, moment=moment)),
        "nothing that a listener met for the first time after the cut weighs more than 0",
    )
    validation = _weighed(by_time(events.before(moment), share=share))
    sides = (validation.train.matrix.data, validation.held_out.data)
    both = all((weights > 0).any() for weights in sides)
    return replace(split, validation=validation) if both else split


def _weighed(split: Split) -> Split:
    return replace(split, train=_damped(split.train), held_out=_quiet(split.held_out))


def _two_files(known: Rows, asked: Rows) -> Split:
    events = _events(known, asked)
    first = np.arange(events.users.size) < len(known.users)
    train = _damped(events.where(first).interactions())
    wanted = _quiet(events.where(~first).interactions().matrix)
    heard = csr_array(train.matrix.astype(bool).astype(np.float32))
    held_out = csr_array(wanted - wanted * heard)
    held_out.eliminate_zeros()
    held_out.sort_indices()
    return _usable(
        Split(train, held_out, "as the two files have it"),
        "every pair of the test file that weighs more than 0 is in the training file already",
    )


def _usable(split: Split, why_nothing: str) -> Split:
    if not (split.train.matrix.data > 0).any():
        raise UnusableDataError("Nothing is left to learn from: no pair weighs more than 0.")
    if not (split.held_out.data > 0).any():
        raise UnusableDataError(f"Nothing is left to ask for: {why_nothing}.")
    return split


def _events(*sources: Rows, times: array[float] | None = None) -> Events:
    """Users and items get the places of their ids in order, whatever order the files have."""
    names = sources[0].names
    user_ids, rows = _in_order(names.users)
    item_ids, columns = _in_order(names.items)
    users, items, weights = (
        np.concatenate([np.asarray(getattr(source, column)) for source in sources])
        for column in ("users", "items", "weights")
    )
    return Events(
        rows[users],
        columns[items],
        weights.astype(np.float64),  # in which no sum of many overflows
        np.arange(users.size, dtype=np.float64) if times is None else np.asarray(times),
        user_ids,
        item_ids,
    )


def _in_order(codes: Mapping[bytes, int]) -> tuple[NDArray, NDArray[np.int64]]:
    """Return the ids in order, as objects of their own length, and the place of each code."""
    ordered = sorted(codes)
    places = np.empty(len(ordered), np.int64)
    places[[codes[name] for name in ordered]] = np.arange(len(ordered))
    ids = np.empty(len(ordered), dtype=object)
    ids[:] = [name.decode(errors="surrogateescape") for name in ordered]
    return ids, places


def _damped(interactions: Interactions) -> Interactions:
    return replace(interactions, matrix=_quiet(interactions.matrix))


def _quiet(matrix: csr_array) -> csr_array:
    return csr_array((damped(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)
