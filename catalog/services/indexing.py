"""Keeping the search index in step: whoever changes what something is called or whether it shows
calls `index` with the keys, or `index_later` after a great change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Model

from catalog.models import Album, Artist, Findable, Genre, SearchEntry, SearchWord, Tag, Track
from catalog.search.entries import ENTRIES
from catalog.search.words import tolerance
from jobs import services as jobs

CHUNK = 2000  # rows in one transaction: SQLite has one writer, and nobody should wait long for it
WRITTEN = ("name", "text", "moods", "weight")
MODELS: dict[Findable, type[Model]] = {
    Findable.GENRE: Genre,
    Findable.TAG: Tag,
    Findable.ARTIST: Artist,
    Findable.ALBUM: Album,
    Findable.TRACK: Track,
}
Tell = Callable[[float], None]


def index(
    *,
    tracks: Iterable[int] = (),
    artists: Iterable[int] = (),
    albums: Iterable[int] = (),
    genres: Iterable[int] = (),
    tags: Iterable[int] = (),
) -> int:
    """Index these, and all that is found by their names; return how many entries changed.

    What is hidden, merged or gone leaves the index, so call it for both sides of a merge.
    """
    wanted = {
        Findable.TRACK: set(tracks),
        Findable.ARTIST: set(artists),
        Findable.ALBUM: set(albums),
        Findable.GENRE: set(genres),
        Findable.TAG: set(tags),
    }
    _add_what_they_name(wanted)
    return sum(
        _index_chunk(kind, chunk) for kind in MODELS for chunk in _chunks(sorted(wanted[kind]))
    )


def index_later() -> None:
    """Have the whole catalogue looked through, once, however often this is called."""
    jobs.enqueue("catalog.index", unique="catalog.index")


def index_tracks_later(ids: list[int]) -> None:
    """Have these tracks indexed, and what they name, by a worker."""
    if ids:
        jobs.enqueue("catalog.index_tracks", ids)


def index_all(*, tell: Tell = lambda share: None) -> int:
    """Bring the whole index in step, and forget words that no name has any more.

    Only what differs is written, so it may run at any time and be broken off.
    """
    changed, done = 0, 0
    total = sum(model._default_manager.count() for model in MODELS.values()) or 1
    for kind, model in MODELS.items():
        for ids in _chunks(model._default_manager.order_by("pk").values_list("pk", flat=True)):
            changed += _index_chunk(kind, ids)
            done += len(ids)
            tell(min(1.0, done / total))
    _forget_words()
    return changed


def _add_what_they_name(wanted: dict[Findable, set[int]]) -> None:
    """A name is found by what it stands under, and counts how much stands under it."""
    by_artist = Track.objects.filter(artist__in=wanted[Findable.ARTIST])
    by_album = Track.objects.filter(album__in=wanted[Findable.ALBUM])
    wanted[Findable.TRACK] |= _keys(by_artist) | _keys(by_album)
    wanted[Findable.ALBUM] |= _keys(Album.objects.filter(artist__in=wanted[Findable.ARTIST]))
    for chunk in _chunks(sorted(wanted[Findable.TRACK])):
        named = Track.objects.filter(pk__in=chunk)
        for artist, album, genre in named.values_list("artist_id", "album_id", "genre_id"):
            wanted[Findable.ARTIST].add(artist)
            wanted[Findable.ALBUM] |= {album} if album else set()
            wanted[Findable.GENRE] |= {genre} if genre else set()
        wanted[Findable.TAG] |= _keys(Tag.objects.filter(track_tags__track__in=chunk))


def _keys(rows: Any) -> set[int]:
    return set(rows.values_list("pk", flat=True))


@transaction.atomic
def _index_chunk(kind: Findable, ids: list[int]) -> int:
    key = f"{kind}_id"
    standing = {
        row[0]: row[1:]
        for row in SearchEntry.objects.filter(**{f"{key}__in": ids}).values_list(key, *WRITTEN)
    }
    found = {getattr(entry, key): entry for entry in ENTRIES[kind](ids)}
    gone = standing.keys() - found.keys()
    changed = [entry for pk, entry in found.items() if standing.get(pk) != _written(entry)]
    if gone:
        SearchEntry.objects.filter(**{f"{key}__in": gone}).delete()
    _store(kind, changed)
    return len(changed) + len(gone)


def _written(entry: SearchEntry) -> tuple[Any, ...]:
    return tuple(getattr(entry, name) for name in WRITTEN)


def _store(kind: Findable, entries: list[SearchEntry]) -> None:
    SearchEntry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=[kind.value], update_fields=WRITTEN
    )
    words = {word for entry in entries for word in _guessable(entry.text)}
    known = SearchWord.objects.filter(word__in=words).values_list("word", flat=True)
    SearchWord.objects.bulk_create(
        (SearchWord(word=word) for word in sorted(words - set(known))), ignore_conflicts=True
    )


def _guessable(text: str) -> Iterator[str]:
    """The words that somebody may misspell."""
    return (word for word in text.split() if tolerance(word))


def _forget_words() -> None:
    used: set[str] = set()
    for text in SearchEntry.objects.values_list("text", flat=True).iterator(CHUNK):
        used.update(_guessable(text))
    for chunk in _chunks(SearchWord.objects.values_list("pk", "word").order_by("pk")):
        unused = [pk for pk, word in chunk if word not in used]
        SearchWord.objects.filter(pk__in=unused).delete()


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Cut a list, or a queryset that is read to its end before it is written to."""
    kept = list(rows)
    return (kept[start : start + CHUNK] for start in range(0, len(kept), CHUNK))
