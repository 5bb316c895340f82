from __future__ import annotations

from django.db.models import Q


def one_of(*names: str) -> Q:
    """Exactly one of these columns is set."""
    condition = Q()
    for chosen in names:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return condition
