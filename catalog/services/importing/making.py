"""New tracks, with their artists, albums and by-lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.models import ArtistCredit, FeatureSet, Track
from catalog.naming import search_text
from catalog.services import crediting, storing
from catalog.services.importing.deciding import Word
from catalog.services.importing.describing import SPEAKING

FIELDS = (
    "id",
    "title",
    "artist",
    "credit",
    "album",
    "year",
    "duration_ms",
    "is_explicit",
    "match_key",
    "search_text",
    "features",
    "genre",
    "source",
    "created_at",
)


def make_tracks(
    words: list[Word], places: Mapping[str, int], *, source: str, at: datetime
) -> dict[int, int]:
    """Store the tracks of these words, under the keys that were taken for them.

    They show at once the set of features to come, and the genre of their first label. Return the
    keys taken for the sets, by track.
    """
    artists = crediting.find_artists(
        dict.fromkeys(name for word in words for name in word.row.artists), source=source
    )
    albums = crediting.find_albums(
        [
            (artists[word.row.artists[0]], word.said["album"], word.said.get("year"))
            for word in words
            if word.said.get("album")
        ],
        source=source,
    )
    moment = storing.as_moment(at)
    heard = [word.track for word in words if SPEAKING & word.said.keys()]
    sounds = dict(zip(heard, storing.next_keys(FeatureSet, len(heard)), strict=True))
    rows = [
        (
            *_track(word, artists, albums),
            sounds.get(word.track),
            _genre(word, places),
            source,
            moment,
        )
        for word in words
    ]
    storing.insert(Track, FIELDS, rows)
    credited = [(word.track, [artists[name] for name in word.row.artists]) for word in words]
    storing.insert(
        ArtistCredit,
        crediting.FIELDS,
        [row for track, keys in credited for row in crediting.credit_rows(track, keys)],
    )
    return sounds


def _genre(word: Word, places: Mapping[str, int]) -> int | None:
    return next((places[label] for label in word.said.get("genres", ()) if label in places), None)


def _track(
    word: Word, artists: Mapping[str, int], albums: Mapping[tuple[int, str], int]
) -> tuple[Any, ...]:
    row, said, artist = word.row, word.said, artists[word.row.artists[0]]
    album = said.get("album")
    return (
        word.track,
        row.title,
        artist,
        crediting.credit_line(row.artists),
        albums[artist, album] if album else None,
        said.get("year"),
        said.get("duration_ms"),
        said.get("is_explicit"),
        row.key,
        search_text(row.title, *row.artists, album or ""),
    )
