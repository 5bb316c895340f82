"""Which public playlists of others fit a listener, by the scores of their own list."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Listener
from playlists.models import Playlist, PlaylistEntry
from recommendations import serving

PLAYLISTS = 6


def fitting_playlists(
    *, listener: Listener, at: datetime, n: int = PLAYLISTS
) -> list[serving.Fit[Playlist]]:
    """Return the public playlists of others that hold most of the listener's list, best first.

    :raises NoModel: if there is no model yet
    """
    public = Playlist.objects.filter(is_public=True).exclude(listener=listener)
    if not public.exists():
        return []
    leading = serving.leading_tracks(listener=listener, at=at)
    held = PlaylistEntry.objects.filter(playlist__in=public, track__in=leading)
    fits = serving.fitting(held.values_list("playlist", "track"), leading, n=n)
    playlists = Playlist.objects.with_track_count().in_bulk([fit.group for fit in fits])
    return [serving.Fit(playlists[pk], share, tracks) for pk, share, tracks in fits]
