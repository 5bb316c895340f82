"""The first minute of a listener: picks, a few opinions, or a pasted list, and a list at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from accounts.models import Listener
from catalog.models import Artist, Genre, Track
from catalog.services.matching import Wanted, find_tracks
from listening.models import Feedback, FeedbackKind, Play
from listening.services.feedback import give_feedback, withdraw_feedback
from recommendations import serving

ARTISTS, TRACKS, PREVIEW = 15, 6, 8
SURE = 10  # picks from which the list is as sure as picks can make it
LINES = 200  # of a pasted list
BETWEEN = re.compile(r"\s+[-–—]\s+|\t|\s*;\s*")  # artist - title
BY = re.compile(r"^(?P<title>.+?)\s+by\s+(?P<artist>.+)$", re.IGNORECASE)
NUMBER = re.compile(r"^\s*\d{1,3}[.):]\s+")
POSITIVE = (FeedbackKind.LIKE, FeedbackKind.FAVOURITE)


class Begun(NamedTuple):
    """What has been said so far."""

    artists: set[int]
    genres: set[int]
    tracks: dict[int, str]  # what is thought of each

    @property
    def picks(self) -> int:
        return len(self.artists) + len(self.genres) + len(self.tracks)

    @property
    def sure(self) -> int:
        """From 0 to `SURE`."""
        return min(self.picks, SURE)


class Pasted(NamedTuple):
    found: list[Track]
    unknown: list[str]  # lines as they were


def begun(listener: Listener) -> Begun:
    rows = Feedback.objects.filter(listener=listener)
    picked = rows.filter(kind=FeedbackKind.FAVOURITE).values_list("artist_id", "genre_id")
    said = rows.filter(track__isnull=False).order_by("given_at").values_list("track_id", "kind")
    return Begun(
        {artist for artist, _genre in picked if artist},
        {genre for _artist, genre in picked if genre},
        {track: kind for track, kind in said if track is not None},
    )


def is_new(listener: Listener) -> bool:
    """Whether there is too little to go by: no play, and hardly a word."""
    if Play.objects.filter(listener=listener).exists():
        return False
    return Feedback.objects.filter(listener=listener).count() < 3


def artists_to_ask(known: set[int], *, page: int) -> list[Artist]:
    """Return artists to pick from; those picked already stay where they can be let go.

    :raises serving.NoModel: if there is no model
    """
    ids = serving.telling_artists(n=ARTISTS, known=known, offset=page * ARTISTS)
    found = Artist.objects.shown().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def tracks_to_ask(known: Sequence[int]) -> list[Track]:
    """:raises serving.NoModel: if there is no model"""
    ids = serving.telling_tracks(n=TRACKS, known=known)
    found = Track.objects.playable().for_rows().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def pick(*, listener: Listener, on: Artist | Genre, at: datetime) -> bool:
    """Make it a favourite, or let it go again; return whether it is one now."""
    given: dict[str, Any] = {"listener": listener, "kind": FeedbackKind.FAVOURITE, "on": on}
    if withdraw_feedback(**given, at=at):
        return False
    give_feedback(**given, at=at)
    return True


def preview(*, listener: Listener, at: datetime) -> serving.Listed:
    """Return the list so far; it is kept as no slate, since nothing has been asked for yet.

    :raises serving.NoModel: if there is no model
    """
    return serving.recommend(listener=listener, at=at, n=PREVIEW, keep=False, seed=0)


def like_pasted(*, listener: Listener, text: str, at: datetime) -> Pasted:
    """Like the tracks that these lines name; what no line names is left as it was."""
    lines = [line for line in map(str.strip, text.splitlines()) if line][:LINES]
    wanted = [_wanted(line) for line in lines]
    matches = find_tracks([one for pair in wanted for one in pair])
    shown = [match.shown if match else None for match in matches]
    ids = [first or second for first, second in zip(shown[::2], shown[1::2], strict=True)]
    tracks = Track.objects.findable().in_bulk([pk for pk in ids if pk])
    found = [tracks[pk] for pk in dict.fromkeys(ids) if pk in tracks]
    for track in found:
        give_feedback(listener=listener, kind=FeedbackKind.LIKE, on=track, at=at)
    unknown = [line for line, pk in zip(lines, ids, strict=True) if pk not in tracks]
    return Pasted(found, unknown)


def _wanted(line: str) -> tuple[Wanted, Wanted]:
    """Return the two ways to read a line: artist first, or title first."""
    plain = NUMBER.sub("", line)
    if by := BY.match(plain):
        return Wanted(by["artist"], by["title"]), Wanted(plain, "")
    first, second = (*BETWEEN.split(plain, maxsplit=1), "")[:2]
    return Wanted(first, second), Wanted(second, first)
