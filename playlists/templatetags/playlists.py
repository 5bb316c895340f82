"""How a playlist is put into words: {{ length_ms|spoken_length }}."""

from __future__ import annotations

from django import template
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def spoken_length(milliseconds: int) -> str:
    """Return 2640000 as “44 minutes”, and hours where there are any."""
    hours, minutes = divmod(max(1, round(milliseconds / 60_000)), 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": f"{hours:,}"})
    if minutes:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes})
    return " ".join(parts)
