"""What a listener would rate a track, where the live model has learnt from ratings."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from accounts.models import Listener
from catalog.models import Track
from listening.models import Feedback, FeedbackKind
from recommendations.serving.history import SHOWN_TRACK
from recommendations.serving.live import current


def expected_rating(track: Track, *, listener: Listener) -> float | None:
    """Return 1 to 5; None if the model has learnt no ratings, or does not know the track.

    :raises NoModel: if there is none yet
    """
    live = current()
    column = int(live.model.columns([track.pk])[0])
    if live.ratings is None or column < 0:
        return None
    mine = Feedback.objects.of_kind(FeedbackKind.RATING).on_tracks().filter(listener=listener)
    given = np.array(list(mine.values_list(SHOWN_TRACK, "rating")), dtype=np.int64).reshape(-1, 2)
    columns = live.model.columns(given[:, 0])
    known = columns >= 0
    rows = np.zeros(int(known.sum()), np.int64)
    ratings = csr_array(
        (given[known, 1].astype(np.float64), (rows, columns[known])),
        shape=(1, live.model.n_items),
    )
    return round(float(live.ratings.predict(ratings, np.array([column]))[0, 0]), 1)
