"""A submission in ListenBrainz's form: the reference server's limits, checks and words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isfinite
from typing import Any
from uuid import UUID

from listening.arrivals import Arrival
from listening.scrobbling.scrobble import AHEAD, EARLIEST, Scrobble, clean_text, isrc, moment
from listening.scrobbling.scrobble import spotify_id as spotify_id_in

MOST_LISTENS = 1000  # in one request
MOST_BYTES = 10_240  # for each listen
MOST_TAGS = 50
LONGEST_TAG = 64
LONGEST_S = 24 * 24 * 3600
MBIDS = ("recording_mbid", "release_mbid", "release_group_mbid", "track_mbid")
LISTS_OF_MBIDS = ("artist_mbids", "work_mbids")
MOST_ARTISTS = 50

Json = dict[str, Any]


class BadListens(Exception):
    """A refusal in the words of the reference server; `listen` is the one that it is about."""

    def __init__(self, message: str, listen: Json | None = None) -> None:
        super().__init__(message)
        self.listen = listen or {}


class ListenType(StrEnum):
    SINGLE = "single"
    IMPORT = "import"
    PLAYING_NOW = "playing_now"


@dataclass(frozen=True, slots=True)
class Submission:
    listen_type: ListenType
    scrobbles: list[Scrobble]


def read_submission(body: bytes, *, at: datetime) -> Submission:
    """Return what the body says. One bad listen refuses the whole, as the reference does.

    :raises BadListens: in the words that clients know
    """
    data = read_json(body)
    listen_type, payload = _envelope(data)
    if len(payload) > MOST_LISTENS:
        raise BadListens(
            f"Too many listens. You may not submit more than {MOST_LISTENS} listens at once."
        )
    if len(body) > len(payload) * MOST_BYTES:
        raise BadListens(
            "JSON document is too large. In aggregate, listens may not be larger than "
            f"{MOST_BYTES} characters."
        )
    if len(payload) > 1 and listen_type != ListenType.IMPORT:
        raise BadListens(
            "JSON document contains more than listen for a single/playing_now. "
            "It should contain only one."
        )
    return Submission(listen_type, [_scrobble(listen, listen_type, at) for listen in payload])


def read_json(body: bytes) -> Json:
    """:raises BadListens: if the body is no JSON object"""
    try:
        data = json.loads(body, parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError) as error:
        raise BadListens(f"Cannot parse JSON document: {error}") from error
    if not isinstance(data, dict):
        raise BadListens("Invalid JSON document submitted.")
    return data


def _finite(text: str) -> float:
    number = float(text)
    if isfinite(number):
        return number
    raise ValueError(f"{text} is no number of JSON")


def _envelope(data: Json) -> tuple[ListenType, list[Any]]:
    payload = data.get("payload")
    if payload is None or "listen_type" not in data:
        raise BadListens("Invalid JSON document submitted.")
    if not isinstance(payload, list):
        raise BadListens("The payload in the JSON document should be a list of listens.")
    if not payload:
        raise BadListens("JSON document does not contain any listens")
    try:
        return ListenType(data["listen_type"]), payload
    except ValueError as error:
        raise BadListens("JSON document requires a valid listen_type key.") from error


def _scrobble(listen: Any, listen_type: ListenType, at: datetime) -> Scrobble:
    if not isinstance(listen, dict):
        raise BadListens("Listen is empty and cannot be validated.")
    _refuse_nul(listen)
    if listen_type == ListenType.PLAYING_NOW:
        _check_playing_now(listen)
        started_at = at
    else:
        started_at = _listened_at(listen, at)
    metadata = listen.get("track_metadata")
    if not isinstance(metadata, dict):
        raise BadListens("JSON document does not contain required track_metadata.", listen)
    info = metadata.get("additional_info") or {}
    if not isinstance(info, dict):
        raise BadListens("track_metadata.additional_info must be an object.", listen)
    _check_tags(info, listen)
    arrival = Arrival(
        started_at=started_at,
        artist=_name(metadata, "artist_name", listen),
        title=_name(metadata, "track_name", listen),
        artists=_artists(info),
        album=clean_text(_string(metadata.get("release_name"))),
        duration_ms=_duration_ms(info, listen),
        ms_played=_ms_played(info),
        ids=tuple(_ids(info, _checked_mbids(info, listen))),
    )
    return Scrobble(arrival, player=_player(info))


def _refuse_nul(listen: Json) -> None:
    """What PostgreSQL cannot store; the walk needs no recursion, however deep the listen."""
    waiting: list[Any] = [listen]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and "\0" in value:
            shown = value.replace("\0", "")[:100]
            raise BadListens(f"{shown} contains a unicode null")


def _check_playing_now(listen: Json) -> None:
    if "listened_at" in listen:
        raise BadListens(
            "JSON document must not contain listened_at while submitting playing_now.", listen
        )
    if listen.keys() > {"track_metadata"}:
        raise BadListens(
            "JSON document may only contain track_metadata as top level key when submitting "
            "playing_now.",
            listen,
        )


def _listened_at(listen: Json, at: datetime) -> datetime:
    if "listened_at" not in listen:
        raise BadListens("JSON document must contain the key listened_at at the top level.", listen)
    seconds = _integer(listen["listened_at"])
    if seconds is None:
        raise BadListens("JSON document must contain an int value for listened_at.", listen)
    if "track_metadata" in listen and len(listen) > 2:
        raise BadListens(
            "JSON document may only contain listened_at and track_metadata top level keys", listen
        )
    if seconds < EARLIEST.timestamp():
        raise BadListens(
            "Value for key listened_at is too low. listened_at timestamp should be greater than "
            "1033410600 (2002-10-01 00:00:00 UTC).",
            listen,
        )
    if seconds >= (at + AHEAD).timestamp():
        raise BadListens("Value for key listened_at is too high.", listen)
    return moment(seconds)


def _name(metadata: Json, key: str, listen: Json) -> str:
    if key not in metadata:
        raise BadListens(f"JSON document does not contain required track_metadata.{key}.", listen)
    if not isinstance(metadata[key], str):
        raise BadListens(f"track_metadata.{key} must be a single string.", listen)
    if name := clean_text(metadata[key]):
        return name
    raise BadListens(f"required field track_metadata.{key} is empty.", listen)


def _check_tags(info: Json, listen: Json) -> None:
    tags = info.get("tags")
    if not isinstance(tags, list):
        return
    if len(tags) > MOST_TAGS:
        raise BadListens(
            f"JSON document may not contain more than {MOST_TAGS} items in "
            "track_metadata.additional_info.tags.",
            listen,
        )
    if any(isinstance(tag, str) and len(tag) > LONGEST_TAG for tag in tags):
        raise BadListens(
            "JSON document may not contain track_metadata.additional_info.tags longer than "
            f"{LONGEST_TAG} characters.",
            listen,
        )


def _checked_mbids(info: Json, listen: Json) -> dict[str, str]:
    """Return the single ids that are there; empty ones and null are as good as absent."""
    single = {key: _mbid(info[key], key, listen) for key in MBIDS if info.get(key)}
    for key in LISTS_OF_MBIDS:
        values = info.get(key) or []
        if not isinstance(values, list):
            raise BadListens(f"{key} MBID format invalid.", listen)
        for value in filter(None, values):
            _mbid(value, key, listen)
    return single


def _mbid(value: Any, key: str, listen: Json) -> str:
    try:
        return str(UUID(value))
    except (AttributeError, TypeError, ValueError) as error:
        raise BadListens(f"{key} MBID format invalid.", listen) from error


def _duration_ms(info: Json, listen: Json) -> int | None:
    seconds, milliseconds = info.get("duration"), info.get("duration_ms")
    if seconds is not None and milliseconds is not None:
        raise BadListens("JSON document should not contain both duration and duration_ms.", listen)
    if milliseconds is not None:
        return _length("duration_ms", milliseconds, LONGEST_S * 1000, listen)
    if seconds is not None:
        return _length("duration", seconds, LONGEST_S, listen) * 1000
    return None


def _length(key: str, value: Any, most: int, listen: Json) -> int:
    length = _integer(value)
    if length is None or length <= 0:
        raise BadListens(f"Value for {key} is invalid, should be a positive integer.", listen)
    if length > most:
        raise BadListens(f"Value for {key} is too high.", listen)
    return length


def _integer(value: Any) -> int | None:
    """Return the whole number that a number or its text says; None where it says none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return value if isinstance(value, int) else int(float(value))
    except (ValueError, OverflowError):
        return None


def _ms_played(info: Json) -> int | None:
    """What nobody checks at ListenBrainz is taken where it makes sense."""
    seconds = _integer(info.get("duration_played"))
    return seconds * 1000 if seconds is not None and 0 < seconds <= LONGEST_S else None


def _artists(info: Json) -> tuple[str, ...]:
    names = info.get("artist_names")
    if not isinstance(names, list):
        return ()
    cleaned = (clean_text(name) for name in names[:MOST_ARTISTS] if isinstance(name, str))
    return tuple(name for name in cleaned if name)


def _ids(info: Json, mbids: dict[str, str]) -> Iterator[tuple[str, str]]:
    codes: Iterable[Any] = (
        info["isrc"] if isinstance(info.get("isrc"), list) else [info.get("isrc")]
    )
    for code in codes:
        if found := isrc(code):
            yield "isrc", found
    if "recording_mbid" in mbids:
        yield "musicbrainz", mbids["recording_mbid"]
    for key in ("spotify_id", "origin_url"):
        if found := spotify_id_in(info.get(key)):
            yield "spotify", found
            return


def _player(info: Json) -> str:
    """Return what played, as people know it: the player, else what sent it for the player."""
    for key in ("media_player", "submission_client"):
        if name := clean_text(_string(info.get(key))):
            return name[:120]
    return ""


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
