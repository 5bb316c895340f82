from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)  # a day more, or another clock, is one too


class DayField(forms.DateField):
    """A day that may be left out, in the browser's own picker, which reads ISO dates alone."""

    def __init__(self, **options: Any) -> None:
        words = _("Choose a day between the years 1900 and 2999.")
        unread = _("A day is written as its year, month and day: 2026-05-14.")
        validators = [MinValueValidator(FIRST, words), MaxValueValidator(LAST, words)]
        super().__init__(
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            validators=validators,
            error_messages={"invalid": unread},
            **options,
        )


class DaysForm(forms.Form):
    """Something asked for that may be of some days."""

    first = DayField(label=_("From"))
    last = DayField(label=_("To"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            raise forms.ValidationError(_("The first day lies after the last."))
        return cleaned

    @property
    def complaint(self) -> str:
        """All that is wrong, each sentence once, for a page that shows no field by itself."""
        said = [str(error) for errors in self.errors.values() for error in errors]
        return " ".join(dict.fromkeys(said))
