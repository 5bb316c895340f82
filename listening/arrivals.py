"""A listening as a door received it, before anybody knows which track it was. No database here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Fate(StrEnum):
    """What became of something that arrived."""

    NEW = "new"  # a new play of a track that was known
    CREATED = "created"  # a new play, and its track was not known before
    KNOWN = "known"  # the very same play is there already
    ECHO = "echo"  # another source told of the same listening
    SHORT = "short"  # a new play, but shorter than what counts: kept as a skip
    PODCAST = "podcast"  # not music; the door says so
    INCOGNITO = "incognito"  # of a private session; nothing is stored
    KEPT = "kept"  # of a kind that is not read yet: it stays in the file
    REJECTED = "rejected"  # with a reason; nothing is stored


@dataclass(frozen=True, slots=True)
class Arrival:
    """One listening, as it was told. `ids` are kinds and values, as in catalog's ExternalId."""

    started_at: datetime  # always with a time zone
    artist: str  # as credited: "A feat. B"
    title: str
    artists: tuple[str, ...] = ()  # one by one, where the source has them so
    album: str = ""
    duration_ms: int | None = None
    ms_played: int | None = None
    skipped: bool | None = None  # None: the source does not say
    ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one arrival: its fate, its play (an echo's: the play it echoes)."""

    fate: Fate
    play: int | None = None
    track: int | None = None
    reason: str = ""


Outcomes = Sequence[Outcome]
