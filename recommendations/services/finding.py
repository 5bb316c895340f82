"""Lists to choose from: the genres that fit a listener, by the scores of their own list."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Listener
from catalog.models import Genre
from recommendations import serving

GENRES = 12


def fitting_genres(
    *, listener: Listener, at: datetime, n: int = GENRES
) -> list[serving.Fit[Genre]]:
    """Return the genres whose tracks the listener's list leads to, the best first.

    :raises NoModel: if there is no model yet
    """
    leading = serving.leading_tracks(listener=listener, at=at)
    pairs = ((track.genre, track.pk) for track in leading if track.genre)
    return serving.fitting(pairs, leading, n=n)
