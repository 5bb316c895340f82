"""How an import stands, for whoever shows it."""

from __future__ import annotations

from typing import Any

from listening import playlist_keeper
from listening.models import Import
from listening.services.importing.ending import has_broken_off

SHOWN = 20  # rejected rows that are shown; the table to download has them all


def standing_of(import_: Import) -> dict[str, Any]:
    return {
        "one": import_,
        "has_broken_off": has_broken_off(import_),
        "share": 100 * import_.position // (import_.total or 1),
        "rows": import_.rows.rejected().order_by("number")[:SHOWN],
        "stayed": _stayed(import_),
    }


def _stayed(import_: Import) -> int:
    """How many playlists an undo has left, since the listener had changed them."""
    keeper = playlist_keeper.keeper()
    is_undone = import_.state == Import.State.UNDONE
    return keeper.stayed(import_=import_) if keeper and is_undone else 0
