"""What an audio file says of itself, in its tags or else in its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tinytag import TinyTag, TinyTagException

# "7. ", "07) ", "07 ", and "07 - " before what still has a dash; but 50 Cent and 311 are artists.
NUMBER = re.compile(r"^(?:\d{1,3}[.)]\s*|0\d{1,2}\s+(?![-–—])|\d{1,3}\s+[-–—]\s+(?=.+\s[-–—]\s))")
DASH = re.compile(r"\s+[-–—]\s+")


class NotAudio(Exception):
    """The file cannot be read as what its name says; the message is for people."""


@dataclass(frozen=True, slots=True)
class Tags:
    """As they stand in the file; empty where it does not say."""

    title: str = ""
    artists: tuple[str, ...] = ()
    album: str = ""
    year: str = ""
    genres: tuple[str, ...] = ()
    seconds: float | None = None
    isrc: str = ""
    musicbrainz: str = ""


def read_tags(path: Path) -> Tags:
    """:raises NotAudio: if the file is empty, damaged or of another kind"""
    try:
        if not path.stat().st_size:
            raise NotAudio("the file is empty")
        found = TinyTag.get(path, duration=True)
    except TinyTagException as error:
        raise NotAudio(f"the file is damaged, or no audio ({_reason(error)})") from error
    except OSError as error:
        raise NotAudio(f"the file cannot be opened ({error.strerror})") from error
    return _with_name(path, found)


def _reason(error: Exception) -> str:
    return str(error)[:100] or type(error).__name__


def _with_name(path: Path, found: TinyTag) -> Tags:
    """Where the tags name no artist or no title, the name of the file may."""
    artist, title = names_in(path.stem)
    return Tags(
        title=found.title or title,
        artists=tuple(_all(found, "artist")) or ((artist,) if artist else ()),
        album=found.album or "",
        year=found.year or next(_all(found, "_year"), ""),
        genres=tuple(_all(found, "genre")),
        seconds=found.duration or None,
        isrc=next(_all(found, "isrc"), ""),
        musicbrainz=next(_all(found, "musicbrainz_trackid"), ""),
    )


def _all(found: TinyTag, name: str) -> Iterator[str]:
    """Yield a tag and all its further values."""
    first = getattr(found, name, None)
    values = [*([first] if first else ()), *(found.other.get(name) or ())]
    return iter(dict.fromkeys(str(value) for value in values))


def names_in(stem: str) -> tuple[str, str]:
    """Return artist and title of a name like "07 - Artist - Title"; the artist may be empty."""
    words = stem.replace("_", " ").strip()
    words = NUMBER.sub("", words, count=1) or words
    artist, *rest = DASH.split(words, maxsplit=1)
    return (artist.strip(), rest[0].strip()) if rest else ("", words)
