"""From a listener to a list: history, score, hide, rank, explain, remember."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from accounts.models import Listener
from catalog.models import Track
from listening.models import Feedback, FeedbackKind, Play
from recommendations.engine.ranking import live as engine
from recommendations.engine.ranking.rules import Rules
from recommendations.engine.reasons import explain
from recommendations.models import Slate
from recommendations.serving.history import SHOWN_TRACK, history_of
from recommendations.serving.live import Live, current
from recommendations.serving.reasons import Because, in_words

Row = TypeVar("Row")

SPARE = 3  # times as many candidates as asked for, since hidden and explicit ones fall out
FAME = 0.02  # what the most popular track gets for it, of the best score: it settles ties


@dataclass(frozen=True)
class Recommended:
    rank: int
    track: Track
    score: float
    because: Because = field(default_factory=Because)


def recommend(
    *, listener: Listener, at: datetime, n: int = 10, surface: str = "for-you"
) -> list[Recommended]:
    """Return the listener's list, best first, and remember it as a slate.

    :raises NoModel: if there is none yet
    """
    live = current()
    history = history_of(listener, at=at)
    taste = engine.Taste.of(live.model, history.tracks, history.weights)
    slate = _ranked(live, taste, n, listener, hidden=not_wanted(listener))
    Slate.objects.create(
        listener=listener,
        surface=surface,
        model_id=live.version,
        tracks=[row.track.pk for row in slate],
        taste_version=listener.taste_version,
        shown_at=at,
    )
    return slate


def popular(*, n: int) -> list[Recommended]:
    """Return the `n` most heard tracks that anybody may see.

    :raises NoModel: if there is none yet
    """
    live = current()
    columns = live.model.popular[: n * SPARE]
    tracks = _showable(live.model.item_ids[columns], explicit=False)
    return [
        Recommended(rank, track, float(heard), Because.many_play_it(int(heard), live.listeners))
        for rank, (track, heard) in enumerate(
            _kept(tracks, live.model.item_ids[columns], live.model.popularity[columns], n), start=1
        )
    ]


def _ranked(
    live: Live, taste: engine.Taste, n: int, listener: Listener, hidden: set[int]
) -> list[Recommended]:
    model = live.model
    fame = model.popularity[model.popular] / max(1.0, float(model.popularity.max(initial=0)))
    ranking = engine.recommend(
        model,
        taste,
        n * SPARE,
        hidden=model.columns(list(hidden)),
        also=model.popular,
        rules=Rules(diversity=0.2),
        added={"popularity": (model.popular, FAME * fame.astype(np.float64))},
    )
    tracks = _showable(model.item_ids[ranking.items], explicit=listener.wants_explicit)
    reasons = in_words(live, listener, ranking, explain(model, ranking).all())
    rows = zip(ranking.scores.tolist(), reasons, strict=True)
    kept = _kept(tracks, model.item_ids[ranking.items], rows, n)
    return [
        Recommended(rank, track, score, because)
        for rank, (track, (score, because)) in enumerate(kept, start=1)
    ]


def not_wanted(listener: Listener) -> set[int]:
    """Return what the listener has heard, hidden or disliked, by the tracks that show."""
    heard = Play.objects.filter(listener=listener).values_list(SHOWN_TRACK, flat=True).distinct()
    against = Q(kind__in=[FeedbackKind.HIDE, FeedbackKind.DISLIKE], track__isnull=False)
    disliked = Feedback.objects.filter(against, listener=listener)
    return {*heard, *disliked.values_list(SHOWN_TRACK, flat=True)}


def _showable(track_ids: NDArray[np.int64], *, explicit: bool) -> dict[int, Track]:
    tracks = Track.objects.playable().for_rows()
    if not explicit:
        tracks = tracks.exclude(is_explicit=True)
    return tracks.in_bulk(track_ids.tolist())


def _kept(
    tracks: dict[int, Track], track_ids: NDArray[np.int64], rows: Iterable[Row], n: int
) -> list[tuple[Track, Row]]:
    pairs = zip(track_ids.tolist(), rows, strict=True)
    return [(tracks[track_id], row) for track_id, row in pairs if track_id in tracks][:n]
