"""From what stands in an export to a value. Empty and None: the export does not say."""

from __future__ import annotations

import math
from calendar import month_abbr
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from catalog.imports.values import isrc, musicbrainz, spotify
from catalog.naming import clean
from listening.imports.rows import Unreadable

TITLE, ARTIST, ALBUM = 500, 300, 400  # the longest names that are kept
LONGEST_MS = 24 * 60 * 60 * 1000
MONTHS = {name.lower(): number for number, name in enumerate(month_abbr) if name}
MILLISECONDS_FROM = 100_000_000_000  # as seconds, this is the year 5138
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Id = tuple[str, str]
# The same ids come again and again, and a pattern takes its time.
IDS: dict[str, Callable[[str], Id | None]] = {
    "spotify": lru_cache(maxsize=100_000)(spotify),
    "isrc": isrc,
    "musicbrainz": musicbrainz,
}


def title(value: Any) -> str:
    """:raises Unreadable: if there is none"""
    if name := text(value)[:TITLE]:
        return name
    raise Unreadable("no title")


def artist(value: Any) -> str:
    """:raises Unreadable: if there is none"""
    if name := text(value)[:ARTIST]:
        return name
    raise Unreadable("no artist")


def artists(values: Any) -> tuple[str, ...]:
    """The names in a list, each once."""
    if not isinstance(values, list):
        return ()
    return tuple(dict.fromkeys(name for one in values if (name := text(one)[:ARTIST])))


def album(value: Any) -> str:
    return text(value)[:ALBUM]


def text(value: Any) -> str:
    """A name as it is meant; a number is one, too ("1999")."""
    if isinstance(value, str):
        return _clean(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


@lru_cache(maxsize=100_000)
def _clean(value: str) -> str:
    return clean(value.encode(errors="replace").decode() if not value.isascii() else value)


def exact(value: Any) -> str:
    """A text of our own, letter by letter, but for what no database keeps."""
    if not isinstance(value, str):
        return ""
    return value.encode(errors="replace").decode().replace("\x00", "").strip()


def number(value: Any) -> float | None:
    """A number, also one written as text."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:
        return None


def milliseconds(value: Any, unit_ms: int = 1) -> int | None:
    """A length of time, if it can be one."""
    known = number(value)
    if known is None or not 0 < known * unit_ms <= LONGEST_MS:
        return None
    return round(known * unit_ms)


def moment(value: Any) -> datetime:
    """A moment, from seconds or milliseconds since 1970, or as it is written in words.

    What names no time zone is taken as UTC.

    :raises Unreadable: if it is none
    """
    known = number(value)
    if known is not None:
        return _since_1970(known)
    if not isinstance(value, str) or not value.strip():
        raise Unreadable("no time")
    return _written(value.strip())


def began(ended: datetime, played_ms: float) -> datetime:
    """When that began which ended then.

    :raises Unreadable: if no calendar has that moment
    """
    try:
        return ended - timedelta(milliseconds=played_ms)
    except OverflowError:
        raise Unreadable("a time that cannot be") from None


def _since_1970(seconds: float) -> datetime:
    if abs(seconds) >= MILLISECONDS_FROM:
        seconds /= 1000
    try:
        return EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise Unreadable("a time that cannot be") from None


@lru_cache(maxsize=1000)
def _written(value: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found = _in_words(value)
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        raise Unreadable("a time that cannot be") from None


def _in_words(value: str) -> datetime:
    """ "06 Sep 2026, 14:23", as Last.fm writes it."""
    words = value.replace(",", " ").split()
    try:
        day, month, year = int(words[0]), MONTHS[words[1][:3].lower()], int(words[2])
        clock = [int(part) for part in words[3].split(":")] if len(words) > 3 else []
        hour, minute, second = [*clock, 0, 0, 0][:3]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (ValueError, KeyError, IndexError, TypeError, OverflowError):
        raise Unreadable(f"“{value[:40]}” is no time") from None


def ids(**said: Any) -> tuple[Id, ...]:
    """The identifiers that are well-formed; one kind each, as `spotify=`, `isrc=` …"""
    found = (IDS[kind](value) for kind, value in said.items() if isinstance(value, str) and value)
    return tuple(pair for pair in found if pair)


def mapping(value: Any) -> dict[str, Any]:
    """What should be an object, and an empty one where it is not."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """What should be an object with a list of `items`."""
    return listed(mapping(value).get("items"))


def listed(value: Any) -> list[Any]:
    """What should be a list, and an empty one where it is not."""
    return value if isinstance(value, list) else []
