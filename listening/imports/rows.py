"""What readers give: plays, opinions and more, and rows that are left out, each with the reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from listening.arrivals import Arrival, Fate

SHOWN_OF_A_ROW = 500  # letters of a row left out that are kept
PERSONAL = ("ip_addr", "ip_addr_decrypted", "username", "user_agent_decrypted")


class Refused(Exception):
    """A whole upload cannot be read; nothing of it was stored. The message is for people."""


class Unreadable(Exception):
    """A row cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a listener thought of a track, an artist, an album or a genre."""

    kind: str  # as in FeedbackKind
    name: str  # the title of a track or an album, or the name of an artist or a genre
    on: str = "track"
    artists: tuple[str, ...] = ()
    album: str = ""
    duration_ms: int | None = None
    ids: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None  # None: the export does not say when
    withdrawn: bool = False
    rating: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Music:
    """A track, an artist or a genre, as an export names it."""

    name: str
    on: str = "track"
    artists: tuple[str, ...] = ()
    album: str = ""
    duration_ms: int | None = None
    ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Muted:
    """What does not count: some music, one play of a track, a source, or a time."""

    made_at: datetime
    music: Music | None = None
    source: str = ""  # as in Play.Source
    starts_at: datetime | None = None  # with music: when that one play of it began
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """That what is told of one track was another."""

    wrong: Music
    right: Music
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ToldPlaylist:
    """A playlist as an export tells of it."""

    key: str  # tells it apart from others, in this export and in a later one
    name: str
    description: str = ""
    created_at: datetime | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A track of a playlist, in their order; or that there is a playlist, and nothing in it."""

    playlist: ToldPlaylist
    place: str  # "playlist “Rain”, row 3"
    title: str = ""
    artist: str = ""  # as credited
    artists: tuple[str, ...] = ()
    album: str = ""
    duration_ms: int | None = None
    ids: tuple[tuple[str, str], ...] = ()
    added_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not self.title


@dataclass(frozen=True, slots=True)
class LeftOut:
    fate: Fate
    reason: str = ""
    place: str = ""  # "row 12" of a list, "line 12" of a text
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sourced:
    """A play that says itself where it came from first."""

    arrival: Arrival
    source: str  # as in Play.Source


Row = Arrival | Sourced | Opinion | Muted | Corrected | Entry | LeftOut


def rejected(reason: str, place: str, row: Any) -> LeftOut:
    return LeftOut(Fate.REJECTED, reason, place, shown(row))


def shown(row: Any) -> str:
    """The beginning of a row as it came, without what is personal in it."""
    if isinstance(row, Mapping):
        row = {key: value for key, value in row.items() if key not in PERSONAL}
    text = row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)
    return text[:SHOWN_OF_A_ROW].replace("\x00", "")
