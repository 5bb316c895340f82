"""Positions stay 1 to n. Each change costs the same few queries, however long the playlist is."""

from __future__ import annotations

from django.db.models import F, Max

from playlists.models import Playlist

# The database looks at each row as it moves, so rows step aside, and back to where they belong.
ASIDE = 1_000_000


def end_of(playlist: Playlist) -> int:
    """Return the last position; 0 where there is nothing."""
    last: int | None = playlist.entries.aggregate(last=Max("position"))["last"]
    return last or 0


def close_gap(playlist: Playlist, position: int) -> None:
    """Move all behind an empty position up by one."""
    _move(playlist, behind=position, by=-1)


def make_room(playlist: Playlist, position: int) -> None:
    """Move all from a position on down by one, so that it is empty."""
    _move(playlist, behind=position - 1, by=1)


def _move(playlist: Playlist, *, behind: int, by: int) -> None:
    playlist.entries.filter(position__gt=behind).update(position=F("position") + ASIDE)
    moved = playlist.entries.filter(position__gt=ASIDE)
    moved.update(position=F("position") - (ASIDE - by))
