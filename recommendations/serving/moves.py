"""What is different between two lists: what came in, what left, what moved up and down. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _


class Move(NamedTuple):
    track: int
    was: int | None  # rank before, from 1; None: it was not there
    now: int | None  # rank after; None: it left

    @property
    def by(self) -> int:
        """How many places up (above 0) or down."""
        return self.was - self.now if self.was and self.now else 0

    @property
    def is_new(self) -> bool:
        return self.was is None

    @property
    def words(self) -> str:
        """What stands under the rank: new, up 4, down 1."""
        if self.is_new:
            return _("new")
        words = _("up %(places)s") if self.by > 0 else _("down %(places)s")
        return words % {"places": abs(self.by)}


@dataclass(frozen=True)
class Moves:
    came: tuple[Move, ...]
    left: tuple[Move, ...]
    up: tuple[Move, ...]
    down: tuple[Move, ...]

    def of(self, track: int) -> Move | None:
        everything = (*self.came, *self.left, *self.up, *self.down)
        return next((move for move in everything if move.track == track), None)


def moves(before: Sequence[int], after: Sequence[int]) -> Moves:
    """Compare two lists of track ids, each in its order."""
    was = {track: rank for rank, track in enumerate(before, start=1)}
    now = {track: rank for rank, track in enumerate(after, start=1)}
    stayed = [Move(track, was[track], rank) for track, rank in now.items() if track in was]
    return Moves(
        came=tuple(Move(track, None, rank) for track, rank in now.items() if track not in was),
        left=tuple(Move(track, rank, None) for track, rank in was.items() if track not in now),
        up=tuple(move for move in stayed if move.by > 0),
        down=tuple(move for move in stayed if move.by < 0),
    )
