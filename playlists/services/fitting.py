"""Which public playlists of others fit a listener, by the scores of their own list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from accounts.models import Listener
from catalog.models import Track
from playlists.models import Playlist, PlaylistEntry
from recommendations import serving

PLAYLISTS = 6
PRINTS = 4


class FittingPlaylist(NamedTuple):
    playlist: Playlist
    share: float  # of the best one, in percent
    tracks: Sequence[Track]  # of the listener's list, the best first


def fitting_playlists(
    *, listener: Listener, at: datetime, n: int = PLAYLISTS
) -> list[FittingPlaylist]:
    """Return the public playlists of others that hold most of the listener's list, best first.

    :raises NoModel: if there is no model yet
    """
    public = Playlist.objects.filter(is_public=True).exclude(listener=listener)
    if not public.exists():
        return []
    leading = {track.pk: track for track in serving.leading_tracks(listener=listener, at=at)}
    entries = PlaylistEntry.objects.filter(playlist__in=public, track__in=leading)
    pairs = list(entries.values_list("playlist", "track"))
    fits = list(serving.fitting(pairs, serving.worths(leading)).items())[:n]
    playlists = Playlist.objects.with_track_count().in_bulk([pk for pk, _fit in fits])
    held: dict[int, set[int]] = {}
    for playlist, track in pairs:
        held.setdefault(playlist, set()).add(track)
    return [
        FittingPlaylist(
            playlists[pk],
            100 * fit,
            [track for number, track in leading.items() if number in held[pk]][:PRINTS],
        )
        for pk, fit in fits
    ]
