"""Our own CSV, as docs/catalogue.md has it; and any other table with a title and an artist."""

from __future__ import annotations

import re
from pathlib import Path

from catalog.imports import header, text
from catalog.imports.rows import Refused
from catalog.imports.table import Table

# What looks like tracks and is not, by its columns.
AVERAGES = {
    frozenset(("artists", "count", "valence", "acousticness")): "by artist",
    frozenset(("genres", "valence", "acousticness")): "by genre",
    frozenset(("mode", "year", "valence", "acousticness")): "by year",
}

TASTE_PROFILE = re.compile(r"\S+\sSO[0-9A-Z]{16}\s\d+")  # user, song, plays


class OwnCsv(Table):
    def knows(self, path: Path) -> bool:
        """Any table is read as one of ours, if it says what a track is.

        :raises Refused: if it has no tracks, saying what it has
        """
        line = text.first_line(path)
        refuse_plays(line)
        refuse_averages(header.words(line))
        header.read_header(line, {})
        return True


def refuse_plays(line: str) -> None:
    if TASTE_PROFILE.fullmatch(line):
        raise Refused("This file holds plays of listeners, and no tracks: import_plays reads it.")


def refuse_averages(columns: set[str]) -> None:
    if columns & {"name", "title", "track_name", "song_name", "track", "song"}:
        return
    for marks, by in AVERAGES.items():
        if marks <= columns:
            raise Refused(f"This file holds averages {by}, and no tracks.")


OWN_CSV = OwnCsv(
    name="csv",
    source="csv",
    about="A CSV with the columns title and artists, and any others that docs/catalogue.md has",
    marks=(),
    artists_between=";",
)
