"""Kaggle's "Spotify Hit Predictor" by theoverman: a table for each decade, which may disagree."""

from __future__ import annotations

from catalog.imports.table import Table

KAGGLE_HITS = Table(
    name="kaggle-hits",
    source="kaggle-tracks",
    about="Kaggle, “Spotify Hit Predictor” (theoverman): dataset-of-….csv",
    marks=(frozenset(("track", "artist", "uri", "chorus_hit")),),
    edition="hits",
)
