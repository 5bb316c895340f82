"""Listeners the model has never seen, by how much is known of them:
`python -m recommendations.engine.benchmark.newcomers`.

A fifth of the listeners is left out of training. A fifth of their items is asked for; the model
gets their 1, 3, 5 most played of the rest, then all of the rest.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.benchmark import options
from recommendations.engine.benchmark.data import split_rows
from recommendations.engine.benchmark.peers import MODELS, rank
from recommendations.engine.benchmark.real import SETS, data_folder, missing, rows_of
from recommendations.engine.evaluation.bootstrap import paired_interval
from recommendations.engine.evaluation.metrics import accuracy
from recommendations.engine.evaluation.splits import Split
from recommendations.engine.interactions import Interactions

GIVEN = (1, 3, 5)
WHOLE = 10**9
N = 20


def heaviest(histories: csr_array, given: int) -> csr_array:
    """Keep the `given` greatest weights of each row; of equals, the first columns."""
    rows = np.repeat(np.arange(histories.shape[0]), np.diff(histories.indptr))
    order = np.lexsort((-histories.data, rows))
    place = np.empty(histories.nnz, np.int64)
    place[order] = np.arange(histories.nnz) - np.repeat(
        histories.indptr[:-1], np.diff(histories.indptr)
    )
    kept = place < given
    counts = np.bincount(rows[kept], minlength=histories.shape[0])
    indptr = np.concatenate(([0], np.cumsum(counts)))
    return csr_array((histories.data[kept], histories.indices[kept], indptr), histories.shape)


def figures(
    name: str, split: Split, newcomers: NDArray[np.int64], *, seed: int
) -> dict[int, NDArray[np.float64]]:
    """Return NDCG@20 of each newcomer by how many items are given."""
    model = MODELS[name](seed, N).fit(_without(split.train, newcomers))
    whole = csr_array(split.train.matrix[newcomers])
    held_out = csr_array(split.held_out[newcomers])
    found = {}
    for given in (*GIVEN, WHOLE):
        ranked = rank(model, heaviest(whole, given), N, hide=whole)
        found[given] = accuracy(ranked, held_out, n=N)["ndcg"]
    return found


def _without(train: Interactions, users: NDArray[np.int64]) -> Interactions:
    kept = np.setdiff1d(np.arange(train.n_users), users)
    return replace(train, matrix=csr_array(train.matrix[kept]), user_ids=train.user_ids[kept])


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    if missing(asked.set, asked.folder):
        return 0
    rows = rows_of(asked.set, asked.folder)
    split = split_rows(rows, method="user", share=0.2, seed=asked.seed)
    rng = np.random.default_rng(asked.seed)
    newcomers = np.flatnonzero(rng.random(split.train.n_users) < 0.2)
    names = dict.fromkeys(["segue", *asked.models])
    found = {name: figures(name, split, newcomers, seed=asked.seed) for name in names}
    sys.stdout.write("| model | given | NDCG@20 | of its whole | segue less this, 95 % paired |\n")
    sys.stdout.write("| --- | --- | --- | --- | --- |\n")
    for name, by_given in found.items():
        for given, values in by_given.items():
            sys.stdout.write(_row(name, given, values, by_given[WHOLE], found["segue"][given]))
    return 0


def _row(name: str, given: int, values: NDArray, whole: NDArray, segue: NDArray) -> str:
    mean, of_whole = np.nanmean(values), np.nanmean(values) / np.nanmean(whole)
    difference = paired_interval(segue, values, rng=np.random.default_rng(0))
    known = "all" if given == WHOLE else given
    against = f"{difference.mean:+.4f} [{difference.low:+.4f}, {difference.high:+.4f}]"
    return f"| {name} | {known} | {mean:.4f} | {of_whole:.0%} | {against} |\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure lists for listeners never seen before.")
    parser.add_argument("folder", type=Path, nargs="?", default=data_folder())
    parser.add_argument("--set", choices=list(SETS), default="hetrec")
    parser.add_argument(
        "--models",
        type=options.names_among(MODELS),
        default=["popularity", "knn", "ials"],
        help=f"{','.join(MODELS)}; segue, with which they are compared, is always among them",
    )
    parser.add_argument("--seed", type=options.seed, default=0)
    return parser


if __name__ == "__main__":
    sys.exit(main())
