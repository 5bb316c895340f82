"""What a listener has done and said, as lists need it: read once for each taste.

It is kept in the cache under the versions of the taste and the catalogue, and the day: plays fade
by the day, so that a list stays the same for a day of doing nothing. No model is in it, so that a
new one finds all of it there. A cache that is away costs three queries, and one more where an album
was judged, never a list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple, Self

import numpy as np
from django.db import transaction
from django.db.models import Count, Max
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from accounts import taste_cache
from accounts.models import Listener
from catalog.models import Track
from catalog.services.storing import among
from jobs.prepared import Given, Prepared, Row
from listening.models import Feedback, FeedbackKind, Mute, Play
from recommendations.engine.lookup import places_of
from recommendations.engine.weights import Kind
from recommendations.serving.history import (
    SHOWN_TRACK,
    Told,
    told_by,
    told_opinion,
    told_play,
    unused_sources,
    weigh_told,
)
from recommendations.serving.live import Live
from recommendations.serving.stock import stock_of

DAY = 86_400
NEVER = -1
NO_OPINION = -1
KINDS = tuple(kind.value for kind in FeedbackKind)
AGAINST = (FeedbackKind.HIDE, FeedbackKind.DISLIKE)
DONE = [("weight", "f4"), ("plays", "i4"), ("heard", "i4"), ("opinion", "i1"), ("all", "i4")]
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

    # of ROW: weight in the history, plays that count in it, last day heard or judged, opinion,
    # and all plays, muted or not
    rows: NDArray[Any]
    against: NDArray[np.int32]  # columns hidden or disliked, also by their artist or album
    genres: NDArray[np.int64]  # favourites, as ids
    artists: NDArray[np.int64]
    albums: NDArray[np.int64]  # for each of `on_albums` the album that was liked
    on_albums: NDArray[np.int32]  # columns
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
        on_albums = live.model.columns(kept.on_albums)
        return cls(
            rows=rows,
            against=_against(live, kept),
            genres=kept.genres,
            artists=kept.artists,
            albums=kept.albums[on_albums >= 0],
            on_albums=on_albums[on_albums >= 0],
            not_genres=kept.not_genres,
        )

    @classmethod
    def of_nobody(cls) -> Self:
        nothing, nowhere = np.empty(0, PKS), np.empty(0, COLUMNS)
        return cls(np.empty(0, ROW), nowhere, nothing, nothing, nothing, nowhere, nothing)

    def known_since(self, day: int) -> NDArray[np.int32]:
        """Return the columns heard on this day (since 1970) or later, and those ever judged."""
        known = (self.rows["heard"] >= day) | (self.rows["opinion"] != NO_OPINION)
        return self.rows["column"][known]

    def heard(self) -> NDArray[np.int32]:
        return self.rows["column"][self.rows["all"] > 0]

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
        at = places_of(np.fromiter(columns, COLUMNS), self.rows["column"])
        rows = self.rows[at[at >= 0]]
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
    not_tracks: NDArray[np.int64]  # hidden or disliked, by themselves or by their album
    not_artists: NDArray[np.int64]
    genres: NDArray[np.int64]
    artists: NDArray[np.int64]
    albums: NDArray[np.int64]  # for each of `on_albums` the album that was liked
    on_albums: NDArray[np.int64]  # tracks
    not_genres: NDArray[np.int64]

    @classmethod
    def of(cls, listener: Listener, catalogue_version: int, *, at: datetime) -> Self:
        """Return what is cached, or read it."""
        stamp = f"{listener.taste_version}:{catalogue_version}:{day_of(at)}"
        if packed := taste_cache.find("past", listener, stamp):
            return cls._unpacked(packed)
        kept = cls._read(listener, at)
        # Not before the commit: what a change that is undone again has left must not be found.
        transaction.on_commit(lambda: taste_cache.keep("past", listener, stamp, kept._packed()))
        return kept

    def _packed(self) -> dict[str, bytes]:
        return {each.name: getattr(self, each.name).tobytes() for each in fields(self)}

    @classmethod
    def _unpacked(cls, packed: dict[str, bytes]) -> Self:
        rows = np.frombuffer(packed["rows"], TRACK_ROW)
        return cls(rows, *(np.frombuffer(packed[each.name], PKS) for each in fields(cls)[1:]))

    @classmethod
    def _read(cls, listener: Listener, at: datetime) -> Self:
        plays = _PLAYED.rows(listener=listener.pk)
        said = [Said(*row) for row in _SAID.rows(listener=listener.pk)]
        opinions = [
            Opinion(each.track, each.kind, each.rating, each.when)
            for each in said
            if each.track is not None
        ]
        on_others = [each for each in said if each.track is None and each.kind not in OF_TRACKS]
        against = [each for each in on_others if each.kind in AGAINST]
        likes = [each for each in on_others if each.kind not in AGAINST]
        on_albums = _on_albums(on_others)
        not_albums = {each.album for each in against}
        liked = [row for row in on_albums if row[0] not in not_albums]
        disliked = [each.track for each in opinions if each.kind in AGAINST]
        disliked += [track for album, track in on_albums if album in not_albums]
        return cls(
            rows=_rows(listener, plays, opinions, at),
            not_tracks=_pks(disliked),
            not_artists=_pks(each.artist for each in against),
            genres=_pks(each.genre for each in likes),
            artists=_pks(each.artist for each in likes),
            albums=np.array([album for album, _track in liked], PKS),
            on_albums=np.array([track for _album, track in liked], PKS),
            not_genres=_pks(each.genre for each in against),
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


def _pks(values: Iterable[int | None]) -> NDArray[np.int64]:
    return np.unique(np.fromiter((value for value in values if value is not None), dtype=PKS))


# What is read of a listener, whenever the taste has moved


class Said(NamedTuple):
    """An opinion on a track, an artist, an album or a genre."""

    track: int | None
    artist: int | None
    album: int | None
    genre: int | None
    kind: str
    rating: int | None
    when: datetime


class Opinion(NamedTuple):
    """One on a track."""

    track: int
    kind: str
    rating: int | None
    when: datetime


OF_TRACKS = (FeedbackKind.RATING, FeedbackKind.SKIP)  # they say nothing of an artist or a genre
SHOWN_ARTIST = Coalesce("artist__canonical_id", "artist_id")

_PLAYED = Prepared(
    lambda: (
        Play.objects.filter(listener=Given("listener"))
        .values_list(SHOWN_TRACK, "skipped", "source")
        .annotate(times=Count("pk"), last=Max("started_at"))
    )
)
_SAID = Prepared(  # the latest last
    lambda: (
        Feedback.objects.filter(listener=Given("listener"))
        .exclude(kind=FeedbackKind.REPORT)
        .order_by("given_at", "pk")
        .values_list(
            SHOWN_TRACK, SHOWN_ARTIST, "album_id", "genre_id", "kind", "rating", "given_at"
        )
    )
)
_MUTED = Prepared(
    lambda: Mute.objects.in_force().filter(listener=Given("listener")).values_list("pk")[:1]
)


_ON_ALBUMS = Prepared(
    lambda: (
        Track.objects.filter(among("album_id", Given("albums")))
        .order_by("album_id", "pk")
        .values_list("album_id", Coalesce("canonical_id", "pk"))
    )
)


def _on_albums(said: Iterable[Said]) -> list[Row]:
    """Return the tracks of the albums of which something was said, as album and track."""
    albums = sorted({each.album for each in said if each.album is not None})
    return _ON_ALBUMS.rows(albums=albums) if albums else []


def _counting(listener: Listener, plays: list[Row], opinions: list[Opinion]) -> list[Told]:
    """Return what counts: of what is muted, or of a source that may not be used, nothing."""
    if _MUTED.rows(listener=listener.pk):
        return list(told_by(listener))
    unused = unused_sources()
    counted: dict[tuple[int, bool], tuple[int, datetime]] = {}
    for track, skipped, source, times, last in plays:
        if source not in unused:
            before = counted.get((track, skipped), (0, last))
            counted[track, skipped] = before[0] + times, max(before[1], last)
    played = [told_play(listener.pk, *key, *count) for key, count in counted.items()]
    return played + [told_opinion(listener.pk, *opinion) for opinion in opinions]


def _rows(
    listener: Listener, plays: list[Row], opinions: list[Opinion], at: datetime
) -> NDArray[Any]:
    counting = _counting(listener, plays, opinions)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    history = weigh_told(counting, at=midnight)
    played = [(track, times) for _who, track, kind, times, _last in counting if kind == Kind.PLAY]
    heard = np.array([row[0] for row in plays], PKS)
    judged = np.array([each.track for each in opinions], PKS)
    tracks = np.unique(np.concatenate([history.tracks, heard, judged]))
    rows = np.zeros(tracks.size, TRACK_ROW)
    rows["track"] = tracks
    rows["heard"], rows["opinion"] = NEVER, NO_OPINION
    rows["weight"][np.searchsorted(tracks, history.tracks)] = history.weights
    counted = np.array(played, PKS).reshape(-1, 2)
    rows["plays"][np.searchsorted(tracks, counted[:, 0])] = counted[:, 1]
    at_heard = np.searchsorted(tracks, heard)
    days = [day_of(last) for _track, _skipped, _source, _times, last in plays]
    times = [0 if skipped else times for _track, skipped, _source, times, _last in plays]
    np.maximum.at(rows["heard"], at_heard, np.array(days, np.int32))
    np.add.at(rows["all"], at_heard, np.array(times, np.int32))
    for row, opinion in zip(np.searchsorted(tracks, judged), opinions, strict=True):
        rows["opinion"][row] = KINDS.index(opinion.kind)
        rows["heard"][row] = max(rows["heard"][row], day_of(opinion.when))
    return rows
