"""What a training learned from, and what it left out, in numbers for the quality page."""

from __future__ import annotations

from accounts.models import Listener
from catalog.models import Track
from listening.models import FeedbackKind, Play
from recommendations.engine.interactions import Interactions
from recommendations.pipeline.reading import teaching_feedback, teaching_plays


def counts_of(interactions: Interactions) -> dict[str, int]:
    plays = teaching_plays().count()
    return {
        "listeners": interactions.n_users,
        "tracks": interactions.n_items,
        "pairs": int(interactions.matrix.nnz),
        "plays": plays,
        "opinions": teaching_feedback().on_tracks().exclude(kind=FeedbackKind.REPORT).count(),
        "tracks_with_sound": Track.objects.playable().filter(features__isnull=False).count(),
        "plays_left_out": Play.objects.count() - plays,
        "listeners_left_out": Listener.objects.count() - Listener.objects.teaching().count(),
    }
