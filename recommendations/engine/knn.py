"""Item-kNN: an item is as near as the cosine of who met both, with the norms' powers free.

W[i, j] = G[i, j] / (support_i ** history_power * support_j ** candidate_power), for the K items
i with the greatest weight for j (Deshpande and Karypis 2004, https://doi.org/10.1145/963770.963776;
0.5 and 0.5 is the cosine, other powers as in Christakopoulou's and Aiolli's asymmetric variants).
"""

from __future__ import annotations

from typing import Self

import numpy as np
from scipy.sparse import csr_array

from recommendations.engine.interactions import Interactions
from recommendations.engine.linear import from_columns, liked, scale_columns, score_linear
from recommendations.engine.model import strongest
from recommendations.engine.neighbours import Meetings
from recommendations.engine.parallel import Progress
from recommendations.engine.ridge import solve_columns


class CosineKNN:
    """`bound` users an item are looked at; `row_limit` weights an item are kept for serving."""

    weights_: csr_array | None = None  # (n_items, n_items)

    def __init__(
        self,
        *,
        k: int = 200,
        history_power: float = 0.5,
        candidate_power: float = 0.5,
        user_power: float = 0.0,
        bound: int = 3000,
        row_limit: int | None = None,
        seed: int = 0,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.k = k
        self.history_power = history_power
        self.candidate_power = candidate_power
        self.user_power = user_power
        self.bound = bound
        self.row_limit = row_limit
        self.seed = seed
        self.workers = workers
        self.progress = progress

    def fit(self, interactions: Interactions) -> Self:
        matrix = quiet_users(liked(interactions), self.user_power)
        meetings = Meetings.from_matrix(
            matrix, bound=self.bound, rng=np.random.default_rng(self.seed)
        )
        self.weights_ = cosine_weights(
            meetings,
            k=self.k,
            history_power=self.history_power,
            candidate_power=self.candidate_power,
            workers=self.workers,
            progress=self.progress,
        )
        if self.row_limit is not None:
            self.weights_ = strongest(self.weights_, self.row_limit)
        return self

    def score(self, histories: csr_array) -> csr_array:
        return score_linear(self.weights_, histories)


def quiet_users(matrix: csr_array, power: float) -> csr_array:
    """Divide each user's row by its length to a power: who likes everything says less."""
    lengths = np.diff(matrix.indptr)
    scale = np.repeat(np.maximum(lengths, 1.0) ** -(power / 2), lengths).astype(np.float32)
    return csr_array((matrix.data * scale, matrix.indices, matrix.indptr), shape=matrix.shape)


def cosine_weights(
    meetings: Meetings,
    *,
    k: int,
    history_power: float,
    candidate_power: float,
    workers: int | None = None,
    progress: Progress | None = None,
) -> csr_array:
    support = np.maximum(meetings.support, 1.0)
    columns = solve_columns(
        meetings,
        k=k,
        lengths=support**history_power,
        penalties=(),
        workers=workers,
        progress=progress,
    )
    divided = columns.weights[0] / (support**history_power)[columns.neighbours]
    weights = from_columns(columns.neighbours, divided.astype(np.float32))
    return scale_columns(weights, support**-candidate_power)
