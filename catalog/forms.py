from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.exploring.measures import TIMED
from catalog.figures.page import Chosen
from catalog.figures.words import CHOICES

UNKNOWN = {
    "invalid_choice": _("There is nothing called “%(value)s” to draw. Choose from the list.")
}


class ExploreForm(forms.Form):
    """Which genre to explore, which measure over the years, which two against each other."""

    genre = forms.CharField(required=False, max_length=80)
    feature = forms.ChoiceField(
        choices=[choice for choice in CHOICES if choice[0] in TIMED],
        required=False,
        error_messages=UNKNOWN,
    )
    x = forms.ChoiceField(
        label=_("Across"), choices=CHOICES, required=False, error_messages=UNKNOWN
    )
    y = forms.ChoiceField(
        label=_("Upwards"), choices=CHOICES, required=False, error_messages=UNKNOWN
    )

    def chosen(self) -> Chosen:
        """What was chosen well; the rest is left to the page."""
        known: dict[str, Any] = getattr(self, "cleaned_data", {})
        return Chosen(*(known.get(name, "") for name in Chosen._fields))

    def complaints(self) -> list[str]:
        return [str(complaint) for found in self.errors.values() for complaint in found]
