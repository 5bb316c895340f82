"""Spotify's account data: a year of plays to the minute, and the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TextIO

from listening.arrivals import Arrival, Fate
from listening.imports import values
from listening.imports.elements import elements
from listening.imports.readers import Head, Reader, Setting, count, each, one
from listening.imports.rows import LeftOut, Opinion, Row, Unreadable

UNKNOWN = ("Unknown Track", "Unknown Artist")
HALF_A_MINUTE, MINUTE = 30_000, 60_000  # milliseconds; what is shorter is a skip


class SpotifyPlays(Reader):
    """`StreamingHistory_music_*.json`: `endTime` is UTC, to the minute; no ids, no albums."""

    name = "spotify-account"
    format = "spotify-account"
    source = "spotify-account"

    def knows(self, head: Head) -> bool:
        return head.is_list and {"endTime", "msPlayed"} <= head.first().keys()

    def count(self, file: TextIO) -> int:
        return count(elements(file))

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return each(elements(file), (None,), _Plays())


class _Plays:
    """Read the plays of one file, in their order.

    Plays of one track that lasted equally long and ended in the same minute look alike. What lasts
    half a minute may well be heard twice in it: the second began by its length earlier. What lasts
    a minute or more ends in none twice: there the file has the same play twice, as it does.
    """

    def __init__(self) -> None:
        self.minute: Any = None
        self.ended: set[tuple[str, str, int]] = set()  # in that minute

    def __call__(self, row: dict[str, Any]) -> Row:
        play = _play(row)
        if not isinstance(play, Arrival) or play.ms_played is None:
            return play
        if not HALF_A_MINUTE <= play.ms_played < MINUTE:
            return play
        if self.minute != row["endTime"]:
            self.minute, self.ended = row["endTime"], set()
        heard = (play.artist, play.title, play.ms_played)
        if heard in self.ended:
            return replace(play, started_at=values.began(play.started_at, play.ms_played))
        self.ended.add(heard)
        return play


def _play(row: dict[str, Any]) -> Row:
    if "podcastName" in row or "episodeName" in row:
        return LeftOut(Fate.PODCAST)
    played = values.number(row.get("msPlayed"))
    if played is None or not 0 <= played <= values.LONGEST_MS:
        raise Unreadable("no length that can be true (msPlayed)")
    artist, title = values.artist(row.get("artistName")), values.title(row.get("trackName"))
    if artist in UNKNOWN or title in UNKNOWN:
        raise Unreadable("Spotify no longer names this track")
    return Arrival(
        started_at=values.began(values.moment(row.get("endTime")), played),
        artist=artist,
        title=title,
        ms_played=int(played),
    )


class SpotifyLibrary(Reader):
    """`YourLibrary.json`: what was liked, followed and banned; it does not say when."""

    name = "spotify-library"
    format = "spotify-account"
    source = "spotify-account"

    def knows(self, head: Head) -> bool:
        return any(_is_in_a_library(head.first(name)) for name in LIBRARY)

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        numbers: dict[str, int] = {}
        for key, value in elements(file):
            name = key or ""
            numbers[name] = numbers.get(name, 0) + 1
            yield _in_list(name, value, f"{name}, row {numbers[name]:,}")


def _is_in_a_library(row: dict[str, Any]) -> bool:
    if values.text(row.get("uri")).startswith("spotify:"):
        return True
    return {"artist", "track"} <= row.keys() <= {"artist", "album", "track", "uri"}


def _in_list(name: str, value: Any, place: str) -> Row:
    if read := LIBRARY.get(name):
        return one(value, place, read)
    return LeftOut(Fate.KEPT, f"in “{name[:80]}”, of which nothing is read yet", place)


def _track(kind: str) -> Callable[[dict[str, Any]], Row]:
    def read(row: dict[str, Any]) -> Row:
        return Opinion(
            kind=kind,
            name=values.title(row.get("track")),
            artists=(values.artist(row.get("artist")),),
            album=values.album(row.get("album")),
            ids=values.ids(spotify=row.get("uri")),
        )

    return read


def _album(row: dict[str, Any]) -> Row:
    name = values.title(row.get("album"))
    return Opinion("like", name, "album", (values.artist(row.get("artist")),))


def _artist(kind: str) -> Callable[[dict[str, Any]], Row]:
    def read(row: dict[str, Any]) -> Row:
        return Opinion(kind, values.artist(row.get("name")), "artist")

    return read


def _spoken(row: dict[str, Any]) -> Row:
    return LeftOut(Fate.PODCAST)


LIBRARY: dict[str, Callable[[dict[str, Any]], Row]] = {
    "tracks": _track("like"),
    "albums": _album,
    "artists": _artist("favourite"),
    "bannedTracks": _track("hide"),
    "bannedArtists": _artist("hide"),
    "shows": _spoken,
    "episodes": _spoken,
    "audiobooks": _spoken,
}
