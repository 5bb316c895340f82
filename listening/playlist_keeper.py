"""Who keeps the playlists that exports tell of: a package above this one, which says so here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from accounts.models import Listener
from listening.arrivals import Outcome
from listening.imports.rows import Entry
from listening.models import Import


class Keeper(Protocol):
    def take_in(
        self, *, listener: Listener, entries: Sequence[Entry], source_import: Import, at: datetime
    ) -> list[Outcome]:
        """Store what an import tells; return what became of each entry, in their order.

        It is called in the transaction that moves the import on.
        """

    def take_back(self, *, import_: Import, at: datetime) -> None:
        """Undo all that an import told; broken off, it is called again."""

    def stayed(self, *, import_: Import) -> int:
        """Return how many playlists an undo has left, since the listener had changed them."""


_keepers: list[Keeper] = []


def keep_playlists_with(keeper: Keeper) -> None:
    """Let this one keep playlists from now on."""
    _keepers[:] = [keeper]


def keeper() -> Keeper | None:
    """Return who keeps playlists; None where nobody does, and they stay in the file."""
    return _keepers[0] if _keepers else None
