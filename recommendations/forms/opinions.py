"""Opinions as forms send them: the name of the button is the kind, its value the track."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from catalog.models import Track
from listening.models import FeedbackKind
from listening.services.feedback import RATINGS
from recommendations.models import Slate
from recommendations.services.answering import Opinion

BUTTONS = (FeedbackKind.LIKE, FeedbackKind.DISLIKE, FeedbackKind.HIDE, FeedbackKind.SKIP)


class OpinionForm(forms.Form):
    """One button of one row, and the list it stands in."""

    slate = forms.ModelChoiceField(Slate.objects.none(), required=False)

    def __init__(self, data: QueryDict, *, listener: Any) -> None:
        super().__init__(data)
        self.pressed = [kind for kind in BUTTONS if kind in data]
        for kind in self.pressed[:1]:
            self.fields[kind] = forms.ModelChoiceField(Track.objects.findable())
        self.fields["slate"].queryset = Slate.objects.filter(listener=listener)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if len(self.pressed) != 1 or self.pressed[0] not in cleaned:
            raise forms.ValidationError(_("Say one thing about one track."))
        kind = self.pressed[0]
        return {"opinion": Opinion(kind, cleaned[kind]), "slate": cleaned.get("slate")}


class StarsForm(forms.Form):
    """How many stars a track is given; none where its button takes them back."""

    stars = forms.TypedChoiceField(
        choices=[(str(stars), stars) for stars in RATINGS], coerce=int, required=False
    )
    take_back = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not (cleaned.get("stars") or cleaned.get("take_back")):
            raise forms.ValidationError(_("Choose 1 to 5 stars."))
        return cleaned


class UndoForm(forms.Form):
    """The list that an opinion had led to; it remembers which opinion."""

    undo = forms.ModelChoiceField(Slate.objects.none())

    def __init__(self, *args: Any, listener: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Slate.objects.filter(listener=listener, settings__after__isnull=False)
        self.fields["undo"].queryset = mine  # type: ignore[attr-defined]
