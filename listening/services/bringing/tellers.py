"""Which imports told of a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from listening.models import Correction, Mute

Row = TypeVar("Row", Correction, Mute)


def tell_too(row: Row, import_: int) -> bool:
    """Note that this import tells of it too; False if there is nothing to note."""
    if not row.told_by or import_ in row.told_by:
        return False
    row.told_by = [*row.told_by, import_]
    return True


def taken_back(rows: Iterable[Row], import_: int) -> tuple[list[Row], list[Row]]:
    """Take the import off the rows that it told of; return those of nobody now, and the rest."""
    gone: list[Row] = []
    stays: list[Row] = []
    for row in rows:
        if import_ in row.told_by:
            row.told_by = [one for one in row.told_by if one != import_]
            (stays if row.told_by else gone).append(row)
    return gone, stays
