"""The first page of the admin: the numbers that ask for a hand."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from catalog.services import gaps
from listening.models import Feedback, FeedbackKind


class Number(NamedTuple):
    how_many: int
    words: str
    address: str


def numbers(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the page what its reader may see and mend."""
    found: list[Number] = []
    if request.user.has_perm("catalog.view_track"):
        found += _of_the_catalogue()
    if request.user.has_perm("recommendations.view_review"):
        found.append(_reports())
    return context | {"numbers": found}


def _of_the_catalogue() -> list[Number]:
    counts = gaps.counts()
    tracks = reverse("admin:catalog_track_changelist")
    return [
        Number(counts.unverified, "unverified tracks", reverse("admin:catalog_track_unverified")),
        Number(counts.duplicates, "likely duplicates", reverse("admin:catalog_track_duplicates")),
        *(
            Number(count, f"tracks without {name}", f"{tracks}?gap={name}")
            for name, count in counts.gaps.items()
        ),
        Number(counts.tracks, "tracks in all", tracks),
    ]


def _reports() -> Number:
    reports = Feedback.objects.filter(kind=FeedbackKind.REPORT).count()
    return Number(reports, "reports of listeners", reverse("admin:recommendations_review_queue"))
