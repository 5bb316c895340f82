from __future__ import annotations

from django import forms


def day_input() -> forms.DateInput:
    """Return the browser's own date picker, which reads and writes ISO dates alone."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
