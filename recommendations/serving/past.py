"""What a listener has done and said, as lists need it: read once for each taste.

It is kept in the cache under the versions of the taste and the catalogue, and the day: plays fade
by the day, so that a list stays the same for a day of doing nothing. No model is in it, so that a
new one finds all of it there. A cache that is away costs five queries, never a list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple, Self

import numpy as np
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from accounts.models import Listener
from listening.models import Feedback, FeedbackKind, Play
from recommendations.serving.history import SHOWN_TRACK, history_of
from recommendations.serving.live import Live
from recommendations.serving.stock import stock_of

DAY = 86_400
NEVER = -1
NO_OPINION = -1
KINDS = tuple(kind.value for kind in FeedbackKind)
AGAINST = (FeedbackKind.HIDE, FeedbackKind.DISLIKE)
KEPT_FOR = 3600  # seconds; a new taste has a new key
DONE = [("weight", "f4"), ("plays", "i4"), ("heard", "i4"), ("opinion", "i1")]
ROW = np.dtype([("column", "i4"), *DONE])
TRACK_ROW = np.dtype([("track", "i8"), *DONE])
COLUMNS = np.dtype("i4")
PKS = np.dtype("i8")


class Deed(NamedTuple):
    """What was done with one track."""

    plays: int = 0
    opinion: str = ""


@dataclass(frozen=True)
class Past:
    """`rows` has one row for each track of the model that was heard or judged, by column."""

    rows: NDArray[Any]  # of ROW: weight in the history, plays, last day heard or judged, opinion
    against: NDArray[np.int32]  # columns hidden or disliked, by themselves or by their artist
    genres: NDArray[np.int64]  # favourites, as ids
    artists: NDArray[np.int64]
    not_genres: NDArray[np.int64]  # disliked

    @classmethod
    def of(cls, listener: Listener, live: Live, *, at: datetime) -> Self:
        return cls._seen_by(live, _Kept.of(listener, stock_of(live).catalogue_version, at=at))

    @classmethod
    def _seen_by(cls, live: Live, kept: _Kept) -> Self:
        columns = live.model.columns(kept.rows["track"])
        known = columns >= 0
        rows = np.empty(np.count_nonzero(known), ROW)
        rows["column"] = columns[known]
        for name, _type in DONE:
            rows[name] = kept.rows[name][known]
        return cls(
            rows=rows,
            against=_against(live, kept),
            genres=kept.genres,
            artists=kept.artists,
            not_genres=kept.not_genres,
        )

    @classmethod
    def of_nobody(cls) -> Self:
        nothing = np.empty(0, PKS)
        return cls(np.empty(0, ROW), np.empty(0, COLUMNS), nothing, nothing, nothing)

    def known_since(self, day: int) -> NDArray[np.int32]:
        """Return the columns heard on this day (since 1970) or later, and those ever judged."""
        known = (self.rows["heard"] >= day) | (self.rows["opinion"] != NO_OPINION)
        return self.rows["column"][known]

    def heard(self) -> NDArray[np.int32]:
        return self.rows["column"][self.rows["plays"] > 0]

    def counting(self) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the columns of the history, and their weights."""
        counts = self.rows[self.rows["weight"] != 0]
        return counts["column"], counts["weight"]

    def row(self, column: int) -> Any | None:
        at = int(np.searchsorted(self.rows["column"], column))
        found = at < self.rows.size and self.rows["column"][at] == column
        return self.rows[at] if found else None

    def opinion(self, column: int) -> str:
        row = self.row(column)
        return "" if row is None or row["opinion"] == NO_OPINION else KINDS[row["opinion"]]

    def deeds(self, columns: Iterable[int]) -> dict[int, Deed]:
        """Return what was done with those of the columns with which anything was."""
        if not self.rows.size:
            return {}
        wanted = np.fromiter(columns, COLUMNS)
        at = np.minimum(np.searchsorted(self.rows["column"], wanted), self.rows.size - 1)
        rows = self.rows[at[self.rows["column"][at] == wanted]]
        return {
            column: Deed(plays, "" if opinion == NO_OPINION else KINDS[opinion])
            for column, plays, opinion in zip(
                rows["column"].tolist(),
                rows["plays"].tolist(),
                rows["opinion"].tolist(),
                strict=True,
            )
        }


@dataclass(frozen=True)
class _Kept:
    """The same by ids, which holds whatever the model."""

    rows: NDArray[Any]  # of TRACK_ROW, by track
    not_tracks: NDArray[np.int64]  # hidden or disliked
    not_artists: NDArray[np.int64]
    genres: NDArray[np.int64]
    artists: NDArray[np.int64]
    not_genres: NDArray[np.int64]

    @classmethod
    def of(cls, listener: Listener, catalogue_version: int, *, at: datetime) -> Self:
        """Return what is cached, or read it."""
        key = f"past:{listener.pk}:{listener.taste_version}:{catalogue_version}:{day_of(at)}"
        if packed := cache.get(key):
            return cls._unpacked(packed)
        kept = cls._read(listener, at)
        # Not before the commit: what a change that is undone again has left must not be found.
        transaction.on_commit(lambda: cache.set(key, kept._packed(), KEPT_FOR))
        return kept

    def _packed(self) -> dict[str, bytes]:
        return {each.name: getattr(self, each.name).tobytes() for each in fields(self)}

    @classmethod
    def _unpacked(cls, packed: dict[str, bytes]) -> Self:
        rows = np.frombuffer(packed["rows"], TRACK_ROW)
        return cls(rows, *(np.frombuffer(packed[each.name], PKS) for each in fields(cls)[1:]))

    @classmethod
    def _read(cls, listener: Listener, at: datetime) -> Self:
        opinions = _opinions(listener)
        others = _on_artists_and_genres(listener)
        return cls(
            rows=_rows(listener, at, opinions),
            not_tracks=_pks(track for track, kind, _when in opinions if kind in AGAINST),
            not_artists=_pks(others["against", "artist"]),
            genres=_pks(others["for", "genre"]),
            artists=_pks(others["for", "artist"]),
            not_genres=_pks(others["against", "genre"]),
        )


def _against(live: Live, kept: _Kept) -> NDArray[np.int32]:
    disliked = live.model.columns(kept.not_tracks)
    disliked = disliked[disliked >= 0]
    if not kept.not_artists.size:  # nearly always, and the catalogue is long
        return disliked
    by_artist = np.flatnonzero(np.isin(live.model.artist, kept.not_artists))
    return np.union1d(disliked, by_artist).astype(COLUMNS)


def day_of(at: datetime) -> int:
    return int(at.timestamp() // DAY)


def _pks(values: Iterable[int]) -> NDArray[np.int64]:
    return np.unique(np.fromiter(values, dtype=PKS))


def _opinions(listener: Listener) -> list[tuple[int, str, datetime]]:
    """Return what is thought of tracks, the latest last."""
    given = Feedback.objects.on_tracks().filter(listener=listener).exclude(kind=FeedbackKind.REPORT)
    return list(given.order_by("given_at", "pk").values_list(SHOWN_TRACK, "kind", "given_at"))


def _rows(
    listener: Listener, at: datetime, opinions: list[tuple[int, str, datetime]]
) -> NDArray[Any]:
    history = history_of(listener, at=at.replace(hour=0, minute=0, second=0, microsecond=0))
    plays = list(
        Play.objects.filter(listener=listener)
        .values_list(SHOWN_TRACK)
        .annotate(times=Count("pk", filter=Q(skipped=False)), last=Max("started_at"))
    )
    heard, judged = [row[0] for row in plays], [row[0] for row in opinions]
    tracks = np.unique(np.array([*history.tracks.tolist(), *heard, *judged], dtype=np.int64))
    rows = np.zeros(tracks.size, TRACK_ROW)
    rows["track"] = tracks
    rows["heard"], rows["opinion"] = NEVER, NO_OPINION
    rows["weight"][np.searchsorted(tracks, history.tracks)] = history.weights
    for at_row, (_track, times, last) in zip(np.searchsorted(tracks, heard), plays, strict=True):
        rows["plays"][at_row], rows["heard"][at_row] = times, day_of(last)
    for at_row, (_track, kind, when) in zip(np.searchsorted(tracks, judged), opinions, strict=True):
        rows["opinion"][at_row] = KINDS.index(kind)
        rows["heard"][at_row] = max(rows["heard"][at_row], day_of(when))
    return rows


def _on_artists_and_genres(listener: Listener) -> dict[tuple[str, str], set[int]]:
    found: dict[tuple[str, str], set[int]] = {
        (side, thing): set() for side in ("for", "against") for thing in ("artist", "genre")
    }
    given = Feedback.objects.filter(
        Q(artist__isnull=False) | Q(genre__isnull=False), listener=listener
    ).exclude(kind__in=[FeedbackKind.REPORT, FeedbackKind.RATING, FeedbackKind.SKIP])
    artist = Coalesce("artist__canonical_id", "artist_id")
    for kind, artist_id, genre_id in given.values_list("kind", artist, "genre_id"):
        side = "against" if kind in AGAINST else "for"
        thing = "genre" if artist_id is None else "artist"
        found[side, thing].add(artist_id or genre_id)
    return found
