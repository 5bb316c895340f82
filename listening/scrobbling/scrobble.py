"""A scrobble: what a player says was heard, or is being heard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from listening.arrivals import Arrival

EARLIEST = datetime(2002, 10, 1, tzinfo=UTC)  # nobody scrobbled before
AHEAD = timedelta(hours=1)  # that a player's clock may be
PLAYING_FOR = timedelta(minutes=10)  # where the player does not say how long the track is

_SPOTIFY_TRACK = re.compile(
    r"(?:open\.spotify\.com/(?:intl-\w+/)?track/|spotify:track:|^)([0-9A-Za-z]{22})(?:[?#]|$)"
)
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")


@dataclass(frozen=True, slots=True)
class Scrobble:
    """One listening as a player told it. What is playing now began when the player said so."""

    arrival: Arrival
    player: str = ""
    is_loved: bool = False

    @property
    def plays_until(self) -> datetime:
        """When what plays now is over, if nobody says so before."""
        length = self.arrival.duration_ms
        lasts = PLAYING_FOR if length is None else timedelta(milliseconds=length)
        return self.arrival.started_at + lasts


def moment(seconds: int) -> datetime:
    """:raises ValueError: (or OverflowError, or OSError) if no calendar knows that second"""
    return datetime.fromtimestamp(seconds, UTC)


def clean_text(text: str) -> str:
    """Return the text without outer spaces, and with a mark for what no encoding can hold."""
    return text.encode(errors="replace").decode().strip()


def spotify_id(text: object) -> str:
    """Return the id in a link to a track; nothing for a link to anything else."""
    found = _SPOTIFY_TRACK.search(text) if isinstance(text, str) else None
    return found[1] if found else ""


def isrc(text: object) -> str:
    """Return the code as the catalogue writes it, or nothing where it is none."""
    code = text.replace("-", "").strip().upper() if isinstance(text, str) else ""
    return code if _ISRC.fullmatch(code) else ""
