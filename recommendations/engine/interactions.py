"""What the models learn from: who listened to what, and what is known of each item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array


@dataclass(frozen=True)
class Interactions:
    """A weight for each user and item that met; rows are users, columns are items.

    Weights are history weights: above 0 speaks for the item, below 0 against it.
    """

    matrix: csr_array  # (n_users, n_items) float32, sorted indices, no duplicates, no stored zeros
    user_ids: NDArray  # (n_users,) the outside world's ids, any dtype, sorted
    item_ids: NDArray  # (n_items,) likewise; column j is item_ids[j]

    @classmethod
    def from_triples(
        cls,
        users: ArrayLike,
        items: ArrayLike,
        weights: ArrayLike | None = None,
        *,
        item_ids: NDArray | None = None,
    ) -> Self:
        """Add up the weights (1 each when not given) of equal pairs.

        `item_ids`, sorted and holding every item named, fixes the columns, so that items nobody
        has met have one too.
        """
        user_ids, rows = np.unique(np.asarray(users), return_inverse=True)
        items = np.asarray(items)
        if item_ids is None:
            item_ids, columns = np.unique(items, return_inverse=True)
        else:
            columns = np.searchsorted(item_ids, items)
        values = np.ones(rows.size) if weights is None else np.asarray(weights)
        matrix = csr_array(
            coo_array(
                (values.astype(np.float32), (rows, columns)),
                shape=(user_ids.size, item_ids.size),
            )
        )
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return cls(matrix, user_ids, item_ids)

    @property
    def n_users(self) -> int:
        return self.matrix.shape[0]

    @property
    def n_items(self) -> int:
        return self.matrix.shape[1]


@dataclass(frozen=True)
class Catalogue:
    """What is known of each item beside who met it; row j describes column j of the interactions.

    What is unknown is NaN (numbers), -1 (codes) or an empty row (tags), never a made-up value.
    """

    features: NDArray[np.float32]  # (n_items, len(feature_names)) raw, unscaled audio features
    feature_names: Sequence[str]
    tags: csr_array  # (n_items, len(tag_names)) float32, genres and tags with their weights
    tag_names: Sequence[str]
    artist: NDArray[np.int64]  # (n_items,) code of the first artist
    year: NDArray[np.float32]  # (n_items,) of release
    work: NDArray[np.int64]  # (n_items,) code shared by the versions of one piece

    @property
    def n_items(self) -> int:
        return self.features.shape[0]
