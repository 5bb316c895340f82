"""The arrays of the catalogue; row numbers are the only ids."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicsite.demo.sound import Floats, Ints

Flags = NDArray[np.bool_]
NONE = -1


@dataclass(frozen=True)
class Artists:
    names: list[str]
    languages: list[str]
    genre: Ints
    latent: Floats  # (n, dimensions) what sets apart those of one genre
    popularity: Floats  # log scale

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Albums:
    titles: list[str]
    artist: Ints
    released: Ints  # days before the world's end, as a negative number
    first: Ints  # its tracks are the rows from here,
    size: Ints  # this many
    unheard: Flags  # nobody has played it

    def __len__(self) -> int:
        return len(self.titles)


@dataclass(frozen=True)
class Tracks:
    titles: list[str]
    languages: list[str]  # empty where unknown
    artist: Ints
    guest: Ints  # row of the featured artist, or NONE
    album: Ints
    position: Ints  # on the album, from 1
    genre: Ints
    original: Ints  # row of the track it is a version of, its own row for most
    released: Ints
    duration_ms: Ints
    explicit: Flags
    features: Floats  # (n, len(FEATURES)); NaN in all columns where none are known
    tags: list[list[tuple[str, float]]]  # with weights; empty where none are known
    latent: Floats
    popularity: Floats
    unheard: Flags

    def __len__(self) -> int:
        return len(self.titles)


@dataclass(frozen=True)
class Catalogue:
    artists: Artists
    albums: Albums
    tracks: Tracks
