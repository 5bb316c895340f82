"""Which plays a listener means, and what to do with them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Listener
from catalog.models import Artist, Genre, Track
from listening.forms.days import DaysForm
from listening.models import Import, Mute, Play, PlayQuerySet, Source
from listening.services.muting import session_around

NO_SOURCE = {"invalid_choice": _("There is no source called “%(value)s”. Choose from the list.")}
NO_ARTIST = {"invalid_choice": _("There is no such artist here, or no longer.")}
NO_TRACK = {"invalid_choice": _("There is no such track here, or no longer.")}
NO_IMPORT = {"invalid_choice": _("There is no such import of yours, or no longer.")}


class PlaysForm(DaysForm):
    """Some of a listener's plays: of these days, this artist, this source, this import."""

    source = forms.ChoiceField(
        label=_("Source"),
        choices=[("", _("All")), *Source.choices],
        required=False,
        error_messages=NO_SOURCE,
    )
    artist = forms.ModelChoiceField(
        Artist.objects.all(), required=False, widget=forms.HiddenInput, error_messages=NO_ARTIST
    )
    track = forms.ModelChoiceField(
        Track.objects.all(), required=False, widget=forms.HiddenInput, error_messages=NO_TRACK
    )
    brought = forms.ModelChoiceField(
        Import.objects.none(), required=False, widget=forms.HiddenInput, error_messages=NO_IMPORT
    )

    def __init__(self, *args: Any, listener: Listener, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listener = listener
        self.fields["brought"].queryset = listener.imports.all()  # type: ignore[attr-defined]

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves any play out."""
        return self.is_valid() and any(self.cleaned_data.values())

    def chosen(self) -> PlayQuerySet:
        """Return the plays meant; none where the form is wrong."""
        plays = Play.objects.filter(listener=self.listener)
        if not self.is_valid():
            return plays.none()
        wanted = self.cleaned_data
        if wanted["first"]:
            plays = plays.filter(started_at__gte=self._midnight(wanted["first"]))
        if wanted["last"]:
            plays = plays.filter(started_at__lt=self._midnight(wanted["last"] + timedelta(days=1)))
        if wanted["source"]:
            plays = plays.filter(source=wanted["source"])
        if wanted["brought"]:
            plays = plays.filter(source_import=wanted["brought"])
        if wanted["track"]:
            plays = plays.of_track(wanted["track"])
        return plays.by_artist(wanted["artist"]) if wanted["artist"] else plays

    def _midnight(self, day: Any) -> datetime:
        return datetime.combine(day, time(), self.listener.zone)


class MoveForm(forms.Form):
    """To which other profile of the same person."""

    to = forms.ModelChoiceField(Listener.objects.none(), label=_("Profile"), empty_label=None)

    def __init__(self, *args: Any, listener: Listener, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Listener.objects.exclude(user=None).filter(user=listener.user_id)
        field: Any = self.fields["to"]
        field.queryset = others.exclude(pk=listener.pk).order_by("name", "pk")
        field.label_from_instance = lambda one: one.name

    @property
    def others(self) -> Any:
        return self.fields["to"].queryset  # type: ignore[attr-defined]


class CorrectForm(forms.Form):
    """What a play really was: a track that is here, or an artist and a title."""

    track = forms.ModelChoiceField(Track.objects.all(), required=False)
    artist = forms.CharField(label=_("Artist"), max_length=300, required=False)
    title = forms.CharField(label=_("Title"), max_length=500, required=False)
    every = forms.BooleanField(
        label=_("All my plays of this track, later ones too"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("track") and not (cleaned.get("artist") and cleaned.get("title")):
            raise forms.ValidationError(_("Choose a track, or give the artist and the title."))
        return cleaned


class FindTrackForm(forms.Form):
    find = forms.CharField(max_length=200, required=False)

    @property
    def words(self) -> str:
        return self.cleaned_data["find"] if self.is_valid() else ""


class PrivateForm(forms.Form):
    """For how many hours; empty: until it is switched off."""

    hours = forms.TypedChoiceField(
        choices=[("", _("Until I switch it off")), ("1", "1"), ("3", "3"), ("12", "12")],
        coerce=int,
        empty_value=None,
        required=False,
    )


class MuteForm(DaysForm):
    """One thing that shall not count. `session` is any play of the session."""

    play = forms.ModelChoiceField(Play.objects.none(), required=False)
    session = forms.ModelChoiceField(Play.objects.none(), required=False)
    track = forms.ModelChoiceField(Track.objects.all(), required=False)
    artist = forms.ModelChoiceField(Artist.objects.all(), required=False)
    genre = forms.ModelChoiceField(Genre.objects.all(), required=False)
    source = forms.ChoiceField(choices=Source.choices, required=False)

    def __init__(self, *args: Any, listener: Listener, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listener = listener
        for name in ("play", "session"):
            plays = Play.objects.filter(listener=listener).select_related("track__artist")
            self.fields[name].queryset = plays  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = {name: value for name, value in super().clean().items() if value}
        first = given.pop("first", None)
        last = given.pop("last", first)
        if session := given.pop("session", None):
            given["starts_at"], given["ends_at"] = session_around(session)
        elif first:
            midnight = datetime.combine(first, time(), self.listener.zone)
            after = datetime.combine(last + timedelta(days=1), time(), self.listener.zone)
            given["starts_at"], given["ends_at"] = midnight, after
        if len(given.keys() - {"ends_at"}) != 1:
            raise forms.ValidationError(_("Say one thing that shall not count."))
        return given

    def mute(self, *, made_at: datetime) -> Mute:
        """Return it as it would be, not stored."""
        return Mute(listener=self.listener, made_at=made_at, **self.cleaned_data)
