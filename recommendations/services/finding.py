"""Lists to choose from: the genres that fit a listener, by the scores of their own list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from accounts.models import Listener
from catalog.models import Genre, Track
from recommendations import serving

GENRES = 12
SHOWN = 4  # tracks that stand for a genre


class FittingGenre(NamedTuple):
    genre: Genre
    share: float  # of the best one, in percent
    tracks: Sequence[Track]  # of the listener's list, the best first


def fitting_genres(*, listener: Listener, at: datetime, n: int = GENRES) -> list[FittingGenre]:
    """Return the genres whose tracks the listener's list leads to, the best first.

    :raises NoModel: if there is no model yet
    """
    tracks = serving.leading_tracks(listener=listener, at=at)
    worth = serving.worths(track.pk for track in tracks)
    of_genre: dict[Genre, list[Track]] = {}
    for track in tracks:
        if track.genre:
            of_genre.setdefault(track.genre, []).append(track)
    pairs = [(genre, track.pk) for genre, ours in of_genre.items() for track in ours]
    fits = list(serving.fitting(pairs, worth).items())[:n]
    return [FittingGenre(genre, 100 * fit, of_genre[genre][:SHOWN]) for genre, fit in fits]
