"""The catalogue: hidden while it is loaded, and shown by `show_artists` once all is there."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import OuterRef, Subquery
from django.utils.text import slugify

from catalog.features import FEATURES
from catalog.models import (
    Album,
    Artist,
    ArtistCredit,
    FeatureSet,
    Genre,
    Source,
    Tag,
    Track,
    TrackGenre,
    TrackTag,
    Work,
)
from catalog.naming import match_key, normalise
from musicsite.demo.catalogue import NONE, Catalogue, Tracks
from musicsite.demo.genres import GENRES, PARENTS
from musicsite.demo.load.rows import store, store_values
from musicsite.demo.names.languages import TAGS
from musicsite.demo.world import World

INTEGERS = frozenset(("key", "mode", "time_signature"))


@dataclass(frozen=True)
class Keys:
    """Primary keys by row of the catalogue."""

    genres: list[int]
    artists: list[int]
    albums: list[int]
    tracks: list[int]


def load_music(world: World, *, at: datetime) -> Keys:
    catalogue = world.catalogue
    genres = _load_genres()
    artists = _load_artists(catalogue, at)
    albums = _load_albums(world, artists)
    works = _load_works(catalogue, artists)
    tracks = _load_tracks(world, genres, artists, albums, works)
    keys = Keys(genres, artists, albums, tracks)
    _load_credits(catalogue.tracks, keys)
    _load_features(catalogue.tracks, keys, at)
    _load_genre_labels(catalogue.tracks, keys)
    _load_tags(catalogue.tracks, keys)
    return keys


def show_artists() -> None:
    Artist.objects.filter(source=Source.DEMO).update(hidden_at=None)


def _load_genres() -> list[int]:
    """Genres belong to all: take those that stand, add what is missing."""
    parents = {name: _genre(name, None) for name in PARENTS}
    return [_genre(genre.name, parents[genre.parent]).pk for genre in GENRES]


def _genre(name: str, parent: Genre | None) -> Genre:
    slug = slugify(name, allow_unicode=True)
    return Genre.objects.get_or_create(name=name, defaults={"slug": slug, "parent": parent})[0]


def _load_artists(catalogue: Catalogue, at: datetime) -> list[int]:
    artists = catalogue.artists
    return store(
        Artist(
            name=name,
            language="" if language in TAGS else language,
            match_key=normalise(name)[:300],
            source=Source.DEMO,
            hidden_at=at,
        )
        for name, language in zip(artists.names, artists.languages, strict=True)
    )


def _load_albums(world: World, artists: list[int]) -> list[int]:
    albums, languages = world.catalogue.albums, world.catalogue.artists.languages
    return store(
        Album(
            title=title,
            artist_id=artists[artist],
            language=TAGS.get(languages[artist], languages[artist]),
            match_key=normalise(title)[:300],
            year=_year(world, released),
            source=Source.DEMO,
        )
        for title, artist, released in zip(
            albums.titles, albums.artist, albums.released, strict=True
        )
    )


def _year(world: World, released: int) -> int:
    return (world.end + timedelta(days=int(released))).year


def _load_works(catalogue: Catalogue, artists: list[int]) -> dict[int, int]:
    """Make a work for each track that has other versions; return its key by the track's row."""
    tracks = catalogue.tracks
    originals = np.unique(tracks.original[tracks.original != np.arange(len(tracks))]).tolist()
    keys = store(
        Work(title=tracks.titles[row], artist_id=artists[tracks.artist[row]]) for row in originals
    )
    return dict(zip(originals, keys, strict=True))


def _load_tracks(
    world: World, genres: list[int], artists: list[int], albums: list[int], works: dict[int, int]
) -> list[int]:
    tracks, names = world.catalogue.tracks, world.catalogue.artists.names
    return store(
        Track(
            title=title,
            artist_id=artists[tracks.artist[row]],
            credit=_credit(names, tracks, row),
            album_id=albums[tracks.album[row]],
            position=int(tracks.position[row]),
            work_id=works.get(int(tracks.original[row])),
            genre_id=genres[tracks.genre[row]],
            year=_year(world, tracks.released[row]),
            duration_ms=int(tracks.duration_ms[row]),
            is_explicit=bool(tracks.explicit[row]),
            language=tracks.languages[row],
            match_key=match_key(names[tracks.artist[row]], title),
            search_text=_search_text(world.catalogue, row),
            source=Source.DEMO,
        )
        for row, title in enumerate(tracks.titles)
    )


def _credit(names: list[str], tracks: Tracks, row: int) -> str:
    guest = tracks.guest[row]
    return "" if guest == NONE else f"{names[tracks.artist[row]]} feat. {names[guest]}"


def _search_text(catalogue: Catalogue, row: int) -> str:
    tracks = catalogue.tracks
    words = (
        tracks.titles[row],
        catalogue.artists.names[tracks.artist[row]],
        _credit(catalogue.artists.names, tracks, row),
        catalogue.albums.titles[tracks.album[row]],
        GENRES[tracks.genre[row]].name,
        *(tag for tag, _ in tracks.tags[row]),
    )
    return " ".join(dict.fromkeys(normalise(" ".join(words)).split()))


def _load_credits(tracks: Tracks, keys: Keys) -> None:
    store(
        ArtistCredit(
            track_id=keys.tracks[row],
            artist_id=keys.artists[artist],
            position=position,
            join_phrase=" feat. " if position == 1 and tracks.guest[row] != NONE else "",
        )
        for row in range(len(tracks))
        for position, artist in enumerate((tracks.artist[row], tracks.guest[row]), start=1)
        if artist != NONE
    )


def _load_features(tracks: Tracks, keys: Keys, at: datetime) -> None:
    store(
        FeatureSet(
            track_id=keys.tracks[row], source=Source.DEMO, measured_at=at, **_features(values)
        )
        for row, values in enumerate(tracks.features.tolist())
        if not np.isnan(values[0])
    )
    own = FeatureSet.objects.filter(track=OuterRef("pk"), source=Source.DEMO)
    Track.objects.filter(source=Source.DEMO).update(features=Subquery(own.values("pk")[:1]))


def _features(values: list[float]) -> dict[str, float]:
    return {
        name: int(value) if name in INTEGERS else value
        for name, value in zip(FEATURES, values, strict=True)
    }


def _load_genre_labels(tracks: Tracks, keys: Keys) -> None:
    store(
        TrackGenre(
            track_id=keys.tracks[row],
            genre_id=keys.genres[genre],
            source=Source.DEMO,
            label=GENRES[genre].name,
        )
        for row, genre in enumerate(tracks.genre)
    )


def _load_tags(tracks: Tracks, keys: Keys) -> None:
    names = sorted({name for tags in tracks.tags for name, _ in tags})
    known = {tag.name: tag.pk for tag in Tag.objects.filter(name__in=names)}
    missing = [name for name in names if name not in known]
    added = store(Tag(name=name) for name in missing)
    known |= dict(zip(missing, added, strict=True))
    rows = (
        (keys.tracks[row], known[name], Source.DEMO.value, weight)
        for row, tags in enumerate(tracks.tags)
        for name, weight in tags
    )
    deque(store_values(TrackTag, ("track", "tag", "source", "weight"), rows), maxlen=0)
