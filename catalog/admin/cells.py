"""What stands in the cells of a file of tracks, out and in again.

An empty cell leaves a value as it is; a single hyphen takes the curator's word back. What a
spreadsheet would run as a formula goes out behind an apostrophe, which is taken off again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from catalog.models import Genre, Track, TrackTag
from catalog.naming import clean
from catalog.services import crediting

NOTHING = "-"
BETWEEN = "; "
COLUMNS = (
    "id",
    "title",
    "artists",
    "album",
    "year",
    "duration_ms",
    "is_explicit",
    "genre",
    "tags",
    "hidden",
)
LONGEST = 24 * 60 * 60 * 1000  # ms
_RUNS = re.compile(r"'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """The text such that no spreadsheet runs it."""
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text


def with_shown(tracks: list[Track]) -> list[Track]:
    """Put to each of these tracks, as text, what a file has of it."""
    ids = [track.pk for track in tracks]
    names = crediting.names_of(ids)
    tags: dict[int, list[str]] = {pk: [] for pk in ids}
    rows = TrackTag.objects.filter(track__in=ids).order_by("tag__name")
    for pk, name in rows.values_list("track_id", "tag__name").distinct():
        tags[pk].append(name)
    for track in tracks:
        track.shown = _texts(track, names.get(track.pk), tags[track.pk])  # type: ignore[attr-defined]
    return tracks


def _texts(track: Track, names: list[str] | None, tags: list[str]) -> dict[str, str]:
    return {
        "id": str(track.pk),
        "title": track.title,
        "artists": BETWEEN.join(names or [track.artist.name]),
        "album": track.album.title if track.album else "",
        "year": str(track.year or ""),
        "duration_ms": str(track.duration_ms or ""),
        "is_explicit": {True: "yes", False: "no", None: ""}[track.is_explicit],
        "genre": track.genre.name if track.genre else "",
        "tags": BETWEEN.join(tags),
        "hidden": "yes" if track.hidden_at else "no",
    }


def _name(text: str) -> str:
    return clean(text)[:400]


def _names(text: str) -> list[str]:
    return [name for name in (_name(one) for one in text.split(";")) if name]


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not lowest <= int(text[:12]) <= highest:
            raise ValueError(f"“{text[:40]}” is no whole number from {lowest} to {highest}.")
        return int(text)

    return parse


def _yes(text: str) -> bool:
    try:
        return {"yes": True, "no": False}[text.lower()]
    except KeyError:
        raise ValueError(f"“{text[:40]}” is neither yes nor no.") from None


PARSERS: dict[str, Callable[[str], Any]] = {
    "title": _name,
    "artists": _names,
    "album": _name,
    "year": _number(1000, 2200),
    "duration_ms": _number(1, LONGEST),
    "is_explicit": _yes,
    "tags": lambda text: [name.lower() for name in _names(text)],
    "hidden": _yes,
}
NEEDED = ("title", "artists", "hidden")  # cannot be taken back


def read(name: str, raw: str, genres: Mapping[str, Genre]) -> Any:
    """Return what a cell says of this value; `genres` are known by their names in small letters.

    :raises ValueError: in words for people, if it says nothing that can be
    """
    if raw == NOTHING:
        if name in NEEDED:
            raise ValueError(f"The {name} cannot be taken away.")
        return [] if name == "tags" else None
    text = unguarded(raw)
    if name == "genre":
        return _genre(text, genres)
    value = PARSERS[name](text)
    if name in NEEDED and value in ("", []):
        raise ValueError(f"The {name} cannot be empty.")
    return value


def _genre(text: str, genres: Mapping[str, Genre]) -> Genre:
    try:
        return genres[text.lower()]
    except KeyError:
        raise ValueError(f"There is no genre called “{text[:40]}”.") from None
