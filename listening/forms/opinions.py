"""An opinion as a page of music sends it: the button's name is the kind, its value what to do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from catalog.models import Album, Artist, Genre
from listening.models import FeedbackKind

BUTTONS = (FeedbackKind.LIKE, FeedbackKind.DISLIKE, FeedbackKind.HIDE)
SAY, TAKE_BACK = "say", "take-back"


class OpinionForm(forms.Form):
    """One button, and the artist, album or genre that its page is about."""

    artist = forms.ModelChoiceField(Artist.objects.shown(), required=False)
    album = forms.ModelChoiceField(Album.objects.all(), required=False)
    genre = forms.ModelChoiceField(Genre.objects.all(), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.pressed = [kind for kind in BUTTONS if kind in data]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        things = [thing for thing in cleaned.values() if thing]
        if len(things) != 1 or len(self.pressed) != 1:
            raise forms.ValidationError("Say one thing of one artist, album or genre.")
        [thing], [kind] = things, self.pressed
        return {"on": thing, "kind": kind, "takes_back": self.data[kind] == TAKE_BACK}
