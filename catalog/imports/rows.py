"""What readers give: rows that name a track, and rows that had to be left out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from catalog.naming import match_key, normalise

Id = tuple[str, str]  # kind and value, as in ExternalId
TITLE, ARTIST, ALBUM, LABEL = 500, 300, 400, 120  # the longest that is kept


class Refused(Exception):
    """A whole file cannot be read; nothing of it was stored. The message is for people."""


class Unreadable(Exception):
    """A row cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Rejected:
    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class TrackRow:
    """One track, as one row of a file has it, cleaned. None and empty: the file does not say."""

    line: int
    title: str  # may be empty where an id names the track
    artists: tuple[str, ...]
    album: str | None = None
    year: int | None = None
    duration_ms: int | None = None
    is_explicit: bool | None = None
    genres: tuple[str, ...] = ()  # labels as the file has them, the one to show first
    tags: Mapping[str, float] = field(default_factory=dict)  # word to weight, above 0 to 1
    features: Mapping[str, float] = field(default_factory=dict)
    timbre: tuple[float, ...] | None = None
    ids: tuple[Id, ...] = ()
    source_id: str = ""  # the source's own id, where it has one

    @property
    def key(self) -> str:
        return match_key(self.artists[0] if self.artists else "", self.title)

    def record_id(self) -> str:
        """What makes two rows of one source the same: its id, else names and duration."""
        if self.source_id:
            return self.source_id
        names = " ".join(normalise(name) for name in self.artists)
        said = f"{names}|{normalise(self.title)}|{self.duration_ms}"
        return "name-" + hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()

    def said(self) -> dict[str, Any]:
        """Return what the row says, as it is kept on record."""
        values = {
            "title": self.title or None,
            "artists": list(self.artists),
            "album": self.album,
            "year": self.year,
            "duration_ms": self.duration_ms,
            "is_explicit": self.is_explicit,
            "genres": list(self.genres),
            "tags": dict(self.tags),
            "features": dict(self.features),
            "timbre": list(self.timbre) if self.timbre else None,
            "ids": [list(pair) for pair in self.ids],
        }
        return {name: value for name, value in values.items() if value not in (None, [], {})}


Row = TrackRow | Rejected
Columns = Mapping[str, str]  # our name of a column, and the file's


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first look through a whole file says. A file that cannot be read has none."""

    total: int
    checksum: str


class Format(Protocol):
    """A kind of file. `source` is who speaks in it, `about` one line for people."""

    @property
    def name(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def about(self) -> str: ...

    def knows(self, path: Path) -> bool:
        """Whether this is such a file, by a look at its beginning."""

    def survey(self, path: Path, columns: Columns) -> Survey:
        """Look through the whole file.

        :raises Refused: if it cannot be read
        """

    def read(self, path: Path, columns: Columns) -> Iterator[Row]:
        """Yield its rows, always the same in the same order."""
