"""Plays and what was said, as our own import reads them back; docs/listening.md has the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from accounts.models import Listener
from catalog.models import ArtistCredit, ExternalId, Track
from listening.imports.own import BETWEEN, COLUMNS, NO, YES
from listening.models import Correction, FeedbackChange, Mute, Play
from playlists.models import Playlist, PlaylistEntry

__all__ = [
    "COLUMNS",
    "corrections_of",
    "feedback_of",
    "mutes_of",
    "playlists_of",
    "plays_of",
    "table_row",
]

CHUNK = 2_000
Row = dict[str, Any]


def plays_of(listener: Listener) -> Iterator[Row]:
    """Yield every play, oldest first."""
    plays = Play.objects.filter(listener=listener).order_by("started_at", "pk")
    rows: QuerySet[Play, Any] = plays.values(
        "started_at", "ms_played", "skipped", "source",
        "track_id", "track__title", "track__credit", "track__artist__name",
        "track__album__title", "track__duration_ms",
    )  # fmt: skip
    for chunk in _chunks(rows):
        tracks = {row["track_id"] for row in chunk}
        names, ids = _names(tracks), _ids(tracks)
        yield from (_play(row, names, ids) for row in chunk)


def _play(row: Row, names: dict[int, list[str]], ids: dict[int, list[tuple[str, str]]]) -> Row:
    artist = row["track__artist__name"]
    return {
        "started_at": row["started_at"].isoformat(),
        "title": row["track__title"],
        "artist": row["track__credit"] or artist,
        "artists": names.get(row["track_id"], [artist]),
        "album": row["track__album__title"] or "",
        "duration_ms": row["track__duration_ms"],
        "ms_played": row["ms_played"],
        "skipped": row["skipped"],
        "source": row["source"],
        "ids": ids.get(row["track_id"], []),
    }


def table_row(play: Row) -> list[Any]:
    """Return a play as a line of the table."""
    return [
        play["started_at"],
        play["title"],
        play["artist"],
        BETWEEN.join(play["artists"]),
        play["album"],
        play["duration_ms"],
        play["ms_played"],
        YES if play["skipped"] else NO,
        play["source"],
        " ".join(f"{kind}:{value}" for kind, value in play["ids"]),
    ]


def feedback_of(listener: Listener) -> Iterator[Row]:
    """Yield every opinion ever given or taken back, oldest first."""
    changes = (
        FeedbackChange.objects.filter(listener=listener)
        .order_by("at", "pk")
        .select_related("track__artist", "track__album", "artist", "album__artist", "genre")
    )
    for chunk in _chunks(changes):
        tracks = _Tracks(change.track for change in chunk if change.track)
        yield from (_opinion(change, tracks) for change in chunk)


def _opinion(change: FeedbackChange, tracks: _Tracks) -> Row:
    said = {
        "at": change.at.isoformat(),
        "kind": change.kind,
        "withdrawn": change.withdrawn,
        "rating": change.rating,
        "note": change.note,
    }
    if change.track:
        return {"on": "track"} | tracks.told(change.track) | said
    if album := change.album:
        return {"on": "album", "name": album.title, "artists": [album.artist.name]} | said
    on = "artist" if change.artist else "genre"
    return {"on": on, "name": getattr(change, on).name} | said


def mutes_of(listener: Listener) -> Iterator[Row]:
    """Yield all that was ever muted, oldest first."""
    mutes = (
        Mute.objects.filter(listener=listener)
        .order_by("made_at", "pk")
        .select_related("track__artist", "track__album", "artist", "genre")
        .select_related("play__track__artist", "play__track__album")
    )
    for chunk in _chunks(mutes):
        tracks = _Tracks(track for mute in chunk if (track := _track_of(mute)))
        yield from (_mute(mute, tracks) for mute in chunk)


def _track_of(mute: Mute) -> Track | None:
    return mute.play.track if mute.play else mute.track


def _mute(mute: Mute, tracks: _Tracks) -> Row:
    said = {"made_at": mute.made_at.isoformat(), "lifted_at": _moment(mute.lifted_at)}
    if mute.play:
        heard = {"started_at": mute.play.started_at.isoformat()}
        return {"on": "play"} | tracks.told(mute.play.track) | heard | said
    if mute.track:
        return {"on": "track"} | tracks.told(mute.track) | said
    if mute.starts_at:
        span = {"starts_at": _moment(mute.starts_at), "ends_at": _moment(mute.ends_at)}
        return {"on": "time"} | span | said
    if mute.source:
        return {"on": "source", "source": mute.source} | said
    return {"on": mute.kind, "name": mute.thing.name} | said


def corrections_of(listener: Listener) -> Iterator[Row]:
    """Yield all that was ever corrected of whole tracks, oldest first."""
    corrections = (
        Correction.objects.filter(listener=listener)
        .order_by("made_at", "pk")
        .select_related("wrong__artist", "wrong__album", "right__artist", "right__album")
    )
    for chunk in _chunks(corrections):
        tracks = _Tracks(track for one in chunk for track in (one.wrong, one.right))
        for one in chunk:
            yield {
                "wrong": tracks.told(one.wrong),
                "right": tracks.told(one.right),
                "made_at": one.made_at.isoformat(),
                "undone_at": _moment(one.undone_at),
            }


def playlists_of(listener: Listener) -> Iterator[Row]:
    """Yield every playlist with its tracks in their order, the oldest first."""
    entries = groupby(_entries_of(listener), key=lambda told: told[0])
    following = next(entries, None)
    playlists = Playlist.objects.filter(listener=listener).order_by("pk")
    for playlist in playlists.iterator(chunk_size=CHUNK):
        tracks: list[Row] = []
        while following and following[0] <= playlist.pk:  # one may be gone by now
            tracks = [track for pk, track in following[1] if pk == playlist.pk]
            following = next(entries, None)
        yield {
            "key": playlist.key,
            "name": playlist.name,
            "description": playlist.description,
            "is_public": playlist.is_public,
            "refreshes_weekly": playlist.refreshes_weekly,
            "created_at": playlist.created_at.isoformat(),
            "changed_at": playlist.changed_at.isoformat(),
            "tracks": tracks,
        }


def _entries_of(listener: Listener) -> Iterator[tuple[int, Row]]:
    entries = (
        PlaylistEntry.objects.filter(playlist__listener=listener)
        .order_by("playlist", "position")
        .select_related("track__artist", "track__album")
    )
    for chunk in _chunks(entries):
        tracks = _Tracks(entry.track for entry in chunk)
        for entry in chunk:
            added_at = {"added_at": entry.added_at.isoformat()}
            yield entry.playlist_id, tracks.told(entry.track) | added_at


class _Tracks:
    """What tracks are called, so that they are found again."""

    def __init__(self, tracks: Iterable[Track]) -> None:
        pks = {track.pk for track in tracks}
        self._names, self._ids = _names(pks), _ids(pks)

    def told(self, track: Track) -> Row:
        return {
            "name": track.title,
            "artists": self._names.get(track.pk, [track.artist.name]),
            "album": track.album.title if track.album else "",
            "duration_ms": track.duration_ms,
            "ids": self._ids.get(track.pk, []),
        }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _chunks(rows: QuerySet[Any, Any]) -> Iterator[list[Any]]:
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := [row for _, row in zip(range(CHUNK), found, strict=False)]:
        yield chunk


def _names(tracks: Iterable[int]) -> dict[int, list[str]]:
    """Artists by track, in the order of its by-line."""
    credits = ArtistCredit.objects.filter(track__in=tracks).order_by("track", "position")
    names: dict[int, list[str]] = {}
    for track, name in credits.values_list("track_id", "artist__name"):
        names.setdefault(track, []).append(name)
    return names


def _ids(tracks: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    known = ExternalId.objects.filter(track__in=tracks, namespace="").order_by("kind", "value")
    ids: dict[int, list[tuple[str, str]]] = {}
    for track, kind, value in known.values_list("track_id", "kind", "value"):
        if track is not None:
            ids.setdefault(track, []).append((kind, value))
    return ids
