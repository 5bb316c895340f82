"""The ridge for items that one user alone has met, half of a long tail: one inverse a user.

Such items are met together with that user's other items and with no more, so all of them are
regressed on one set S less themselves; and with P = (G[S, S] + Lambda)^-1 each regression is

    W[S less j, j] = -P[S less j, j] / P[j, j]      (Steck 2019, https://arxiv.org/abs/1905.03375)
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommendations.engine.neighbours import Meetings, local_gram
from recommendations.engine.solve import backward, cholesky, forward


def singles(
    meetings: Meetings, items: NDArray[np.int64], limit: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places in `items` of those met by one user, of at most `limit` other items,
    user by user; and the edges (n_users + 1,) of each user's run.
    """
    single = np.flatnonzero(meetings.support[items] == 1)
    users = meetings.by_item.indices[meetings.by_item.indptr[items[single]]]
    others = np.diff(meetings.by_user.indptr)[users] - 1
    kept = (others >= 1) & (others <= limit)
    order = np.argsort(users[kept], kind="stable")
    runs = np.flatnonzero(np.diff(users[kept][order], prepend=-1))
    return single[kept][order], np.append(runs, order.size)


@njit(cache=True, nogil=True)
def solve_singles(
    places: NDArray, edges: NDArray, items: NDArray, neighbours: NDArray, weights: NDArray,
    shortness: NDArray, penalties: NDArray, room: int,
    user_ptr: NDArray, user_items: NDArray, user_values: NDArray,
    item_ptr: NDArray, item_users: NDArray, item_values: NDArray,
    cut: NDArray, squares: NDArray, head_gram: NDArray, head_place: NDArray,
) -> None:  # fmt: skip
    """Fill the rows at `places` of `neighbours` and `weights` (n_settings, n_items, k)."""
    n_users, k = user_ptr.size - 1, neighbours.shape[1]
    first, gram = np.full(n_users, -1, np.int32), np.empty((k + 1, k + 1), np.float32)
    entry_next, entry_place = np.empty(room, np.int32), np.empty(room, np.int32)
    entry_value = np.empty(room, np.float32)
    for run in range(edges.size - 1):
        members = places[edges[run] : edges[run + 1]]
        user = item_users[item_ptr[items[members[0]]]]
        met = user_items[user_ptr[user] : user_ptr[user + 1]]
        values = user_values[user_ptr[user] : user_ptr[user + 1]]
        order = np.argsort(-values * shortness[met], kind="mergesort")
        found, values = met[order], values[order]
        local_gram(
            found, found.size, item_ptr, item_users, item_values, cut, squares,
            head_gram, head_place, n_users,
            first, entry_next, entry_place, entry_value, gram,
        )  # fmt: skip
        _know_exactly(gram, found, values, item_ptr)
        _solve_run(gram, found, items[members], members, penalties, neighbours, weights)


@njit(cache=True, nogil=True)
def _know_exactly(gram: NDArray, found: NDArray, values: NDArray, item_ptr: NDArray) -> None:
    """What a single item shares with another needs no estimate: their values at its one user."""
    for one in range(found.size):
        if item_ptr[found[one] + 1] - item_ptr[found[one]] == 1:
            for other in range(found.size):
                if other != one:
                    gram[min(one, other), max(one, other)] = values[one] * values[other]


@njit(cache=True, nogil=True)
def _solve_run(
    gram: NDArray,
    found: NDArray,
    targets: NDArray,
    members: NDArray,
    penalties: NDArray,
    neighbours: NDArray,
    weights: NDArray,
) -> None:
    size, n_shares = found.size, len(weights) // len(penalties)
    unit, column = np.zeros(size, np.float32), np.empty(size, np.float32)
    middle = np.empty(size, np.float32)
    for number in range(len(penalties)):
        system = gram[:size, :size].copy()
        for place in range(size):
            system[place, place] *= 1.0 + penalties[number, 1]
            system[place, place] += penalties[number, 0]
        upper = cholesky(system)
        for target, row in zip(targets, members):  # noqa: B905 - compiled code knows no strict
            own = np.flatnonzero(found == target)[0]
            unit[own] = 1.0
            forward(upper, unit, size, middle)
            backward(upper, middle, size, column)
            unit[own] = 0.0
            for place in range(size):
                at = place - (place > own)
                if place != own:
                    neighbours[row, at] = found[place]
                    for share in range(n_shares):
                        found_weight = -column[place] / column[own]
                        weights[number * n_shares + share, row, at] = found_weight
