"""From an export to plays and feedback: every row is accounted for, and nothing is stored twice.

`start_import` takes an upload in, `run` reads it. An export that is read again changes nothing;
one whose reading broke off is continued where it was; one that was a mistake is undone whole.
"""

from listening.services.importing.ending import (
    NotNow,
    ask_to_undo,
    cancel,
    choose_profile,
    has_broken_off,
    resume,
    undo,
)
from listening.services.importing.reading import Stopped, read_import, run
from listening.services.importing.standing import standing_of
from listening.services.importing.starting import (
    TooLarge,
    check_size,
    open_import,
    start_import,
    start_imports,
)
from listening.services.importing.tasting import import_tastes

__all__ = [
    "NotNow",
    "Stopped",
    "TooLarge",
    "ask_to_undo",
    "cancel",
    "check_size",
    "choose_profile",
    "has_broken_off",
    "import_tastes",
    "open_import",
    "read_import",
    "resume",
    "run",
    "standing_of",
    "start_import",
    "start_imports",
    "undo",
]
