"""A call in Last.fm's form (version 2.0 of its API), as emulators take it: unsigned."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from listening.arrivals import Arrival
from listening.scrobbling.scrobble import AHEAD, EARLIEST, Scrobble, clean_text, moment

MOST_SCROBBLES = 50  # in one call
LONGEST_S = 24 * 24 * 3600

Form = Mapping[str, str]

_INDEXED = re.compile(r"(\w+)\[(\d{1,9})\]")
_SECONDS = re.compile(r"([0-9]{1,15})(?:\.[0-9]*)?")


class Error(IntEnum):
    """Last.fm's numbers of what went wrong."""

    INVALID_METHOD = 3
    AUTHENTICATION_FAILED = 4
    INVALID_PARAMETERS = 6
    OPERATION_FAILED = 8
    INVALID_SESSION = 9
    TRY_AGAIN = 16
    TOKEN_NOT_APPROVED = 14
    TOKEN_EXPIRED = 15
    RATE_LIMIT = 29


MESSAGES = {
    Error.INVALID_METHOD: "Invalid Method - No method with that name in this package",
    Error.AUTHENTICATION_FAILED: (
        "Authentication Failed - Use an app key from the page Players as the password"
    ),
    Error.INVALID_PARAMETERS: "Invalid parameters - Your request is missing a required parameter",
    Error.OPERATION_FAILED: "Operation failed - Something else went wrong",
    Error.INVALID_SESSION: "Invalid session key - Please re-authenticate",
    Error.TRY_AGAIN: "There was a temporary error processing your request. Please try again",
    Error.TOKEN_NOT_APPROVED: "This token has not been authorized",
    Error.TOKEN_EXPIRED: "This token has expired",
    Error.RATE_LIMIT: "Rate limit exceeded - Please wait a minute",
}


class Failed(Exception):
    """A refusal with Last.fm's number."""

    def __init__(self, error: Error, message: str = "") -> None:
        super().__init__(message or MESSAGES[error])
        self.error = error


class Ignored(IntEnum):
    """Last.fm's numbers of why one scrobble of a call was left out."""

    NOT = 0
    ARTIST = 1
    TRACK = 2
    TOO_OLD = 3
    TOO_NEW = 4


@dataclass(frozen=True, slots=True)
class Said:
    """One scrobble of a call, and what it is to us; the names are echoed in the answer."""

    artist: str
    track: str
    album: str
    album_artist: str
    timestamp: str
    ignored: Ignored
    scrobble: Scrobble | None


def read_scrobbles(form: Form, *, at: datetime) -> list[Said]:
    """Return what track.scrobble was given: one without brackets, or up to fifty with.

    :raises Failed: if nothing or too much is there, or a moment that is no number
    """
    entries = list(_entries(form))
    if not entries:
        raise Failed(Error.INVALID_PARAMETERS)
    if len(entries) > MOST_SCROBBLES:
        raise Failed(
            Error.INVALID_PARAMETERS,
            f"Invalid parameters - At most {MOST_SCROBBLES} scrobbles in one call",
        )
    return [_said(entry, _moment(entry.get("timestamp", "")), at) for entry in entries]


def read_now_playing(form: Form, *, at: datetime) -> Said:
    """Return what track.updateNowPlaying was given.

    :raises Failed: if the artist or the track has no name
    """
    said = _said(form, at, at)
    if said.scrobble is None:
        raise Failed(Error.INVALID_PARAMETERS)
    return said


def read_love(form: Form, *, at: datetime) -> Arrival:
    """Return the track that track.love or track.unlove names.

    :raises Failed: if the artist or the track has no name
    """
    scrobble = read_now_playing(form, at=at).scrobble
    assert scrobble  # noqa: S101 -- for the type checker: else it was refused
    return scrobble.arrival


def _entries(form: Form) -> Iterator[dict[str, str]]:
    numbered: dict[int, dict[str, str]] = defaultdict(dict)
    for key, value in form.items():
        if found := _INDEXED.fullmatch(key):
            numbered[int(found[2])][found[1]] = value
    if numbered:
        yield from (numbered[number] for number in sorted(numbered))
    elif {"artist", "track", "timestamp"} & form.keys():
        yield dict(form)


def _said(entry: Form, started_at: datetime, at: datetime) -> Said:
    artist, track = clean_text(entry.get("artist", "")), clean_text(entry.get("track", ""))
    ignored = _ignored(artist, track, started_at, at)
    return Said(
        artist=artist,
        track=track,
        album=clean_text(entry.get("album", "")),
        album_artist=clean_text(entry.get("albumArtist", "")),
        timestamp=entry.get("timestamp", "").strip(),
        ignored=ignored,
        scrobble=None if ignored else Scrobble(_arrival(entry, artist, track, started_at)),
    )


def _ignored(artist: str, track: str, started_at: datetime, at: datetime) -> Ignored:
    if not artist:
        return Ignored.ARTIST
    if not track:
        return Ignored.TRACK
    if started_at < EARLIEST:
        return Ignored.TOO_OLD
    return Ignored.TOO_NEW if started_at >= at + AHEAD else Ignored.NOT


def _arrival(entry: Form, artist: str, track: str, started_at: datetime) -> Arrival:
    return Arrival(
        started_at=started_at,
        artist=artist,
        title=track,
        album=clean_text(entry.get("album", "")),
        duration_ms=duration_ms(entry.get("duration", "")),
        ids=musicbrainz_id(entry.get("mbid", "")),
    )


def musicbrainz_id(text: str) -> tuple[tuple[str, str], ...]:
    """Return the id of the recording; nothing where it is none, for nobody can mend that."""
    try:
        return (("musicbrainz", str(UUID(text.strip()))),)
    except ValueError:
        return ()


def _moment(text: str) -> datetime:
    try:
        return moment(int(text))
    except (ValueError, OverflowError, OSError) as error:
        raise Failed(
            Error.INVALID_PARAMETERS, "Invalid parameters - timestamp must be in unix seconds"
        ) from error


def duration_ms(text: str) -> int | None:
    """Return a length that is said in seconds, whole ones; nothing where it can be none."""
    found = _SECONDS.fullmatch(text.strip())
    seconds = int(found[1]) if found else 0
    return seconds * 1000 if 0 < seconds <= LONGEST_S else None
