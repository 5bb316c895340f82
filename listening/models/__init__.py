"""What people did and think: plays, feedback, mutes, and the imports that brought them."""

from listening.models.feedback import (
    Feedback,
    FeedbackChange,
    FeedbackChangeQuerySet,
    FeedbackKind,
    FeedbackQuerySet,
)
from listening.models.imports import Import, ImportRow
from listening.models.mutes import Mute
from listening.models.plays import SKIP_MS, Play, PlayingNow, PlayQuerySet

__all__ = [
    "SKIP_MS",
    "Feedback",
    "FeedbackChange",
    "FeedbackChangeQuerySet",
    "FeedbackKind",
    "FeedbackQuerySet",
    "Import",
    "ImportRow",
    "Mute",
    "Play",
    "PlayQuerySet",
    "PlayingNow",
]
