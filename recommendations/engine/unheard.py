"""Tracks nobody has played yet: what the played tracks they are like say for them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, diags_array, vstack
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import PoissonRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from recommendations.engine.content import robust_scaled
from recommendations.engine.model import strongest
from recommendations.engine.parallel import Progress, tell

BLOCK = 1024  # columns worked out at once
FEW = 10  # played tracks teach nothing of what makes a track played


def carried(
    weights: csr_array,
    content: csr_array,
    support: NDArray,
    *,
    k: int = 300,
    near: int | None = None,
    power: float = 2.0,
    progress: Progress | None = None,
) -> csr_array:
    """Give each item without support the mean column of the played items it is like: column j is
    the sum of share(i, j) * column i, with share ~ content(i, j) ** power over the i with support,
    or the `near` likest of them. The k strongest weights of each column are kept.

    So a track nobody has played stands where the tracks it is like stand in people's histories.
    It is a history term: reasons add up by history track as for any other.
    """
    played = np.asarray(support) > 0
    like = csr_array(csr_array(content.T)[~played] @ diags_array(played.astype(np.float32)))
    like.eliminate_zeros()
    like = strongest(like, near) if near else like
    like.data = np.maximum(like.data, 0) ** power
    total = np.asarray(like.sum(axis=1)).ravel()
    share = csr_array(diags_array(1 / np.maximum(total, 1e-12)) @ like)
    columns = csr_array(weights.T)
    blocks = []
    for start in range(0, share.shape[0], BLOCK):
        blocks.append(strongest(csr_array(share[start : start + BLOCK] @ columns), k))
        tell(progress, min(start + BLOCK, share.shape[0]), share.shape[0])
    return _in_place(blocks, np.flatnonzero(~played), weights.shape[0])


def _in_place(blocks: list[csr_array], columns: NDArray[np.int64], n_items: int) -> csr_array:
    """Return (n_items, n_items) with these rows as its columns, and nothing in the others."""
    if not blocks:
        return csr_array(coo_array((n_items, n_items), dtype=np.float32))
    rows = csr_array(vstack(blocks, format="csr"))
    edges = np.zeros(n_items + 1, np.int64)
    edges[columns + 1] = np.diff(rows.indptr)
    by_column = (rows.data.astype(np.float32), rows.indices, np.cumsum(edges))
    return csr_array(csr_array(by_column, shape=(n_items, n_items)).T)


def expected_listeners(
    hints: NDArray, artist: NDArray[np.int64], support: NDArray
) -> NDArray[np.float32]:
    """Return (n_items,) how many listeners a track would have, judged by hints (n_items, n_hints;
    NaN where unknown) and its artist's other tracks. Learnt from the tracks that have listeners,
    twice, as counts: by a line and by shallow trees, which err differently; their geometric mean.
    """
    played = np.asarray(support) > 0
    fame = np.log(np.maximum(support, 1.0))
    if played.sum() < FEW:
        return np.ones(played.size, np.float32)
    about = _described(hints, _fame_of_the_others(fame, artist, played))
    line = make_pipeline(StandardScaler(), PoissonRegressor(alpha=1.0, max_iter=1000))
    trees = HistGradientBoostingRegressor(
        loss="poisson", learning_rate=0.03, max_iter=300, max_depth=3, random_state=0
    )
    learnt = [model.fit(about[played], support[played]) for model in (line, trees)]
    return np.sqrt(np.prod([model.predict(about) for model in learnt], axis=0)).astype(np.float32)


def _fame_of_the_others(
    fame: NDArray, artist: NDArray[np.int64], played: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the mean of the artist's other played tracks, drawn to the usual: (n_items,)."""
    known = played & (artist >= 0)
    beyond = np.where(known, fame - fame[played].mean(), 0.0)
    codes = np.maximum(artist, 0)
    sums = np.bincount(codes, beyond)[codes] - beyond
    counts = np.bincount(codes, known)[codes] - known
    return np.where(artist >= 0, sums / (counts + 1.0), 0.0)


def _described(hints: NDArray, fame_of_the_others: NDArray) -> NDArray[np.float64]:
    scaled = robust_scaled(hints).astype(np.float64)
    unknown = np.isnan(scaled)
    filled = np.where(unknown, 0.0, scaled)
    return np.column_stack([filled, filled**2, unknown, fame_of_the_others])
