"""The AudioScrobbler protocol 1.2: a handshake, then forms; older than Last.fm's API.

Every answer is a line of text with status 200: mpdscribble takes any other for a broken line.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from listening.arrivals import Arrival
from listening.scrobbling.lastfm import Form, duration_ms, musicbrainz_id
from listening.scrobbling.scrobble import AHEAD, EARLIEST, Scrobble, clean_text, moment

MOST_SCROBBLES = 50
FRESH_FOR = timedelta(minutes=3)  # how far a player's clock may be from ours

OK = "OK"
BADSESSION = "BADSESSION"
BADAUTH = "BADAUTH"
BADTIME = "BADTIME"
SKIPPED = "S"
LOVED = "L"


class Failed(Exception):
    """A refusal; the message is the line that answers."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """Who a player says it is for, and the proof: md5(md5(key) + timestamp)."""

    user: str
    timestamp: str
    proof: str

    def is_proven_by(self, md5_of_key: str) -> bool:
        wanted = hashlib.md5(f"{md5_of_key}{self.timestamp}".encode(), usedforsecurity=False)
        return hmac.compare_digest(wanted.hexdigest(), self.proof.lower())


def read_handshake(form: Form, *, at: datetime) -> Handshake:
    """:raises Failed: if it is none of this version, or its clock is off"""
    if form.get("hs") != "true" or not form.get("p", "").startswith("1.2"):
        raise Failed("FAILED Only protocol 1.2 is spoken here")
    timestamp = form.get("t", "")
    if not _is_number(timestamp) or abs(int(timestamp) - at.timestamp()) > FRESH_FOR.seconds:
        raise Failed(BADTIME)
    return Handshake(user=form.get("u", ""), timestamp=timestamp, proof=form.get("a", ""))


def read_now_playing(form: Form, *, at: datetime) -> Scrobble:
    """:raises Failed: if the artist or the track has no name"""
    artist, title = clean_text(form.get("a", "")), clean_text(form.get("t", ""))
    if not artist or not title:
        raise Failed("FAILED The artist or the track has no name")
    return Scrobble(_arrival(form, artist, title, at))


def read_scrobbles(form: Form, *, at: datetime) -> list[Scrobble]:
    """Return what is to be counted: not what was skipped, nor what has no name or no moment.

    :raises Failed: if nothing is there at all
    """
    entries = list(_entries(form))
    if not entries:
        raise Failed("FAILED No track is in this submission")
    found = (_scrobble(entry, at) for entry in entries)
    return [scrobble for scrobble in found if scrobble]


def _entries(form: Form) -> Iterator[dict[str, str]]:
    for number in range(MOST_SCROBBLES):
        entry = {name: form.get(f"{name}[{number}]", "") for name in "atiorlbnm"}
        if any(entry.values()):
            yield entry


def _scrobble(entry: Form, at: datetime) -> Scrobble | None:
    artist, title, start = clean_text(entry["a"]), clean_text(entry["t"]), entry["i"]
    if not artist or not title or not _is_number(start) or entry["r"] == SKIPPED:
        return None
    if not EARLIEST.timestamp() <= int(start) < (at + AHEAD).timestamp():
        return None
    arrival = _arrival(entry, artist, title, moment(int(start)))
    return Scrobble(arrival, is_loved=entry["r"] == LOVED)


def _arrival(entry: Form, artist: str, title: str, started_at: datetime) -> Arrival:
    return Arrival(
        started_at=started_at,
        artist=artist,
        title=title,
        album=clean_text(entry.get("b", "")),
        duration_ms=duration_ms(entry.get("l", "")),
        ids=musicbrainz_id(entry.get("m", "")),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16
