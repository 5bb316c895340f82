"""What people did and think: plays, feedback, mutes, and the imports that brought them."""

from listening.models.corrections import Correction, corrections_of
from listening.models.feedback import (
    Feedback,
    FeedbackChange,
    FeedbackChangeQuerySet,
    FeedbackKind,
    FeedbackQuerySet,
)
from listening.models.heard import HeardMonth
from listening.models.imports import Import, ImportRow
from listening.models.moves import Move
from listening.models.mutes import Mute
from listening.models.plays import (
    SKIP_MS,
    Play,
    PlayingNow,
    PlayQuerySet,
    Sighting,
    Source,
    StaleDay,
)
from listening.models.private import PrivateSession
from listening.models.scrobbles import LatestImport, LoggedScrobble

__all__ = [
    "SKIP_MS",
    "Correction",
    "Feedback",
    "FeedbackChange",
    "FeedbackChangeQuerySet",
    "FeedbackKind",
    "FeedbackQuerySet",
    "HeardMonth",
    "Import",
    "ImportRow",
    "LatestImport",
    "LoggedScrobble",
    "Move",
    "Mute",
    "Play",
    "PlayQuerySet",
    "PlayingNow",
    "PrivateSession",
    "Sighting",
    "Source",
    "StaleDay",
    "corrections_of",
]
