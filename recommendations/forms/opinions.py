"""Opinions as forms send them: the name of the button is the kind, its value the track."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Listener
from catalog.models import Track
from listening.models import FeedbackKind
from listening.services.feedback import RATINGS
from recommendations.models import Slate
from recommendations.services.answering import Opinion

LONGEST_NOTE = 400  # letters; what is wrong stands before them
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


class ReportForm(forms.Form):
    """What is wrong with a track; a curator reads the value of the choice, and the note."""

    ELSE = "Something else"
    CHOICES = (
        ("Wrong title or artist", _("The title or the artist is wrong")),
        ("Wrong genre", _("It is not of this genre")),
        ("Explicit mark wrong or missing", _("The explicit mark is wrong or missing")),
        ("Does not play", _("It does not play")),
        (ELSE, _("Something else")),
    )
    wrong = forms.ChoiceField(label=_("What is wrong?"), choices=CHOICES, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What a curator should know"),
        help_text=_("Curators read what you say, not who says it."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    slate = forms.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, listener: Listener, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "report_%s"} | kwargs)
        self.listener = listener

    def clean_slate(self) -> Slate | None:
        """Return the list that showed it; None if there was none, or it is not the listener's."""
        return Slate.objects.filter(listener=self.listener, pk=self.cleaned_data["slate"]).first()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("wrong") == self.ELSE and not cleaned.get("note"):
            self.add_error("note", _("Say in a few words what it is."))
        return cleaned

    def opinion_on(self, track: Track) -> Opinion:
        said = (self.cleaned_data["wrong"], self.cleaned_data["note"])
        return Opinion(FeedbackKind.REPORT, track, note=": ".join(filter(None, said)))


class UndoForm(forms.Form):
    """The list that an opinion had led to; it remembers which opinion."""

    undo = forms.ModelChoiceField(Slate.objects.none())

    def __init__(self, *args: Any, listener: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Slate.objects.filter(listener=listener, settings__after__isnull=False)
        self.fields["undo"].queryset = mine  # type: ignore[attr-defined]
