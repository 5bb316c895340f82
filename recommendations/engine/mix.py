"""How listening and content are mixed into one matrix of weights, track by track.

    W[:, j] = s_j * listening[:, j] + (1 - s_j) * share * content[:, j],  s_j = n_j / (n_j + kappa)

with n_j the listeners track j has. A track that nobody has played has a column from the start,
and loses it to listening as listeners come: what its content says, and `carry` times as loud what
listening says of the tracks it is like (`unheard.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.content import Content
from recommendations.engine.interactions import Interactions
from recommendations.engine.linear import liked, scale_columns
from recommendations.engine.parallel import Progress
from recommendations.engine.protocol import NotFittedError
from recommendations.engine.segue import Segue
from recommendations.engine.unheard import carried

CARRIED = 100  # weights kept of what is carried to a track
CARRIERS = 30  # tracks that carry it there


@dataclass(frozen=True)
class Mix:
    kappa: float = 1.0
    share: float = 0.3
    carry: float = 0.0
    tags: float = 0.0  # what a row of `tag_rows` weighs in the ridge, beside a listener's 1


def listeners(interactions: Interactions) -> NDArray[np.int64]:
    return np.bincount(liked(interactions).indices, minlength=interactions.n_items)


def support(counts: NDArray[np.int64], kappa: float) -> NDArray[np.float32]:
    return (counts / (counts + kappa)).astype(np.float32)


def mixed(
    listening: Segue,
    content: Content,
    counts: NDArray[np.int64],
    mix: Mix,
    progress: Progress | None = None,
) -> tuple[Segue, dict[str, csr_array]]:
    """Return a model with the mix for its weights, and the weights by source.

    Content is brought to the size of listening first, so that shares mean the same everywhere.
    """
    known = support(counts, mix.kappa)
    history = listening.weights_
    if history is None or content.weights_ is None or content.sources_ is None:
        raise NotFittedError("A mix needs both its parts fitted.")
    rest = (1 - known) * mix.share * _size(history) / max(_size(content.weights_), 1e-9)
    heard = scale_columns(history, known)
    if mix.carry:
        through = carried_through(history, content.weights_, counts, progress)
        rest = np.where(counts == 0, rest / (1 + mix.carry), rest)
        heard = csr_array(heard + scale_columns(through, mix.carry * rest))
    sources = {"history": heard} | {
        name: scale_columns(weights, rest) for name, weights in content.sources_.items()
    }
    model = Segue(choice=listening.choice)
    model.weights_ = csr_array(sum(sources.values(), csr_array(history.shape, dtype=np.float32)))
    model.popular_ = listening.popular_
    if listening.low_rank_ is not None:
        scale = listening.low_rank_.scale * known
        model.low_rank_ = replace(listening.low_rank_, scale=scale)
    return model, sources


def carried_through(
    history: csr_array,
    near: csr_array,
    counts: NDArray[np.int64],
    progress: Progress | None,
) -> csr_array:
    """Return what listening says of tracks without listeners, brought to the size of content."""
    through = carried(history, near, counts, k=CARRIED, near=CARRIERS, progress=progress)
    return csr_array(through * (_size(near) / max(_size(through), 1e-9)))


def _size(weights: csr_array) -> float:
    """Return the root mean square of the ten heaviest weights a column, about what scores have."""
    columns = max(np.unique(weights.indices).size, 1)
    heavy = np.sort(np.abs(weights.data))[-10 * columns :]
    return float(np.sqrt(np.mean(heavy**2))) if heavy.size else 1.0
