"""What every change of a playlist begins and ends with: whose it is, and that it has moved on."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from playlists.models import Playlist


class PlaylistError(Exception):
    """A refusal whose message may be shown to the listener as it stands."""


class NotYours(PlaylistError):
    pass


def hold(playlist: Playlist, *, by: User) -> Playlist:
    """Return it as it is now, and let others wait who change it until the transaction ends.

    :raises NotYours: if it belongs to somebody else, or is gone
    """
    own = Playlist.objects.owned_by(by).filter(pk=playlist.pk)
    held = own.select_for_update(of=("self",)).order_by("pk").first()
    if held is None:
        raise NotYours(_("There is no such playlist of yours."))
    return held


def move_on(playlist: Playlist, *fields: str, at: datetime) -> None:
    """Store these fields of a playlist that is held, and that its listener has changed it.

    All that is in it is theirs from now on: undoing the import that brought it leaves it.
    """
    playlist.version += 1
    playlist.changed_at = at
    playlist.is_own = True
    playlist.save(update_fields=[*fields, "version", "changed_at", "is_own"])
    playlist.entries.filter(is_own=False).update(is_own=True)


def quoted(name: str) -> str:
    """A name as it stands in a sentence: its letters do not turn the sentence around."""
    return f"“\u2068{name}\u2069”"
