"""How much the plays and feedback on one track say about taste: the weights of a history.

    plays    log2(1 + sum of decay(age))          1 for one play today, 2 for three, 5 for 31
    skips    -0.5 * log2(1 + sum of decay(age))
    opinion  the latest of like (+2), favourite (+3), dislike (-2) and rating (see RATINGS);
             it does not age
    hide     -1
    weight   plays + skips + opinion + hide, between -10 and 10;
             an opinion below 0 silences the plays: who dislikes what they heard 37 times, dislikes
    decay    0.1 + 0.9 * 0.5 ** (age / 365 days): an old love is never quite forgotten

What is muted is left out, as if it had not happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray


class Kind(IntEnum):
    PLAY = 0  # its value: how many plays the row stands for
    SKIP = 1  # likewise
    LIKE = 2
    FAVOURITE = 3
    RATING = 4  # its value: 1 to 5
    DISLIKE = 5
    HIDE = 6


RATINGS = (-2.0, -1.0, 0.5, 1.5, 2.5)  # of 1 to 5 stars


@dataclass(frozen=True)
class Rule:
    """The numbers of the rule, so that a grid search can try others."""

    half_life: float = 365.0  # days
    floor: float = 0.1  # of the decay
    skip: float = -0.5
    like: float = 2.0
    favourite: float = 3.0
    dislike: float = -2.0
    hide: float = -1.0
    limit: float = 10.0

    def opinions(self) -> NDArray[np.float64]:
        """What each kind says by itself; plays, skips and ratings are counted otherwise."""
        worth = np.zeros(len(Kind))
        worth[[Kind.LIKE, Kind.FAVOURITE, Kind.DISLIKE, Kind.HIDE]] = (
            self.like,
            self.favourite,
            self.dislike,
            self.hide,
        )
        return worth


DEFAULT = Rule()


def history_weights(
    track: ArrayLike,
    kind: ArrayLike,
    value: ArrayLike,
    age_days: ArrayLike,
    *,
    muted: ArrayLike | None = None,
    rule: Rule = DEFAULT,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return one listener's tracks, sorted, and their weights; a weight of 0 is left out.

    One row for each play or feedback, all arrays of one length, in any order.

    :raises ValueError: for a kind or a rating that does not exist
    """
    tracks = np.asarray(track, dtype=np.int64)
    _, tracks, weights = listener_weights(
        np.zeros(tracks.size, np.int64), tracks, kind, value, age_days, muted=muted, rule=rule
    )
    return tracks, weights


def listener_weights(
    listener: ArrayLike,
    track: ArrayLike,
    kind: ArrayLike,
    value: ArrayLike,
    age_days: ArrayLike,
    *,
    muted: ArrayLike | None = None,
    rule: Rule = DEFAULT,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Return listeners, tracks and weights, for the rows of many listeners: what training reads.

    A listener's rows must all be in one call.

    :raises ValueError: for a kind or a rating that does not exist
    """
    listeners, tracks = np.asarray(listener, np.int64), np.asarray(track, np.int64)
    kinds, values = np.asarray(kind, np.int64), np.asarray(value, np.float64)
    ages = np.maximum(np.asarray(age_days, np.float64), 0)  # a clock ahead of ours
    if muted is not None:
        heard = ~np.asarray(muted, dtype=bool)
        listeners, tracks, kinds = listeners[heard], tracks[heard], kinds[heard]
        values, ages = values[heard], ages[heard]
    _refuse_unknown(kinds, values)
    order = np.lexsort((tracks, listeners))
    decay = rule.floor + (1 - rule.floor) * np.exp2(-ages / rule.half_life)
    starts, weights = _weigh(
        order, listeners, tracks, kinds, values, ages, decay,
        rule.opinions(), np.array(RATINGS), rule.skip, rule.limit,
    )  # fmt: skip
    first = order[starts]
    said = weights != 0
    return listeners[first[said]], tracks[first[said]], weights[said]


def _refuse_unknown(kinds: NDArray[np.int64], values: NDArray[np.float64]) -> None:
    if ((kinds < 0) | (kinds >= len(Kind))).any():
        raise ValueError("There is feedback of a kind nobody knows.")
    ratings = values[kinds == Kind.RATING]
    if not ((ratings >= 1) & (ratings <= len(RATINGS))).all():
        raise ValueError("A rating is 1 to 5.")


PLAY, SKIP, RATING, HIDE = (int(kind) for kind in (Kind.PLAY, Kind.SKIP, Kind.RATING, Kind.HIDE))


@njit(cache=True, nogil=True)
def _weigh(
    order: NDArray,
    listeners: NDArray,
    tracks: NDArray,
    kinds: NDArray,
    values: NDArray,
    ages: NDArray,
    decay: NDArray,
    worth: NDArray,
    ratings: NDArray,
    skip: float,
    limit: float,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return where each pair starts in `order`, and its weight."""
    starts = np.empty(order.size, np.int64)
    weights = np.empty(order.size, np.float32)
    pairs, at = 0, 0
    while at < order.size:
        start, first = at, order[at]
        plays = skips = opinion = hide = 0.0
        latest = np.inf
        while (
            at < order.size
            and listeners[order[at]] == listeners[first]
            and tracks[order[at]] == tracks[first]
        ):
            row = order[at]
            kind = kinds[row]
            if kind == PLAY:
                plays += values[row] * decay[row]
            elif kind == SKIP:
                skips += values[row] * decay[row]
            elif kind == HIDE:
                hide = worth[HIDE]
            elif ages[row] <= latest:
                latest = ages[row]
                rated = kind == RATING
                opinion = ratings[round(values[row]) - 1] if rated else worth[kind]
            at += 1
        heard = 0.0 if opinion < 0 else np.log2(1 + max(plays, 0.0))
        total = heard + skip * np.log2(1 + max(skips, 0.0)) + opinion + hide
        starts[pairs], weights[pairs] = start, min(max(total, -limit), limit)
        pairs += 1
    return starts[:pairs], weights[:pairs]
