"""How long one list takes: `python -m recommendations.engine.serving_speed`.

A synthetic W (K entries a column, popular items in more rows) with history, sound and tags, for a
history of 200 tracks: score, hide, rank 50, diversify, explain. Medians, one thread.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from recommendations.engine import reasons
from recommendations.engine.interactions import Catalogue
from recommendations.engine.model import LowRank, ServingModel, Term
from recommendations.engine.ranking import Rules, Steering, Taste, recommend

HISTORY, N = 200, 50


def synthetic_model(
    n_items: int, *, k: int = 100, content_k: int = 20, n_factors: int = 32, seed: int = 0
) -> ServingModel:
    """A model of the given size with a popularity like that of music, and no meaning."""
    rng = np.random.default_rng(seed)
    popularity = 1e5 / (1 + rng.permutation(n_items)) ** 0.8
    factors = rng.normal(0, 0.1, (n_items, n_factors)).astype(np.float32)
    terms = [
        Term.of("history", _weights(n_items, k, popularity, rng), row_limit=200),
        Term.of("sound", _weights(n_items, content_k, np.ones(n_items), rng), row_limit=200),
        Term.of("tags", _weights(n_items, content_k, np.ones(n_items), rng), row_limit=200),
    ]
    return ServingModel.build(
        np.arange(n_items, dtype=np.int64) * 3,
        terms,
        popularity=popularity,
        catalogue=_catalogue(n_items, rng),
        vectors=_unit(rng.normal(size=(n_items, 32)).astype(np.float32)),
        low_rank=LowRank(
            factors,
            factors.T @ factors + np.eye(n_factors, dtype=np.float32),
            np.full(n_items, 0.1, np.float32),
        ),
    )


def _weights(n_items: int, k: int, popularity: NDArray, rng: np.random.Generator) -> csr_array:
    """Column j draws its K rows by the root of their popularity."""
    share = np.sqrt(popularity)
    rows = np.searchsorted(np.cumsum(share / share.sum()), rng.random(n_items * k))
    rows = np.minimum(rows, n_items - 1).astype(np.int32)
    columns = np.repeat(np.arange(n_items, dtype=np.int32), k)
    data = rng.gamma(1.0, 0.05, rows.size).astype(np.float32)
    weights = csr_array((data, (rows, columns)), shape=(n_items, n_items))
    weights.sum_duplicates()
    return weights


def _catalogue(n_items: int, rng: np.random.Generator) -> Catalogue:
    return Catalogue(
        features=rng.random((n_items, 4), dtype=np.float32),
        feature_names=["energy", "valence", "tempo", "danceability"],
        tags=csr_array(np.zeros((n_items, 1), np.float32)),
        tag_names=["any"],
        artist=rng.integers(0, n_items // 8 + 1, n_items),
        year=rng.integers(1950, 2026, n_items).astype(np.float32),
        work=np.arange(n_items) // 2,
    )


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def listeners(model: ServingModel, count: int, rng: np.random.Generator) -> list[Taste]:
    """Histories drawn by popularity, as people listen."""
    share = model.popularity.astype(np.float64) / model.popularity.sum(dtype=np.float64)
    return [
        Taste(
            rng.choice(model.n_items, HISTORY, replace=False, p=share).astype(np.int32),
            rng.gamma(2.0, 0.5, HISTORY).astype(np.float32),
        )
        for _ in range(count)
    ]


MIDDLE = Steering()
MOVED = Steering(levels={"energy": 0.3, "popularity": -0.2}, adventure=0.2)


def one_list(
    model: ServingModel, taste: Taste, steering: Steering = MIDDLE
) -> list[reasons.Reason]:
    """Score, hide, rank, diversify and explain: all that a request asks of the engine."""
    rules = Rules(per_artist=2, diversity=0.3)
    ranking = recommend(model, taste, N, hidden=taste.items, steering=steering, rules=rules)
    return reasons.explain(model, ranking).all()


def median_ms(work: Callable[[Taste], object], tastes: Sequence[Taste]) -> tuple[float, float]:
    """Return the medians by the clock, and by the processor: on a busy machine they differ."""
    times = []
    for taste in tastes:
        start = time.perf_counter(), time.thread_time()
        work(taste)
        times.append((time.perf_counter() - start[0], time.thread_time() - start[1]))
    clock, processor = np.median(times, axis=0) * 1000
    return float(clock), float(processor)


def measure(n_items: int, *, k: int, repeats: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1):
        path = Path(folder) / "model"
        synthetic_model(n_items, k=k).save(path)
        start = time.perf_counter()
        model = ServingModel.load(path)
        lines = [f"{n_items:,} items: opened in {(time.perf_counter() - start) * 1000:.1f} ms"]
        tastes = listeners(model, repeats + 20, np.random.default_rng(1))
        for name, steering in (("a list", MIDDLE), ("a steered list", MOVED)):
            work = partial(one_list, model, steering=steering)
            median_ms(work, tastes[:20])  # compiles, and reads the pages
            clock, processor = median_ms(work, tastes[20:])
            lines.append(f"  {name:15} {clock:6.2f} ms, processor {processor:6.2f} ms (medians)")
        return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--k", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=200)
    chosen = parser.parse_args()
    for n_items in chosen.items:
        lines = measure(n_items, k=chosen.k, repeats=chosen.repeats)
        sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
