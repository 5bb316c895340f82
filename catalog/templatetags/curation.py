from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.db.models import Model

register = template.Library()


@register.filter
def ids(rows: Iterable[Model]) -> str:
    """The keys of these rows, for the address of a page about them."""
    return ",".join(str(row.pk) for row in rows)
