"""Kaggle's "spotify-dataset" by vatsalmavani: data.csv, one row for each track."""

from __future__ import annotations

from catalog.imports.table import Table

KAGGLE_SPOTIFY = Table(
    name="kaggle-spotify",
    source="kaggle-spotify",
    about="Kaggle, “spotify-dataset” (vatsalmavani): data.csv",
    marks=(frozenset(("artists", "name", "release_date", "valence")),),
)
