"""What each thing of the catalogue is found by: the rows of the search index, not yet stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from django.db.models import Count, QuerySet

from catalog.features import FEATURES, moods
from catalog.models import Album, Artist, Findable, Genre, SearchEntry, Tag, Track
from catalog.search.words import fold, run_together, text_of

NAME_LENGTH = 500  # of the column
Ids = Collection[int]
TRACK = (
    "pk",
    "title",
    "credit",
    "artist_id",
    "artist__name",
    "album__title",
    "album_id",
    "genre_id",
    "year",
    "duration_ms",
    "is_verified",
)
SOUND = tuple(f"features__{name}" for name in FEATURES)


def artist_entries(ids: Ids) -> Iterator[SearchEntry]:
    """An artist is found by the names merged into it, too."""
    also, tracks = _merged_names(ids), _count(Track.objects.shown(), "artist", ids)
    for artist, name in Artist.objects.shown().filter(pk__in=ids).values_list("pk", "name"):
        names = [name, run_together(name), *also[artist]]
        yield _entry(Findable.ARTIST, artist, name, names, _size(tracks.get(artist, 0)))


def album_entries(ids: Ids) -> Iterator[SearchEntry]:
    tracks = _count(Track.objects.shown(), "album", ids)
    albums = Album.objects.filter(pk__in=ids, artist__hidden_at=None)
    for album, title, artist in albums.values_list("pk", "title", "artist__name"):
        yield _entry(Findable.ALBUM, album, title, [title, artist], _size(tracks.get(album, 0)))


def genre_entries(ids: Ids) -> Iterator[SearchEntry]:
    tracks = _count(Track.objects.shown(), "genre", ids)
    for genre, name in Genre.objects.filter(pk__in=ids).values_list("pk", "name"):
        names = [name, run_together(name)]
        yield _entry(Findable.GENRE, genre, name, names, _size(tracks.get(genre, 0)))


def tag_entries(ids: Ids) -> Iterator[SearchEntry]:
    found = Tag.objects.filter(pk__in=ids).annotate(here=Count("track_tags"))
    for tag, name, tracks in found.values_list("pk", "name", "here"):
        yield _entry(Findable.TAG, tag, name, [name, run_together(name)], _size(tracks))


def track_entries(ids: Ids) -> Iterator[SearchEntry]:
    """A track is found by its artists and its album, and by what was merged into it."""
    rows = list(
        Track.objects.findable().filter(pk__in=ids).values(*TRACK, *SOUND).order_by("artist_id")
    )
    artists = {row["artist_id"] for row in rows}
    also = _merged_names(artists)
    titles = _merged_titles(ids)
    sizes = _count(Track.objects.shown(), "artist", artists)
    for row in rows:
        artist = row["artist_id"]
        names = [row["title"], row["artist__name"], row["credit"], row["album__title"] or ""]
        names += [*also[artist], *titles[row["pk"]]]
        sound = {name: row[f"features__{name}"] for name in FEATURES}
        weight = 10 * _described(row, sound) + _size(sizes.get(artist, 0))
        entry = _entry(Findable.TRACK, row["pk"], row["title"], names, weight)
        entry.moods = _in_spaces(moods(sound))
        yield entry


ENTRIES: dict[Findable, Callable[[Ids], Iterator[SearchEntry]]] = {
    Findable.GENRE: genre_entries,
    Findable.TAG: tag_entries,
    Findable.ARTIST: artist_entries,
    Findable.ALBUM: album_entries,
    Findable.TRACK: track_entries,
}


def _entry(kind: Findable, pk: int, name: str, names: Iterable[str], weight: int) -> SearchEntry:
    return SearchEntry(
        kind=kind,
        name=fold(name)[:NAME_LENGTH],
        text=text_of(names),
        weight=weight,
        **{f"{kind}_id": pk},
    )


def _merged_names(artists: Ids) -> dict[int, list[str]]:
    return _by_survivor(Artist.objects.filter(canonical__in=artists), "name")


def _merged_titles(tracks: Ids) -> dict[int, list[str]]:
    return _by_survivor(Track.objects.filter(canonical__in=tracks), "title")


def _by_survivor(merged: QuerySet[Any], name: str) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for survivor, other in merged.order_by("pk").values_list("canonical_id", name):
        names[survivor].append(other)
    return names


def _count(tracks: QuerySet[Track], field: str, ids: Ids) -> dict[int, int]:
    counted = tracks.filter(**{f"{field}__in": ids}).values(field).annotate(here=Count("pk"))
    return {row[field]: row["here"] for row in counted.order_by()}


def _size(tracks: int) -> int:
    """How much there is of something, in doublings."""
    return tracks.bit_length()


def _described(row: dict[str, Any], sound: dict[str, Any]) -> int:
    """How many things are known of a track; that it is the right one counts most."""
    known = [row[name] for name in ("album_id", "genre_id", "year", "duration_ms")]
    return 4 * row["is_verified"] + sum(value is not None for value in [*known, sound["energy"]])


def _in_spaces(words: list[str]) -> str:
    return f" {' '.join(words)} " if words else ""
