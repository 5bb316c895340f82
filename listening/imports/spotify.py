"""Spotify's extended streaming history, of every age: `endsong_*`, `Streaming_History_*`.

`ts` is when a stream ended, in UTC; it began `ms_played` earlier. `offline_timestamp` is in
seconds or milliseconds, zero, empty or hours away, and is not used. The artist is the album's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from listening.arrivals import Arrival, Fate
from listening.imports import values
from listening.imports.elements import elements
from listening.imports.readers import Head, Reader, Setting, count, each
from listening.imports.rows import LeftOut, Row, Unreadable

TITLE = "master_metadata_track_name"
ARTIST = "master_metadata_album_artist_name"
ALBUM = "master_metadata_album_album_name"
SPOKEN = (
    "episode_name",
    "episode_show_name",
    "spotify_episode_uri",
    "audiobook_title",
    "audiobook_uri",
)


class SpotifyHistory(Reader):
    name = "spotify-history"
    format = "spotify"
    source = "spotify-file"

    def knows(self, head: Head) -> bool:
        return head.is_list and {"ts", "ms_played"} <= head.first().keys()

    def count(self, file: TextIO) -> int:
        return count(elements(file))

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return each(elements(file), (None,), _row)


def _row(row: dict[str, Any]) -> Row:
    if row.get("incognito_mode") is True:
        return LeftOut(Fate.INCOGNITO)
    if not row.get(TITLE) and any(row.get(name) for name in SPOKEN):
        return LeftOut(Fate.PODCAST)
    played = values.number(row.get("ms_played"))
    if played is None or not 0 <= played <= values.LONGEST_MS:
        raise Unreadable("no length that can be true (ms_played)")
    ended = values.moment(row.get("ts"))
    skipped = row.get("skipped")
    return Arrival(
        started_at=values.began(ended, played),
        artist=values.artist(row.get(ARTIST)),
        title=values.title(row.get(TITLE)),
        album=values.album(row.get(ALBUM)),
        ms_played=int(played),
        skipped=skipped if isinstance(skipped, bool) else None,
        ids=values.ids(spotify=row.get("spotify_track_uri")),
    )
