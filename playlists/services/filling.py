"""Tracks come into a playlist, leave it, and are put back where they were."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Track
from playlists.models import Playlist, PlaylistEntry
from playlists.services.holding import PlaylistError, hold, move_on, quoted
from playlists.services.placing import close_gap, end_of, is_full, make_room, too_many


class AlreadyThere(PlaylistError):
    pass


class NotThere(PlaylistError):
    pass


class Full(PlaylistError):
    pass


class Removed(NamedTuple):
    """What was taken out, so that it can be put back."""

    track: int
    position: int
    added_at: datetime


@transaction.atomic
def add_track(*, playlist: Playlist, track: Track, by: User, at: datetime) -> PlaylistEntry:
    """Append the track.

    :raises NotYours: if the playlist is somebody else's, or gone
    :raises AlreadyThere: if the track, or one that shows as the same, is in it
    :raises Full: if it holds as many tracks as one can
    """
    held = hold(playlist, by=by)
    _refuse_twice(held, track)
    last = _last_before_full(held)
    entry = held.entries.create(track=track, position=last + 1, added_at=at)
    move_on(held, at=at)
    return entry


@transaction.atomic
def remove_entry(*, entry: PlaylistEntry, by: User, at: datetime) -> Removed:
    """Take a track out, and return what `put_back` needs.

    :raises NotYours: if the playlist is somebody else's, or gone
    :raises NotThere: if it was taken out already
    """
    held = hold(entry.playlist, by=by)
    found = held.entries.filter(pk=entry.pk).first()
    if found is None:
        raise NotThere(_("That track is not in this playlist any more."))
    found.delete()
    close_gap(held, found.position)
    move_on(held, at=at)
    return Removed(found.track_id, found.position, found.added_at)


@transaction.atomic
def put_back(*, playlist: Playlist, removed: Removed, by: User, at: datetime) -> PlaylistEntry:
    """Put a track back where it was, or at the end where the playlist has become shorter.

    :raises NotYours: if the playlist is somebody else's, or gone
    :raises NotThere: if nobody has the track any more
    :raises AlreadyThere: if it is back already
    :raises Full: if it holds as many tracks as one can
    """
    held = hold(playlist, by=by)
    track = Track.objects.filter(pk=removed.track).first()
    if track is None:
        raise NotThere(_("That track is not here any more."))
    _refuse_twice(held, track)
    position = min(removed.position, _last_before_full(held) + 1)
    make_room(held, position)
    entry = held.entries.create(track=track, position=position, added_at=removed.added_at)
    move_on(held, at=at)
    return entry


def _last_before_full(playlist: Playlist) -> int:
    last = end_of(playlist)
    if is_full(last):
        raise Full(too_many())
    return last


def _refuse_twice(playlist: Playlist, track: Track) -> None:
    if playlist.entries.of(track).exists():
        names = {"track": quoted(track.title), "playlist": quoted(playlist.name)}
        raise AlreadyThere(_("%(track)s is already in %(playlist)s.") % names)
