"""Playlists are made, named, shown to others or not, and deleted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Listener, User
from catalog.models import Track
from catalog.services.unverified import drop_unused
from playlists.models import Playlist
from playlists.services.holding import PlaylistError, hold, move_on


class NeedsName(PlaylistError):
    pass


@transaction.atomic
def make_playlist(
    *,
    listener: Listener,
    name: str,
    at: datetime,
    description: str = "",
    track: Track | None = None,
) -> Playlist:
    """Make a private playlist, with its first track where there is one.

    :raises NeedsName: if the name is blank
    """
    playlist = Playlist.objects.create(
        listener=listener,
        name=_checked(name),
        description=description.strip(),
        created_at=at,
        changed_at=at,
    )
    if track is not None:
        playlist.entries.create(track=track, position=1, added_at=at)
    return playlist


@transaction.atomic
def rename_playlist(
    *, playlist: Playlist, by: User, name: str, at: datetime, description: str = ""
) -> Playlist:
    """:raises NotYours: if it is somebody else's, or gone
    :raises NeedsName: if the name is blank
    """
    held = hold(playlist, by=by)
    words = (_checked(name), description.strip())
    if words != (held.name, held.description):
        held.name, held.description = words
        move_on(held, "name", "description", at=at)
    return held


@transaction.atomic
def show_playlist(*, playlist: Playlist, by: User, is_public: bool, at: datetime) -> Playlist:
    """Let anybody see it who has its address, or only its owner.

    :raises NotYours: if it is somebody else's, or gone
    """
    held = hold(playlist, by=by)
    if held.is_public != is_public:
        held.is_public = is_public
        move_on(held, "is_public", at=at)
    return held


@transaction.atomic
def delete_playlist(*, playlist: Playlist, by: User) -> None:
    """Delete it for good, and the tracks that nobody but it named.

    :raises NotYours: if it is somebody else's, or gone
    """
    held = hold(playlist, by=by)
    tracks = list(held.entries.values_list("track", flat=True))
    held.delete()
    drop_unused(tracks=tracks)


def _checked(name: str) -> str:
    if not name.strip():
        raise NeedsName(_("A playlist needs a name."))
    return name.strip()
