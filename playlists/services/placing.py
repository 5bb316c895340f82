"""Positions stay 1 to n. Each change costs the same few queries, however long the playlist is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import F, Max, Min
from django.utils.translation import gettext as _

from catalog.services import storing
from catalog.services.storing import among
from playlists.models import Playlist, PlaylistEntry

MOST = 10_000  # tracks in a playlist
# The database looks at each row as it moves, so rows step aside, and back to where they belong.
ASIDE = 1_000_000


def is_full(last: int) -> bool:
    """Say whether a playlist whose last track stands here takes no more."""
    return last >= MOST


def too_many() -> str:
    return _("A playlist holds %(most)s tracks at most.") % {"most": f"{MOST:,}"}


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


def order_again(playlists: Collection[int]) -> list[int]:
    """Close all gaps in playlists that are held; return those in which anything moved.

    In one that only imports have touched, each track stands where the first import put it that
    still tells of it.
    """
    rows = PlaylistEntry.objects.filter(among("playlist", playlists))
    told = rows.annotate(told=Min("tellings__pk")).order_by("position")
    standing = defaultdict(list)
    for playlist, is_own, *row in told.values_list(
        "playlist", "playlist__is_own", "told", "position", "pk"
    ):
        standing[playlist, is_own].append(row)
    moves, moved = [], []
    for (playlist, is_own), entries in standing.items():
        wanted = entries if is_own else sorted(entries)
        steps = [(pk, to) for to, (_, at, pk) in enumerate(wanted, start=1) if at != to]
        moves += steps
        moved += [playlist] if steps else []
    rows.filter(among("pk", [pk for pk, _ in moves])).update(position=F("position") + ASIDE)
    storing.update(PlaylistEntry, ("position",), moves)
    return moved


def _move(playlist: Playlist, *, behind: int, by: int) -> None:
    playlist.entries.filter(position__gt=behind).update(position=F("position") + ASIDE)
    moved = playlist.entries.filter(position__gt=ASIDE)
    moved.update(position=F("position") - (ASIDE - by))
