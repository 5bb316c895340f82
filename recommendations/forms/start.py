from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Listener
from catalog.models import Artist, Genre, Track
from listening.models import FeedbackKind
from listening.services.feedback import give_feedback
from recommendations.services import beginning

OPINIONS = (FeedbackKind.LIKE, FeedbackKind.DISLIKE)
LONGEST = 40_000  # letters of a pasted list
MOST_PAGES = 20


class StepForm(forms.Form):
    """Where in the beginning one stands."""

    STEPS = (
        ("artists", _("Artists")),
        ("genres", _("Genres")),
        ("tracks", _("A few tracks")),
        ("paste", _("Paste a list")),
    )
    step = forms.ChoiceField(choices=STEPS, required=False)
    page = forms.IntegerField(min_value=0, max_value=MOST_PAGES, required=False)
    find = forms.CharField(max_length=100, required=False)

    def asked(self) -> dict[str, Any]:
        """Return what is asked for; where the form is wrong, the beginning of it."""
        good = self.cleaned_data if self.is_valid() else {}
        return {
            "step": good.get("step") or "artists",
            "page": good.get("page") or 0,
            "find": good.get("find") or "",
        }


class PickForm(forms.Form):
    """One button: an artist or a genre that is picked or let go, or what is thought of a track."""

    artist = forms.ModelChoiceField(Artist.objects.shown(), required=False)
    genre = forms.ModelChoiceField(Genre.objects.all(), required=False)
    like = forms.ModelChoiceField(Track.objects.findable(), required=False)
    dislike = forms.ModelChoiceField(Track.objects.findable(), required=False)
    unknown = forms.ModelChoiceField(Track.objects.findable(), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.pressed = [name for name in self.fields if name in data]
        self.fields = {name: self.fields[name] for name in self.pressed[:1]}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if len(self.pressed) != 1 or not cleaned.get(self.pressed[0]):
            raise forms.ValidationError(_("Pick one thing."))
        return cleaned

    @property
    def unknown_track(self) -> int | None:
        """The track that the listener does not know: that is no opinion."""
        track = self.cleaned_data.get("unknown")
        return track.pk if track else None

    def save(self, *, listener: Listener, at: datetime) -> None:
        ((name, thing),) = self.cleaned_data.items()
        if name in ("artist", "genre"):
            beginning.pick(listener=listener, on=thing, at=at)
        elif name in OPINIONS:
            give_feedback(listener=listener, kind=FeedbackKind(name), on=thing, at=at)


class PasteForm(forms.Form):
    text = forms.CharField(
        label=_("Artist – title, a line each"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false"}),
    )
