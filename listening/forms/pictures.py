from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from listening.counting.plays import KINDS
from listening.counting.spans import Span, span_of
from listening.figures.page import Chosen
from listening.figures.river import KINDS as RIVERS
from listening.forms.days import DaysForm

UNKNOWN = {
    "invalid_choice": _("There is nothing called “%(value)s” to show. Choose from the page.")
}
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2100, 12, 31)  # no play lies outside


class SpanForm(DaysForm):
    """Which days the pictures show: a name, or the first day and the last."""

    range = forms.ChoiceField(
        choices=[
            ("week", _("Week")),
            ("month", _("Month")),
            ("year", _("Year")),
            ("all", _("All")),
        ],
        required=False,
        error_messages=UNKNOWN,
    )
    top = forms.ChoiceField(
        choices=[(one, one) for one in KINDS], required=False, error_messages=UNKNOWN
    )
    river = forms.ChoiceField(choices=list(RIVERS.items()), required=False, error_messages=UNKNOWN)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("first")) != bool(cleaned.get("last")) and not self.errors:
            raise forms.ValidationError(_("Give both the first day and the last."))
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
