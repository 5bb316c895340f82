from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Artist, Genre
from listening.counting.plays import KINDS
from listening.counting.spans import Span, span_of
from listening.figures.page import Chosen
from listening.figures.river import KINDS as RIVERS
from listening.services import importing

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2100, 12, 31)  # no play lies outside


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FavouriteForm(forms.Form):
    """One genre or one artist."""

    genre = forms.ModelChoiceField(Genre.objects.all(), required=False)
    artist = forms.ModelChoiceField(Artist.objects.shown(), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = [thing for thing in (cleaned.get("genre"), cleaned.get("artist")) if thing]
        if len(chosen) != 1:
            raise forms.ValidationError("Name one genre or one artist.")
        return {"on": chosen[0]}


class OldFavouriteForm(FavouriteForm):
    """A favourite may be merged or hidden by now, and can still be taken back."""

    artist = forms.ModelChoiceField(Artist.objects.all(), required=False)


class FindArtistForm(forms.Form):
    find = forms.CharField(max_length=100, required=False)

    @property
    def words(self) -> str:
        """What was asked for; nothing where that could be no name."""
        return self.cleaned_data["find"] if self.is_valid() else ""


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """One file or more, each within what the site takes."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        cleaned = [super(SeveralFiles, self).clean(one, initial) for one in data or [None]]
        for file in cleaned:
            try:
                importing.check_size(file)
            except importing.TooLarge as error:
                raise forms.ValidationError(f"{file.name}: {error}") from error
        return cleaned


class ImportForm(forms.Form):
    """What somebody brings; `asks` whether its plays may teach others is not decided yet."""

    exports = SeveralFiles(
        label=_("Your exports"),
        widget=SeveralFilesInput({"multiple": True}),
        help_text=_("A zip as it came, or the files out of it. Segue sees by itself what it is."),
    )
    shares_taste = forms.TypedChoiceField(
        label=_("May the plays of this profile help others find music?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        help_text=_("Your own lists work either way, and you can change it at any time."),
    )

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["shares_taste"]


class SpanForm(forms.Form):
    """Which days the pictures show: a name, or the first day and the last."""

    range = forms.ChoiceField(
        choices=[
            ("week", _("Week")),
            ("month", _("Month")),
            ("year", _("Year")),
            ("all", _("All")),
        ],
        required=False,
    )
    first = forms.DateField(label=_("From"), required=False, widget=_day())
    last = forms.DateField(label=_("To"), required=False, widget=_day())
    top = forms.ChoiceField(choices=[(one, one) for one in KINDS], required=False)
    river = forms.ChoiceField(choices=list(RIVERS.items()), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if bool(first) != bool(last) and not self.errors:
            raise forms.ValidationError(_("Give both the first day and the last."))
        if first and last and first > last:
            raise forms.ValidationError(_("The first day lies after the last."))
        return cleaned

    def chosen(self, *, today: date, oldest: date) -> Chosen:
        """Return what to show; where the form is wrong, what it shows unasked."""
        good = self.cleaned_data if self.is_valid() else {}
        if good.get("first"):
            first, last = (min(max(good[end], FIRST_DAY), LAST_DAY) for end in ("first", "last"))
            span = Span(first, last, "custom")
        else:
            span = span_of(good.get("range") or "year", today=today, oldest=oldest)
        return Chosen(span, good.get("top") or "track", good.get("river") or "genre")
