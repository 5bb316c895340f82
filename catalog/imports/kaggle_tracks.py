"""Kaggle's "Spotify Tracks Dataset" by maharshipandya: one row for each track and genre.

Copies with other column names and without ids are known too.
"""

from __future__ import annotations

from catalog.imports.table import Table

KAGGLE_TRACKS = Table(
    name="kaggle-tracks",
    source="kaggle-tracks",
    about="Kaggle, “Spotify Tracks Dataset” (maharshipandya): dataset.csv",
    marks=(
        frozenset(("track_genre", "track_name", "artists")),
        frozenset(("song_genre", "song_name", "artist_name")),
    ),
    artists_between=";",
)
