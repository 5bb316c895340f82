"""From an export to plays and feedback: every row is accounted for, and nothing is stored twice.

`start_import` takes an upload in, `run` reads it. An export that is read again changes nothing;
one whose reading broke off is continued where it was; one that was a mistake is undone whole.
"""

from listening.services.importing.ending import (
    NotNow,
    ask_to_undo,
    cancel,
    has_broken_off,
    resume,
    undo,
)
from listening.services.importing.reading import Stopped, read_import, run
from listening.services.importing.starting import TooLarge, open_import, start_import

__all__ = [
    "NotNow",
    "Stopped",
    "TooLarge",
    "ask_to_undo",
    "cancel",
    "has_broken_off",
    "open_import",
    "read_import",
    "resume",
    "run",
    "start_import",
    "undo",
]
