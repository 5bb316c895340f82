"""Million Song Dataset: HDF5 files, one for each track; one file or a folder of any depth.

Energy and danceability stand there as 0, for they were never computed: they are left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from catalog.features import cleaned
from catalog.imports import values
from catalog.imports.rows import LABEL, Columns, Refused, Rejected, Row, Survey, TrackRow

FEATURES = ("tempo", "loudness", "key", "mode", "time_signature")
TERMS = 20  # an artist's terms that are kept as tags
ENDINGS = (".h5", ".hdf5")


@dataclass(frozen=True)
class MsdHdf5:
    name: str = "msd-hdf5"
    source: str = "msd"
    about: str = "Million Song Dataset: a file of HDF5, or a folder of them"

    def knows(self, path: Path) -> bool:
        if path.is_dir():
            return next(_files(path), None) is not None
        return path.is_file() and h5py.is_hdf5(path)

    def survey(self, path: Path, columns: Columns) -> Survey:
        digest, total = hashlib.sha256(), 0
        for file in _sorted(path):
            total += 1
            digest.update(f"{file.name} {file.stat().st_size}\n".encode())
        if not total:
            raise Refused("There is no HDF5 file (.h5) here.")
        if path.is_file() and not h5py.is_hdf5(path):
            raise Refused("This is no HDF5 file.")
        return Survey(total=total, checksum=digest.hexdigest())

    def read(self, path: Path, columns: Columns) -> Iterator[Row]:
        for number, file in enumerate(_sorted(path), start=1):
            yield _row(number, file)


def _files(path: Path) -> Iterator[Path]:
    return (file for file in path.rglob("*") if file.suffix in ENDINGS)


def _sorted(path: Path) -> list[Path]:
    return sorted(_files(path)) if path.is_dir() else [path]


def _row(number: int, path: Path) -> Row:
    try:
        with h5py.File(path, "r") as file:
            return _track(number, file)
    except (OSError, KeyError, ValueError, IndexError, RuntimeError) as error:
        return Rejected(
            number, f"not a file of the Million Song Dataset ({error})"[:300], path.name
        )


def _track(number: int, file: h5py.File) -> Row:
    songs, analysis = file["metadata/songs"][0], file["analysis/songs"][0]
    title, artist = values.known(_text(songs["title"])), values.known(_text(songs["artist_name"]))
    if not title or not artist:
        return Rejected(number, "no title" if artist else "no artist", file.filename[-300:])
    track = values.msd(_text(analysis["track_id"]))
    found = (track, values.msd(_text(songs["song_id"])))
    return TrackRow(
        line=number,
        title=title[:500],
        artists=values.names(artist[:300], None),
        album=values.known(_text(songs["release"]))[:400] or None,
        year=values.year(str(int(file["musicbrainz/songs"][0]["year"]))),
        duration_ms=values.duration(float(analysis["duration"]), 1000),
        tags=_terms(file),
        features=cleaned({name: float(analysis[name]) for name in FEATURES}),
        timbre=_timbre(file),
        ids=tuple(pair for pair in found if pair),
        source_id=":".join(track) if track else "",
    )


def _terms(file: h5py.File) -> dict[str, float]:
    terms = file["metadata/artist_terms"][:TERMS]
    weights = file["metadata/artist_terms_weight"][:TERMS]
    return {
        _text(term).casefold()[:LABEL]: round(float(weight), 4)
        for term, weight in zip(terms, weights, strict=True)
        if 0 < weight <= 1
    }


def _timbre(file: h5py.File) -> tuple[float, ...] | None:
    """Mean and spread of the twelve timbre numbers over all segments."""
    segments = np.asarray(file["analysis/segments_timbre"], dtype=float)
    if not len(segments) or not np.isfinite(segments).all():
        return None
    both = np.concatenate([segments.mean(axis=0), segments.std(axis=0)])
    return tuple(round(float(number), 3) for number in both)


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
