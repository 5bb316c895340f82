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
        validators = [MinValueValidator(FIRST, words), MaxValueValidator(LAST, words)]
        super().__init__(
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            validators=validators,
            **options,
        )
