"""TidyTuesday 2020-01-21, spotify_songs.csv: one row for each track and playlist."""

from __future__ import annotations

from catalog.imports.table import Table

TIDYTUESDAY = Table(
    name="tidytuesday",
    source="tidytuesday",
    about="TidyTuesday 2020-01-21: spotify_songs.csv",
    marks=(frozenset(("track_artist", "playlist_genre", "playlist_subgenre")),),
)
