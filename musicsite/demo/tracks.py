"""Albums and their tracks, first as a list of drafts, then as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from musicsite.demo.catalogue import NONE, Albums, Artists, Catalogue, Flags, Tracks
from musicsite.demo.genres import GENRES
from musicsite.demo.known import KNOWN_ARTISTS
from musicsite.demo.names.languages import TAGS
from musicsite.demo.names.titles import another_title, version_title
from musicsite.demo.sound import (
    ACOUSTIC,
    EDIT,
    LIVE,
    ORIGINAL,
    REMASTER,
    Floats,
    Ints,
    durations,
    sounds,
)
from musicsite.demo.tags import tags_of

ALBUM_SIZES = (1, 2, 4, 5, 7, 8, 9, 10, 12)
SIZE_SHARES = (0.16, 0.08, 0.14, 0.12, 0.12, 0.12, 0.11, 0.09, 0.06)
SPAN_DAYS = 730  # of the plays
VERSION_NAMES = {LIVE: "live", REMASTER: "remaster", ACOUSTIC: "acoustic", EDIT: "edit"}

NEW_SHARE = 0.14  # of albums, released while the plays go on
UNHEARD_SHARE = 0.07  # of tracks
VERSIONS_SHARE = 0.2  # of albums that end with other versions of older tracks
GUEST_SHARE = 0.035  # of tracks
NO_FEATURES_SHARE = 0.06
NO_TAGS_SHARE = 0.10
NO_LANGUAGE_SHARE = 0.12


@dataclass
class _Draft:
    """Columns that grow row by row, for names depend on the names before them."""

    year: int  # in which the world ends
    album_titles: list[str] = field(default_factory=list)
    album_artist: list[int] = field(default_factory=list)
    album_released: list[int] = field(default_factory=list)
    album_first: list[int] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    album: list[int] = field(default_factory=list)
    position: list[int] = field(default_factory=list)
    original: list[int] = field(default_factory=list)
    version: list[int] = field(default_factory=list)

    def add_track(self, title: str, original: int | None = None, version: int = ORIGINAL) -> None:
        row = len(self.titles)
        self.titles.append(title)
        self.album.append(len(self.album_titles) - 1)
        self.position.append(row - self.album_first[-1] + 1)
        self.original.append(row if original is None else original)
        self.version.append(version)


def make_catalogue(rng: Generator, artists: Artists, *, year: int) -> Catalogue:
    """Make the albums of all artists; `year` is the one in which the world ends."""
    draft = _Draft(year)
    for artist in range(len(artists)):
        _draft_artist(rng, draft, artists, artist)
    albums = _albums(rng, draft)
    return Catalogue(artists, albums, _tracks(rng, draft, artists, albums))


def _draft_artist(rng: Generator, draft: _Draft, artists: Artists, artist: int) -> None:
    genre = GENRES[artists.genre[artist]]
    given = list(KNOWN_ARTISTS[artist].titles) if artist < len(KNOWN_ARTISTS) else []
    busy = 0.5 + 0.3 * max(artists.popularity[artist], 0)
    n_albums = 1 + int(rng.poisson(busy)) if not given else 3
    ages = np.sort(_ages(rng, genre.age, n_albums))[::-1]
    language = artists.languages[artist]
    taken = set(given)
    first = len(draft.titles)
    for age in ages:
        size = int(rng.choice(ALBUM_SIZES, p=SIZE_SHARES)) if not given else 8
        titles = [given.pop(0)] if given else []
        while len(titles) < size:
            titles.append(another_title(rng, genre, language, taken.union(titles)))
        _draft_album(rng, draft, artist, -int(age), titles)
        taken.update(titles)
        if rng.random() < VERSIONS_SHARE:
            _draft_versions(rng, draft, first, taken)


def _ages(rng: Generator, typical: float, n: int) -> Floats:
    """Return days since release; some albums come out while the plays go on."""
    old = SPAN_DAYS + 365 * typical * rng.gamma(1.6, 0.6, n)
    new = rng.uniform(4, SPAN_DAYS, n)
    return np.where(rng.random(n) < NEW_SHARE, new, np.minimum(old, 365 * 58))


def _draft_album(
    rng: Generator, draft: _Draft, artist: int, released: int, titles: list[str]
) -> None:
    named_for = titles[int(rng.integers(min(3, len(titles))))]
    draft.album_titles.append(named_for)
    draft.album_artist.append(artist)
    draft.album_released.append(released)
    draft.album_first.append(len(draft.titles))
    for title in titles:
        draft.add_track(title)


def _draft_versions(rng: Generator, draft: _Draft, first: int, taken: set[str]) -> None:
    own = [row for row in range(first, len(draft.titles)) if draft.version[row] == ORIGINAL]
    for row in rng.permutation(own)[: int(rng.integers(1, 4))]:
        kind = int(rng.choice([LIVE, REMASTER, ACOUSTIC, EDIT], p=[0.4, 0.3, 0.2, 0.1]))
        year = draft.year + draft.album_released[-1] // 365
        title = version_title(rng, draft.titles[row], VERSION_NAMES[kind], year)
        if title not in taken:
            draft.add_track(title, int(row), kind)
            taken.add(title)


def _albums(rng: Generator, draft: _Draft) -> Albums:
    artist, first = np.array(draft.album_artist), np.array(draft.album_first)
    size = np.diff(first, append=len(draft.titles))
    released = np.array(draft.album_released)
    unheard = _unheard(rng, artist, size)
    return Albums(draft.album_titles, artist, released, first, size, unheard)


def _unheard(rng: Generator, artist: Ints, size: Ints) -> Flags:
    """Draw albums until they hold their share of all tracks."""
    obscure = rng.permutation(np.flatnonzero(artist >= len(KNOWN_ARTISTS)))
    enough = np.searchsorted(np.cumsum(size[obscure]), UNHEARD_SHARE * size.sum()) + 1
    unheard = np.zeros(artist.size, dtype=bool)
    unheard[obscure[:enough]] = True
    return unheard


def _tracks(rng: Generator, draft: _Draft, artists: Artists, albums: Albums) -> Tracks:
    album, original = np.array(draft.album), np.array(draft.original)
    version = np.array(draft.version)
    artist = albums.artist[album]
    genre = artists.genre[artist]
    n = album.size
    features = sounds(
        rng, genre=genre, artist=artist, album=album, version=version, original=original
    )
    tags = tags_of(rng, genre, artist, features)
    features[rng.random(n) < NO_FEATURES_SHARE] = np.nan
    untagged = rng.random(n) < NO_TAGS_SHARE
    guest = _guests(rng, artists, artist, version)
    return Tracks(
        titles=_named_guests(artists, draft.titles, guest),
        languages=_languages(rng, artists, artist),
        artist=artist,
        guest=guest,
        album=album,
        position=np.array(draft.position),
        genre=genre,
        original=original,
        released=albums.released[album],
        duration_ms=durations(rng, genre, version, original),
        explicit=_explicit(rng, genre)[original],
        features=features,
        tags=[[] if none else own for none, own in zip(untagged, tags, strict=True)],
        latent=artists.latent[artist] + rng.normal(0, 0.35, (n, artists.latent.shape[1])),
        popularity=_popularity(rng, draft, artists, artist, version),
        unheard=albums.unheard[album],
    )


def _languages(rng: Generator, artists: Artists, artist: Ints) -> list[str]:
    tags = [TAGS.get(language, language) for language in artists.languages]
    known = rng.random(artist.size) >= NO_LANGUAGE_SHARE
    return [tags[row] if is_known else "" for row, is_known in zip(artist, known, strict=True)]


def _guests(rng: Generator, artists: Artists, artist: Ints, version: Ints) -> Ints:
    """Invite an artist of the same genre to a few of the originals."""
    guest = np.full(artist.size, NONE)
    for row in np.flatnonzero((rng.random(artist.size) < GUEST_SHARE) & (version == ORIGINAL)):
        kin = np.flatnonzero(artists.genre == artists.genre[artist[row]])
        drawn = int(rng.choice(kin))
        guest[row] = drawn if drawn != artist[row] else NONE
    return guest


def _named_guests(artists: Artists, titles: list[str], guest: Ints) -> list[str]:
    """Put every other guest into the title, as catalogues do."""
    return [
        f"{title} (feat. {artists.names[row]})" if row != NONE and row % 2 else title
        for title, row in zip(titles, guest, strict=True)
    ]


def _explicit(rng: Generator, genre: Ints) -> Flags:
    chance = np.array([one.explicit for one in GENRES])[genre]
    return rng.random(genre.size) < chance


def _popularity(
    rng: Generator, draft: _Draft, artists: Artists, artist: Ints, version: Ints
) -> Floats:
    position = np.array(draft.position)
    own = rng.normal(0, 0.6, artist.size) - 0.25 * np.log(position) - 0.8 * (version != ORIGINAL)
    known = (artist < len(KNOWN_ARTISTS)) & (position == 1)
    return artists.popularity[artist] + own + 0.9 * known
