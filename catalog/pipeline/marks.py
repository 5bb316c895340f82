"""A number that changes with the catalogue, so that nothing is computed twice for nothing."""

from __future__ import annotations

import hashlib

from django.db.models import Count, FloatField, Sum
from django.db.models.functions import Cast

from catalog.features import FEATURES
from catalog.models import Genre, Track

SUMMED = ("pk", "artist_id", "genre_id", "year", "duration_ms", "features_id")


def catalogue_mark() -> str:
    """Return a digest of sums over all that is explored: two queries, each over a whole table.

    Two changes that leave every sum as it was are not seen; nobody makes them but on purpose.
    """
    tracks = Track.objects.playable().aggregate(
        tracks=Count("pk"),
        explicit=Count("is_explicit"),
        **{name: Sum(Cast(name, FloatField())) for name in SUMMED},
        **{f"of_{name}": Sum(Cast(f"features__{name}", FloatField())) for name in FEATURES},
    )
    genres = Genre.objects.order_by("pk").values_list("pk", "parent_id")
    # Rounded, since a database that sums in parallel does not always sum in the same order.
    said = [f"{name} {round(value or 0, 2)}" for name, value in sorted(tracks.items())]
    return hashlib.sha256(repr((said, list(genres))).encode()).hexdigest()
