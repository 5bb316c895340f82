"""Which source is believed first, where several speak of one value: the operator may say."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Case, IntegerField, Value, When

from catalog.features import SOURCE_ORDER


def order() -> tuple[str, ...]:
    """The sources that `BELIEVE_FIRST` names, then the others as we believe them."""
    first = tuple(dict.fromkeys(settings.BELIEVE_FIRST))
    return (*first, *(source for source in SOURCE_ORDER if source not in first))


def believed_first(source: str) -> int:
    """Sort key: a lower number is believed before a higher one."""
    known = order()
    return known.index(source) if source in known else len(known)


def belief() -> Case:
    """The same as a condition of the database, over a column `source`."""
    known = order()
    return Case(
        *(When(source=source, then=Value(rank)) for rank, source in enumerate(known)),
        default=Value(len(known)),
        output_field=IntegerField(),
    )
