"""What the catalogue does not know."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Count, Q

from catalog.models import Track
from catalog.services import duplicates

GAPS = {
    "genre": Q(genre__isnull=True),
    "features": Q(features__isnull=True),
    "year": Q(year__isnull=True),
    "duration": Q(duration_ms__isnull=True),
}
KEPT_FOR = 60  # seconds: at a million tracks the counts take a second


class Counts(NamedTuple):
    tracks: int
    unverified: int
    duplicates: int
    gaps: dict[str, int]


def counts() -> Counts:
    """The numbers that curators work on, at most a minute old."""
    known = cache.get("catalog.gaps")
    if known is None:
        known = _count()
        cache.set("catalog.gaps", known, KEPT_FOR)
    return Counts(**known)


def _count() -> dict[str, Any]:
    numbers = Track.objects.shown().aggregate(
        tracks=Count("pk"),
        unverified=Count("pk", filter=Q(is_verified=False)),
        **{name: Count("pk", filter=gap) for name, gap in GAPS.items()},
    )
    return {
        "tracks": numbers.pop("tracks"),
        "unverified": numbers.pop("unverified"),
        "duplicates": len(duplicates.by_name()),
        "gaps": numbers,
    }
