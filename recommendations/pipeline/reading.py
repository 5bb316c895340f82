"""What a training reads: the weights of listeners who teach, and what is known of each track."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from accounts.models import Listener
from catalog.features import FEATURES
from catalog.models import Source, Track, TrackGenre, TrackTag
from listening.models import Feedback, FeedbackQuerySet, Mute, Play, PlayQuerySet
from recommendations.engine.evaluation.splits import Events, Split
from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.serving.history import OPINIONS, SHOWN_TRACK, Weights, weigh
from recommendations.serving.ratings import ratings_in

CHUNK = 20_000
MARKS = ("mode", "time_signature", "key")  # numbers that name and do not measure
MEASURES = tuple(name for name in FEATURES if name not in MARKS)


def read_interactions(*, at: datetime) -> Interactions:
    """Return the weights of all listeners who teach, over every track that may be recommended."""
    playable = _array(Track.objects.playable().order_by("pk").values_list("pk", flat=True))
    known = _of(playable, weigh(teaching_plays(), teaching_feedback(), at=at))
    return Interactions.from_triples(
        known.listeners, known.tracks, known.weights, item_ids=playable
    )


def read_split(item_ids: NDArray[np.int64], *, at: datetime, share: float = 0.2) -> Split | None:
    """Cut what teaches at the moment before the last `share` of the plays; None without plays.

    What is learnt is as it was at that moment; asked for is what each listener met only later.
    """
    moment = _moment_leaving(share)
    if moment is None:
        return None
    plays, feedback = teaching_plays(), teaching_feedback()
    earlier = weigh(
        plays.filter(started_at__lt=moment), feedback.filter(given_at__lt=moment), at=moment
    )
    later = weigh(
        plays.filter(started_at__gte=moment), feedback.filter(given_at__gte=moment), at=at
    )
    earlier, later = _of(item_ids, earlier), _of(item_ids, later)
    listeners = np.union1d(earlier.listeners, later.listeners)
    learnt = _matrix(earlier, listeners, item_ids)
    asked = _matrix(later, listeners, item_ids)
    held_out = csr_array(asked - asked * learnt.astype(bool).astype(asked.dtype))
    held_out.eliminate_zeros()
    held_out.sort_indices()
    return Split(
        Interactions(learnt, listeners, item_ids),
        held_out,
        f"split by time: learned from what was before {moment:%-d %B %Y}, asked for what came "
        f"after, the last {share:.0%} of the plays",
    )


def read_ratings(item_ids: NDArray[np.int64]) -> Events:
    """Return who of those who teach gave each of these tracks how many stars, and when."""
    given = ratings_in(teaching_feedback())
    known = np.isin(given.tracks, item_ids)
    listeners, rows = np.unique(given.listeners[known], return_inverse=True)
    return Events(
        users=rows.astype(np.int64),
        items=np.searchsorted(item_ids, given.tracks[known]),
        weights=given.ratings[known].astype(np.float32),
        times=given.times[known],
        user_ids=listeners,
        item_ids=item_ids,
    )


def can_learn() -> bool:
    """Whether a training would find anybody to learn from; cheap to ask where it would."""
    mutes = Mute.objects.in_force()
    playable = Exists(Track.objects.playable().filter(pk=OuterRef("told_of")))
    opinions = teaching_feedback().filter(kind__in=OPINIONS)
    told = mutes.left_of(teaching_plays()), mutes.left_of_feedback(opinions)
    return any(rows.alias(told_of=SHOWN_TRACK).filter(playable).exists() for rows in told)


def teaching_feedback() -> FeedbackQuerySet:
    return Feedback.objects.filter(listener__in=Listener.objects.teaching())


def teaching_plays() -> PlayQuerySet:
    """Keep plays from sources and listeners that may teach the shared model."""
    plays = Play.objects.filter(listener__in=Listener.objects.teaching())
    if not settings.TRAIN_ON_SPOTIFY_API_DATA:
        plays = plays.exclude(source=Play.Source.SPOTIFY_API)
    return plays


def read_catalogue(item_ids: NDArray[np.int64]) -> Catalogue:
    """Return what is known of these tracks (sorted) from sources that may teach."""
    names = [f"features__{name}" for name in MEASURES]
    tracks = Track.objects.playable().order_by("pk")
    rows = tracks.values_list(
        "pk", Coalesce("artist__canonical_id", "artist_id"), "work_id", "year",
        "features__may_train", "features__source", *names,
    )  # fmt: skip
    table = _table(rows, 6 + len(names))
    table = table[np.isin(table[:, 0], item_ids)]
    taught = _may_teach(table[:, 4], table[:, 5])
    measured = np.where(taught[:, None], table[:, 6:].astype(np.float32), np.nan)
    tags, tag_names = _tags(item_ids)
    return Catalogue(
        features=measured.astype(np.float32),
        feature_names=MEASURES,
        tags=tags,
        tag_names=tag_names,
        artist=_codes(table[:, 1]),
        year=table[:, 3].astype(np.float32),
        work=_codes(table[:, 2]),
    )


def _moment_leaving(share: float) -> datetime | None:
    """Return the moment from which on about this share of the plays began."""
    plays = teaching_plays()
    newest = plays.order_by("-started_at").values_list("started_at", flat=True)
    return newest[int(plays.count() * share) :].first()


def _of(item_ids: NDArray[np.int64], weights: Weights) -> Weights:
    known = np.isin(weights.tracks, item_ids)
    return Weights(weights.listeners[known], weights.tracks[known], weights.weights[known])


def _matrix(
    weights: Weights, listeners: NDArray[np.int64], item_ids: NDArray[np.int64]
) -> csr_array:
    places = (
        np.searchsorted(listeners, weights.listeners),
        np.searchsorted(item_ids, weights.tracks),
    )
    matrix = csr_array(coo_array((weights.weights, places), shape=(listeners.size, item_ids.size)))
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return matrix


def _may_teach(may_train: NDArray, source: NDArray) -> NDArray[np.bool_]:
    taught = np.array([flag is True or flag == 1 for flag in may_train], dtype=np.bool_)
    if settings.TRAIN_ON_SPOTIFY_API_DATA:
        return taught
    return taught & (source != Source.SPOTIFY_API)


def _tags(item_ids: NDArray[np.int64]) -> tuple[csr_array, list[str]]:
    """Return genres and tags as one table of weights."""
    genres = TrackGenre.objects.values_list("track_id", "genre__name")
    tags = TrackTag.objects.values_list("track_id", "tag__name", "weight")
    if not settings.TRAIN_ON_SPOTIFY_API_DATA:
        genres = genres.exclude(source=Source.SPOTIFY_API)
        tags = tags.exclude(source=Source.SPOTIFY_API)
    said = [(track, f"genre: {name}", 1.0) for track, name in genres.iterator(chunk_size=CHUNK)]
    said += tags.iterator(chunk_size=CHUNK)
    tracks = _array(row[0] for row in said)
    known = np.isin(tracks, item_ids)
    names, columns = np.unique(np.array([row[1] for row in said], dtype=str), return_inverse=True)
    weights = np.array([row[2] for row in said], dtype=np.float32)
    places = np.searchsorted(item_ids, tracks[known])
    table = csr_array(
        (weights[known], (places, columns[known])), shape=(item_ids.size, max(1, names.size))
    )
    return table, names.tolist() or ["genre: none"]


def _table(rows: Any, width: int) -> NDArray[np.object_]:
    """Numbers and their gaps as one table of objects; None becomes NaN where made a float."""
    table = np.array(list(rows.iterator(chunk_size=CHUNK)), dtype=object)
    return table.reshape(-1, width)


def _codes(values: NDArray[np.object_]) -> NDArray[np.int64]:
    return np.array([-1 if value is None else value for value in values], dtype=np.int64)


def _array(values: Iterable[int]) -> NDArray[np.int64]:
    return np.fromiter(values, dtype=np.int64)
