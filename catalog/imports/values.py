"""From the text in a cell to a value. Each returns None where the file does not say."""

from __future__ import annotations

import ast
import math
import re

from catalog.imports.rows import Id, Unreadable
from catalog.naming import clean

MISSING = frozenset(("", "nan", "null", "none", "na", "n/a", "\\n", "-", "undefined"))
TRUE = frozenset(("1", "1.0", "true", "t", "yes", "y", "explicit"))
FALSE = frozenset(("0", "0.0", "false", "f", "no", "n", "clean", "notexplicit"))
YEARS = range(1860, 2101)  # sound has been recorded since 1860
LONGEST_MS = 24 * 60 * 60 * 1000

_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
_SPOTIFY_ID = re.compile(
    r"(?:spotify:track:|https?://open\.spotify\.com/(?:\S+/)?track/)?([0-9A-Za-z]{22})(?:\?\S*)?"
)
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_GUESTS = re.compile(r"\s+[(\[]?(?:featuring|feat\.|ft\.)\s+", re.IGNORECASE)


def number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return _odd_number(text)
    return value if math.isfinite(value) else None


def _odd_number(text: str) -> float | None:
    text = text.strip()
    if text.casefold() in MISSING:
        return None
    if _DECIMAL_COMMA.fullmatch(text):
        return float(text.replace(",", "."))
    raise Unreadable(f"“{_short(text)}” is not a number")


def boolean(text: str) -> bool | None:
    said = text.strip().casefold()
    if said in MISSING:
        return None
    if said in TRUE:
        return True
    if said in FALSE:
        return False
    raise Unreadable(f"“{_short(text)}” is neither yes nor no")


def year(text: str) -> int | None:
    """The year of a year, a month or a day, however written; None where it cannot be true."""
    text = text.strip()
    if text.casefold() in MISSING or not text.strip("0.-/"):
        return None
    found = _FOUR_DIGITS.search(text)
    if not found:
        raise Unreadable(f"“{_short(text)}” is not a date")
    value = int(found[0])
    return value if value in YEARS else None


def milliseconds(text: str) -> int | None:
    return duration(number(text), 1)


def seconds(text: str) -> int | None:
    """Milliseconds of seconds, or of minutes and seconds (3:25)."""
    if ":" in text:
        minutes, _, rest = text.strip().partition(":")
        whole, part = number(minutes), number(rest)
        return duration((whole or 0) * 60 + (part or 0), 1000)
    return duration(number(text), 1000)


def duration(value: float | None, unit_ms: int) -> int | None:
    if value is None or not 0 < value * unit_ms <= LONGEST_MS:
        return None
    return round(value * unit_ms)


def names(text: str, separator: str | None) -> tuple[str, ...]:
    """The names in a cell: a list as Python writes it, or parted by a separator (None: one)."""
    text = text.strip()
    if not text:
        return ()
    if text.startswith("[") and text.endswith("]") and text[1:2] in ("'", '"', "]"):
        parts = _written_list(text)
    else:
        parts = text.split(separator) if separator else [text]
    if "eat" in text or "t." in text:
        parts = [guest for part in parts for guest in _with_guests(part)]
    return tuple(dict.fromkeys(name for part in parts if (name := known(part))))


def _with_guests(name: str) -> list[str]:
    """ "A feat. B" and "A (Featuring B)" are two names."""
    parts = _GUESTS.split(name)
    return [parts[0], *(part.rstrip(")]") if "(" not in part else part for part in parts[1:])]


def _written_list(text: str) -> list[str]:
    try:
        parts = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise Unreadable(f"“{_short(text)}” is not a list of names") from None
    if not all(isinstance(part, str) for part in parts):
        raise Unreadable(f"“{_short(text)}” is not a list of names")
    return list(parts)


def known(text: str) -> str:
    """A name, cleaned; empty for the words that programs write where they know none."""
    name = clean(text)
    return "" if name in ("nan", "NaN", "null", "NULL", "None", "\\N") else name


def spotify(text: str) -> Id | None:
    found = _SPOTIFY_ID.fullmatch(text.strip())
    return ("spotify", found[1]) if found else None


def isrc(text: str) -> Id | None:
    code = text.replace("-", "").strip().upper()
    return ("isrc", code) if _ISRC.fullmatch(code) else None


def musicbrainz(text: str) -> Id | None:
    code = text.strip().casefold()
    return ("musicbrainz", code) if _UUID.fullmatch(code) else None


def msd(text: str) -> Id | None:
    """An id of the Million Song Dataset, of a track (TR…) or a song (SO…)."""
    code = text.strip()
    kind = {"TR": "msd-track", "SO": "msd-song"}.get(code[:2])
    return (kind, code) if kind and len(code) == 18 and code.isalnum() else None


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
