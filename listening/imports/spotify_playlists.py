"""The playlists in Spotify's account data: `Playlist1.json`, `Playlist2.json` …"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any, TextIO
from urllib.parse import unquote_plus

from listening.arrivals import Fate
from listening.imports import values
from listening.imports.elements import elements
from listening.imports.readers import Head, Reader, Setting, one
from listening.imports.rows import Entry, LeftOut, Row, ToldPlaylist, Unreadable, rejected
from listening.imports.spotify_account import UNKNOWN

NAMELESS = "Playlist without a name"
NAME = 200  # letters
SPOKEN = ("episode", "audiobook")
LOCAL = "spotify:local:"  # then artist, album, title and seconds, each with a colon behind it


class SpotifyPlaylists(Reader):
    """Each playlist with its tracks in their order. None has an id, so its name has to do.

    Several of one name are told apart by their number, counted through all files of an export.
    """

    name = "spotify-playlists"
    format = "spotify-account"
    source = "spotify-account"
    counts_on = True

    def knows(self, head: Head) -> bool:
        return "playlists" in head.keys and "items" in head.first("playlists")

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        playlists = (value for key, value in elements(file) if key == "playlists")
        for number, playlist in enumerate(playlists, start=1):
            if isinstance(playlist, dict):
                yield from _rows(playlist, setting)
            else:
                yield rejected("not a playlist", f"playlist {number:,}", playlist)


def _rows(playlist: dict[str, Any], setting: Setting) -> Iterator[Row]:
    name = values.text(playlist.get("name"))[:NAME]
    setting.numbers[name] += 1
    told = ToldPlaylist(
        key=f"spotify:{setting.numbers[name]}:{name}",
        name=name or NAMELESS,
        description=values.text(playlist.get("description")),
        changed_at=_moment(playlist.get("lastModifiedDate")),
    )
    items = values.items(playlist)
    if not items:
        yield Entry(told, f"playlist “{told.name}”")
    for number, item in enumerate(items, start=1):
        place = f"playlist “{told.name[:80]}”, row {number:,}"
        yield one(item, place, partial(_entry, told, place))


def _entry(told: ToldPlaylist, place: str, item: dict[str, Any]) -> Row:
    track, local = item.get("track"), item.get("localTrack")
    if isinstance(track, dict):
        return _track(told, place, track, _moment(item.get("addedDate")))
    if isinstance(local, dict):
        return _local(told, place, local, _moment(item.get("addedDate")))
    if any(item.get(name) for name in SPOKEN):
        return LeftOut(Fate.PODCAST)
    raise Unreadable("Spotify no longer names this track")


def _track(
    told: ToldPlaylist, place: str, track: dict[str, Any], added_at: datetime | None
) -> Entry:
    title, artist = values.title(track.get("trackName")), values.artist(track.get("artistName"))
    if title in UNKNOWN or artist in UNKNOWN:
        raise Unreadable("Spotify no longer names this track")
    return Entry(
        playlist=told,
        place=place,
        title=title,
        artist=artist,
        album=values.album(track.get("albumName")),
        ids=values.ids(spotify=track.get("trackUri")),
        added_at=added_at,
    )


def _local(
    told: ToldPlaylist, place: str, local: dict[str, Any], added_at: datetime | None
) -> Entry:
    """A file on the listener's own disk, which its address names."""
    uri = values.text(local.get("uri"))
    parts = [unquote_plus(part) for part in uri.removeprefix(LOCAL).split(":")]
    if not uri.startswith(LOCAL) or len(parts) != 4:
        raise Unreadable("a local file without a name")
    artist, album, title, seconds = parts
    return Entry(
        playlist=told,
        place=place,
        title=values.title(title),
        artist=values.artist(artist),
        album=values.album(album),
        duration_ms=values.milliseconds(seconds, 1000),
        added_at=added_at,
    )


def _moment(value: Any) -> datetime | None:
    try:
        return values.moment(value)
    except Unreadable:
        return None
