"""What became of an import, in words."""

from __future__ import annotations

from typing import NamedTuple

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from listening.arrivals import Fate
from listening.imports.formats import FORMATS
from listening.imports.msd_taste import NAME as MSD_TASTE
from listening.models import Import

register = template.Library()

WORDS: dict[Fate, tuple[str | Promise, str | Promise]] = {
    Fate.NEW: (_("New"), _("Stored, of music that Segue knew.")),
    Fate.CREATED: (_("New, of new music"), _("Stored, and Segue has met these tracks just now.")),
    Fate.SHORT: (_("Skipped"), _("Stored. Under 30 seconds: it counts as a skip, in no chart.")),
    Fate.KNOWN: (_("Already known"), _("The very same is here. Nothing is stored twice.")),
    Fate.ECHO: (_("Told by another source"), _("The same listening, told again. It counts once.")),
    Fate.PODCAST: (_("Podcasts and audiobooks"), _("Segue keeps music only.")),
    Fate.INCOGNITO: (_("Private session"), _("Nothing of these is stored.")),
    Fate.KEPT: (_("Kept in the file"), _("Of a kind that is not read yet.")),
    Fate.REJECTED: (_("Rejected"), _("Could not be read. Each has its reason.")),
}
CAME_IN = (Fate.NEW, Fate.CREATED, Fate.SHORT)


class FateRow(NamedTuple):
    label: str | Promise
    note: str | Promise
    rows: int


@register.simple_tag
def fates_of(import_: Import) -> list[FateRow]:
    """How many rows met each fate, those that none met left out."""
    counts = import_.counts
    return [FateRow(*words, counts[fate]) for fate, words in WORDS.items() if counts.get(fate)]


@register.filter
def came_in(import_: Import) -> int:
    return sum(import_.counts.get(fate, 0) for fate in CAME_IN)


@register.filter
def rejected(import_: Import) -> int:
    count: int = import_.counts.get(Fate.REJECTED, 0)
    return count


@register.filter
def format_name(import_: Import) -> str | Promise:
    """What people call the export; nothing as long as nobody has looked."""
    if import_.format == MSD_TASTE:
        return _("Million Song Dataset")
    return FORMATS.get(import_.format, "")
