from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from accounts.models import Listener
from playlists.models import Playlist, PlaylistEntry
from playlists.services.filling import Removed

SALT = "playlists.removed"
LONGEST_DESCRIPTION = 2000


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "dir": "auto"}),
    )


class FirstTrackForm(NameForm):
    """A new playlist, asked for where a track is added."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "new_playlist_%s"} | kwargs)
        self.fields["name"].label = _("New playlist")


class PlaylistForm(NameForm):
    """The words of a playlist."""

    description = forms.CharField(
        label=_("Description"),
        max_length=LONGEST_DESCRIPTION,
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class ChooseForm(forms.Form):
    """One of the listener's playlists, by its button."""

    playlist = forms.ModelChoiceField(Playlist.objects.none())

    def __init__(self, *args: Any, listener: Listener, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["playlist"].queryset = listener.playlists.all()  # type: ignore[attr-defined]


class EntryForm(forms.Form):
    """One track of a playlist, by its button."""

    entry = forms.ModelChoiceField(PlaylistEntry.objects.none())

    def __init__(self, *args: Any, playlist: Playlist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = playlist.entries.select_related("track", "track__canonical", "playlist")
        self.fields["entry"].queryset = entries  # type: ignore[attr-defined]


def seal(removed: Removed, *, playlist: Playlist) -> str:
    """What was taken out, as the way back carries it: signed, so that nobody makes it up."""
    told = [playlist.pk, removed.track, removed.position, removed.added_at.isoformat()]
    return signing.dumps(told, salt=SALT)


class PutBackForm(forms.Form):
    """What was taken out of this playlist, as `seal` gave it."""

    removed = forms.CharField(max_length=400)

    def __init__(self, *args: Any, playlist: Playlist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.playlist = playlist

    def clean_removed(self) -> Removed:
        try:
            playlist, track, position, added_at = signing.loads(
                self.cleaned_data["removed"], salt=SALT
            )
        except signing.BadSignature as error:
            raise forms.ValidationError("Nobody took that out.") from error
        if playlist != self.playlist.pk:
            raise forms.ValidationError("That was taken out of another playlist.")
        return Removed(track, position, datetime.fromisoformat(added_at))
