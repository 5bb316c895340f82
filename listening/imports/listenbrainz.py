"""ListenBrainz' export: listens as lines of JSON, month by month, and feedback; the older, too.

Feedback names tracks by ids alone. One that has no MusicBrainz id is named by the listens of the
same export (`Setting.names`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from listening.arrivals import Arrival, Fate
from listening.imports import values
from listening.imports.elements import elements
from listening.imports.readers import Head, Reader, Setting, each, each_line, json_object
from listening.imports.rows import LeftOut, Opinion, Row, Unreadable
from listening.imports.text import lines

LISTEN = {"listened_at", "track_metadata"}
IDS = {"recording_msid", "recording_mbid"}
KINDS = {1: "like", -1: "dislike"}
ROWS = (None, "listens")


class Listens(Reader):
    name = "listenbrainz"
    format = "listenbrainz"
    source = "listenbrainz-file"

    def knows(self, head: Head) -> bool:
        return head.object.keys() >= LISTEN

    def count(self, file: TextIO) -> int:
        return sum(1 for _line in lines(file))

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return each_line(file, _listen)


class OldListens(Reader):
    """The same as one list, or as the API gives it out."""

    name = "listenbrainz-list"
    format = "listenbrainz"
    source = "listenbrainz-file"

    def knows(self, head: Head) -> bool:
        return any("track_metadata" in head.first(name) for name in ROWS)

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return each(elements(file), ROWS, _listen)


class Feedback(Reader):
    name = "listenbrainz-feedback"
    format = "listenbrainz"
    source = "listenbrainz-file"

    def knows(self, head: Head) -> bool:
        return "score" in head.object and bool(head.object.keys() & IDS)

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return each_line(file, lambda row: _opinion(row, setting))


class Pins(Reader):
    name = "listenbrainz-pins"
    format = "listenbrainz"
    source = "listenbrainz-file"

    def knows(self, head: Head) -> bool:
        return {"blurb_content", "pinned_until"} <= head.object.keys()

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return each_line(file, _pin)


def msids_of(file: TextIO) -> set[str]:
    """The ids of its own by which feedback names tracks, where there is no better one."""
    rows = (json_object(line) for _, line in lines(file))
    return {str(row["recording_msid"]) for row in rows if _has_msid_alone(row)}


def _has_msid_alone(row: dict[str, Any]) -> bool:
    return bool(row.get("recording_msid")) and not row.get("recording_mbid")


def names_of(file: TextIO, msids: set[str]) -> dict[str, tuple[str, str]]:
    """Artist and title of these ids, as the listens have them."""
    told = (values.mapping(json_object(line).get("track_metadata")) for _, line in lines(file))
    return {
        str(one["recording_msid"]): (
            values.text(one.get("artist_name")),
            values.text(one.get("track_name")),
        )
        for one in told
        if values.text(one.get("recording_msid")) in msids
    }


def _listen(row: dict[str, Any]) -> Row:
    told = values.mapping(row.get("track_metadata"))
    more = values.mapping(told.get("additional_info"))
    mapped = values.mapping(told.get("mbid_mapping"))
    duration = values.milliseconds(more.get("duration_ms"))
    return Arrival(
        started_at=values.moment(row.get("listened_at")),
        artist=values.artist(told.get("artist_name")),
        title=values.title(told.get("track_name")),
        artists=_artists(mapped, more),
        album=values.album(told.get("release_name")),
        duration_ms=duration or values.milliseconds(more.get("duration"), 1000),
        ms_played=values.milliseconds(more.get("duration_played"), 1000),
        ids=values.ids(
            isrc=more.get("isrc"),
            musicbrainz=more.get("recording_mbid") or mapped.get("recording_mbid"),
            spotify=more.get("spotify_id"),
        ),
    )


def _artists(mapped: dict[str, Any], more: dict[str, Any]) -> tuple[str, ...]:
    credited = mapped.get("artists")
    if isinstance(credited, list) and credited:
        return values.artists([values.mapping(one).get("artist_credit_name") for one in credited])
    return values.artists(more.get("artist_names"))


def _opinion(row: dict[str, Any], setting: Setting) -> Row:
    score = row.get("score")
    if score not in (1, 0, -1):
        raise Unreadable("a score that is neither 1 nor -1")
    told = values.mapping(row.get("track_metadata"))
    named = setting.names.get(str(row.get("recording_msid")), ("", ""))
    artist = values.text(told.get("artist_name")) or named[0]
    title = values.text(told.get("track_name")) or named[1]
    ids = values.ids(musicbrainz=row.get("recording_mbid"))
    if not ids and not title:
        raise Unreadable("names its track by an id of ListenBrainz alone, which no listen has")
    at = row.get("created") or row.get("inserted_at")
    return Opinion(
        kind=KINDS.get(int(score), "like"),
        name=title,
        artists=(artist,) if artist else (),
        ids=ids,
        at=values.moment(at) if at else None,
        withdrawn=score == 0,
    )


def _pin(row: dict[str, Any]) -> Row:
    return LeftOut(Fate.KEPT, "a pinned recording: kept in the file", "")
