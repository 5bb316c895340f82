"""A listener's plays and opinions as the engine weighs them: one row for a track and a kind.

Plays of a track are counted in the database. Their common age is that of the latest, so that a
history of fifty thousand plays is read as fast as its thousand tracks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice, starmap
from typing import Any, NamedTuple

import numpy as np
from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from accounts.models import Listener
from listening.models import Feedback, FeedbackKind, Mute, Play, PlayQuerySet
from recommendations.engine.weights import Kind, listener_weights

CHUNK = 20_000
DAY = 86_400.0
SHOWN_TRACK = Coalesce("track__canonical_id", "track_id")

OPINIONS = {
    FeedbackKind.LIKE: Kind.LIKE,
    FeedbackKind.FAVOURITE: Kind.FAVOURITE,
    FeedbackKind.RATING: Kind.RATING,
    FeedbackKind.DISLIKE: Kind.DISLIKE,
    FeedbackKind.HIDE: Kind.HIDE,
    FeedbackKind.SKIP: Kind.SKIP,
}


Told = tuple[int, int, Kind, float, datetime]  # listener, track, kind, how much, when


class Weights(NamedTuple):
    """Parallel arrays, sorted by listener and track."""

    listeners: NDArray[np.int64]
    tracks: NDArray[np.int64]
    weights: NDArray[np.float32]


def history_of(listener: Listener, *, at: datetime, without: Mute | None = None) -> Weights:
    """Return the listener's own weights; what is muted, or may not be used, is left out.

    So is what the mute `without` would silence, stored or not.
    """
    plays, feedback = plays_of(listener), Feedback.objects.filter(listener=listener)
    if without is not None:
        silenced = without.silenced(Play.objects.filter(listener=listener))
        plays = plays.exclude(pk__in=silenced.values("pk"))
        feedback = without.unsaid(feedback)
    return weigh(plays, feedback, at=at)


def told_by(listener: Listener) -> Iterator[Told]:
    """Yield what shapes this listener's lists: of what is muted nothing."""
    return _told(plays_of(listener), Feedback.objects.filter(listener=listener))


def plays_of(listener: Listener) -> PlayQuerySet:
    """Return the plays that may shape this listener's lists, muted or not."""
    return Play.objects.filter(listener=listener).exclude(source__in=unused_sources())


def unused_sources() -> tuple[str, ...]:
    """Return the sources whose plays may shape no list here."""
    return () if settings.RECOMMEND_FROM_SPOTIFY_API_DATA else (Play.Source.SPOTIFY_API,)


def weigh(plays: PlayQuerySet, feedback: QuerySet[Feedback], *, at: datetime) -> Weights:
    """Return the weights that these plays and opinions give their listeners."""
    return weigh_told(_told(plays, feedback), at=at)


def _told(plays: PlayQuerySet, feedback: QuerySet[Feedback]) -> Iterator[Told]:
    mutes = Mute.objects.in_force()
    return chain(_counted(mutes.left_of(plays)), _given(feedback, mutes))


def weigh_told(told: Iterable[Told], *, at: datetime) -> Weights:
    """Return the weights of what was counted and given. A listener's plays of a track are one."""
    rows = np.concatenate([*_blocks(told, at)] or [np.empty((0, 5))])
    listeners, tracks, kinds, values, ages = rows.T
    return Weights(*listener_weights(listeners, tracks, kinds, values, ages))


def told_play(listener: int, track: int, skipped: bool, times: int, last: datetime) -> Told:
    return listener, track, Kind.SKIP if skipped else Kind.PLAY, times, last


def told_opinion(listener: int, track: int, kind: str, rating: int | None, when: datetime) -> Told:
    return listener, track, OPINIONS[FeedbackKind(kind)], rating or 1, when


def _counted(plays: PlayQuerySet) -> Iterator[Told]:
    counted = (
        plays.values("listener_id", "skipped", shown=SHOWN_TRACK)
        .annotate(times=Count("pk"), last=Max("started_at"))
        .values_list("listener_id", "shown", "skipped", "times", "last")
    )
    return starmap(told_play, counted.iterator(chunk_size=CHUNK))


def _given(feedback: QuerySet[Feedback], mutes: Any) -> Iterator[Told]:
    given = (
        mutes.left_of_feedback(feedback.filter(track__isnull=False, kind__in=OPINIONS))
        .values_list("listener_id", SHOWN_TRACK, "kind", "rating", "given_at")
        .iterator(chunk_size=CHUNK)
    )
    return starmap(told_opinion, given)


def _blocks(rows: Iterable[Told], at: datetime) -> Iterator[NDArray[np.float64]]:
    """Put rows into arrays a block at a time: a tuple is thirty times as large as its numbers."""
    rows = iter(rows)
    while block := list(islice(rows, CHUNK)):
        yield np.array(
            [(*row, (at - when).total_seconds() / DAY) for *row, when in block], dtype=np.float64
        )
