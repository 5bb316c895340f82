"""The catalogue is read, explored genre by genre, and what was found is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import pandas as pd

from catalog.exploring.drawing_lots import drawn
from catalog.exploring.groups import branches, in_order, of_branch
from catalog.exploring.measures import CATEGORIES, SOUNDS
from catalog.exploring.typical import with_scales
from catalog.exploring.whole import explored
from catalog.models import Exploration, Genre, Track
from catalog.pipeline.marks import catalogue_mark

CHUNK = 5000
FEWEST = 20  # tracks of a genre that say something of it
MOST_GENRES = 400  # the largest, where a catalogue has more
COLUMNS = {
    "id": "pk",
    "artist": "artist_id",
    "genre": "genre_id",
    "year": "year",
    "duration": "duration_ms",
    "is_explicit": "is_explicit",
    **{name: f"features__{name}" for name in (*SOUNDS, *CATEGORIES[:-1])},
}
Progress = Callable[[float, str], None]


def explore(*, at: datetime, progress: Progress) -> int:
    """Explore the catalogue and each of its genres; return how many explorations are stored.

    The catalogue as a whole is stored last, and its mark is that of the beginning: what changes
    meanwhile, or an exploration that was stopped, makes it out of date.
    """
    mark = catalogue_mark()
    progress(0.0, "Reading tracks")
    frame = read_tracks()
    parents = dict(Genre.objects.values_list("pk", "parent_id"))
    grown = branches(parents)
    worth = _worth_it(frame, grown)
    everything = in_order(frame)
    for done, genre in enumerate([*worth, None]):
        progress(0.1 + 0.9 * done / (len(worth) + 1), "Exploring genres")
        part = frame if genre is None else of_branch(frame, grown[genre])
        below = {child: grown[child] for child in parents if parents[child] == genre}
        found = {"findings": explored(part, everything, below), "points": drawn(part)}
        _store(genre, tracks=len(part), mark=mark, computed_at=at, **found)
    Exploration.objects.exclude(genre=None).exclude(genre__in=worth).delete()
    return len(worth) + 1


def read_tracks() -> pd.DataFrame:
    """Return the frame that catalog.exploring asks for, with its scales."""
    rows = Track.objects.playable().order_by("pk").values_list(*COLUMNS.values())
    chunks = [
        pd.DataFrame(chunk, columns=list(COLUMNS), dtype=float)
        for chunk in _chunks(rows.iterator(CHUNK))
    ]
    frame = pd.concat(chunks) if chunks else pd.DataFrame(columns=list(COLUMNS), dtype=float)
    frame = frame.reset_index(drop=True).astype({"id": int, "artist": int})
    return with_scales(frame.assign(duration=frame["duration"] / 60_000))


def _chunks(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _worth_it(frame: pd.DataFrame, grown: dict[int, set[int]]) -> list[int]:
    """The genres that have enough tracks, the largest first."""
    own = frame["genre"].value_counts()
    sizes = {genre: int(own.reindex(list(branch)).sum()) for genre, branch in grown.items()}
    largest = sorted(sizes, key=lambda genre: (-sizes[genre], genre))
    return [genre for genre in largest if sizes[genre] >= FEWEST][:MOST_GENRES]


def _store(genre: int | None, **values: Any) -> None:
    if not Exploration.objects.of(genre).update(**values):
        Exploration.objects.create(genre_id=genre, **values)
