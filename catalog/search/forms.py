"""What a search may ask, typed into the page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Findable, Genre
from catalog.portrait import MOODS
from catalog.search.finding import AT_MOST, Filters, Wanted

LONGEST = 200  # letters
YEARS = (1000, 2200)
TEMPI = (20, 400)  # beats a minute
ANY = ("", _("Any"))
EXPLICIT = (("no", _("Without")), ("yes", _("Only")))
ON_A_PAGE = 5  # of each kind, while all kinds are shown


def _number(label: Any, limits: tuple[int, int], complaint: Any) -> forms.IntegerField:
    lowest, highest = limits
    said = dict.fromkeys(("invalid", "min_value", "max_value"), complaint)
    return forms.IntegerField(
        label=label,
        min_value=lowest,
        max_value=highest,
        required=False,
        error_messages=said,
    )


_NO_YEAR = _("Write a year, as in 1975.")
_NO_TEMPO = _("Write beats a minute, from 20 to 400.")


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Search"), max_length=LONGEST, required=False)
    kind = forms.ChoiceField(
        choices=[ANY, *Findable.choices], required=False, widget=forms.HiddenInput
    )
    genre = forms.ModelChoiceField(
        Genre.objects.order_by("name"),
        label=_("Genre"),
        to_field_name="slug",
        empty_label=str(ANY[1]),
        required=False,
    )
    mood = forms.ChoiceField(label=_("Mood"), choices=[ANY, *MOODS.items()], required=False)
    year_from = _number(_("Year, from"), YEARS, _NO_YEAR)
    year_to = _number(_("Year, to"), YEARS, _NO_YEAR)
    tempo_from = _number(_("Tempo, from"), TEMPI, _NO_TEMPO)
    tempo_to = _number(_("Tempo, to"), TEMPI, _NO_TEMPO)
    explicit = forms.ChoiceField(
        label=_("Explicit words"), choices=[ANY, *EXPLICIT], required=False
    )

    @property
    def wanted(self) -> Wanted:
        wanted = wanted_of(self.cleaned_data, n=ON_A_PAGE)
        return replace(wanted, n=AT_MOST) if wanted.leafs else wanted

    @property
    def has_asked(self) -> bool:
        return self.is_valid() and (bool(self.wanted.query) or self.wanted.leafs)


def wanted_of(asked: dict[str, Any], *, n: int) -> Wanted:
    names = ("genre", "year_from", "year_to", "tempo_from", "tempo_to", "mood", "explicit")
    given = {name: asked[name] for name in names if asked.get(name) not in (None, "")}
    return Wanted(asked.get("q", ""), Filters(**given), asked.get("kind", ""), n)
