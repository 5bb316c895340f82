"""What a listener would rate a track, where the live model has learnt from ratings.

A rating is what was given in stars; a like or a play says nothing of how many it would be.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from accounts.models import Listener
from catalog.models import Track
from listening.models import Feedback, FeedbackKind, FeedbackQuerySet, Mute
from recommendations.serving.history import CHUNK, SHOWN_TRACK
from recommendations.serving.live import current


class Given(NamedTuple):
    """Parallel arrays: the latest rating of each listener for each track."""

    listeners: NDArray[np.int64]
    tracks: NDArray[np.int64]
    ratings: NDArray[np.float64]  # 1 to 5
    times: NDArray[np.float64]  # in seconds


def ratings_in(feedback: FeedbackQuerySet) -> Given:
    """Return the ratings among these opinions, but for what is muted."""
    said = Mute.objects.in_force().left_of_feedback(feedback.on_tracks())
    rows = (
        said.of_kind(FeedbackKind.RATING)
        .order_by("given_at", "pk")
        .values_list("listener_id", SHOWN_TRACK, "rating", "given_at")
        .iterator(chunk_size=CHUNK)
    )
    latest = {(listener, track): (rating, at.timestamp()) for listener, track, rating, at in rows}
    pairs = np.array(list(latest), dtype=np.int64).reshape(-1, 2)
    values = np.array(list(latest.values()), dtype=np.float64).reshape(-1, 2)
    return Given(*pairs.T, *values.T)


def expected_rating(track: Track, *, listener: Listener) -> float | None:
    """Return 1 to 5; None if the model has learnt no ratings, or knows neither the track's nor
    the listener's.

    :raises NoModel: if there is none yet
    """
    live = current()
    column = int(live.model.columns([track.pk])[0])
    if live.ratings is None or column < 0:
        return None
    given = ratings_in(Feedback.objects.filter(listener=listener))
    columns = live.model.columns(given.tracks)
    known = columns >= 0
    if not (known.any() or live.ratings.support_[column]):
        return None
    rows = np.zeros(int(known.sum()), np.int64)
    mine = csr_array((given.ratings[known], (rows, columns[known])), shape=(1, live.model.n_items))
    return round(float(live.ratings.predict(mine, np.array([column]))[0, 0]), 1)
