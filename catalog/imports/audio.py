"""Audio files: one, or a folder of any depth. What stands in their tags; how they sound is measured
later (`catalog.services.audio`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.audio.kinds import MIME_TYPES, audio_files, is_audio
from catalog.audio.tags import NotAudio, Tags, read_tags
from catalog.imports import values
from catalog.imports.rows import (
    ALBUM,
    ARTIST,
    LABEL,
    TITLE,
    Columns,
    Id,
    Refused,
    Rejected,
    Row,
    Survey,
    TrackRow,
    Unreadable,
)

LONGEST_PLACE = 500  # letters, as in AudioFile.path
NO_ARTIST = "no artist: neither its tags nor its name say one; name it “Artist - Title”"


@dataclass(frozen=True)
class Audio:
    name: str = "audio"
    source: str = "audio"
    about: str = "An audio file, or a folder of them: " + ", ".join(sorted(MIME_TYPES))

    def knows(self, path: Path) -> bool:
        if path.is_file():
            return is_audio(path)
        return next(audio_files(path), None) is not None

    def survey(self, path: Path, columns: Columns) -> Survey:
        if path.is_file() and not is_audio(path):
            raise Refused(f"“{path.name}” is no audio file that we know ({_endings()}).")
        digest, total = hashlib.sha256(), 0
        for file in audio_files(path):
            total += 1
            digest.update(f"{file_id(file)} {file.stat().st_size}\n".encode())
        if not total:
            raise Refused(f"There is no audio file here ({_endings()}).")
        return Survey(total=total, checksum=digest.hexdigest())

    def read(self, path: Path, columns: Columns) -> Iterator[Row]:
        for number, file in enumerate(audio_files(path), start=1):
            yield _row(number, file, _short(file, path))


def file_id(path: Path) -> str:
    """By what a file is known again: the place where it lies."""
    place = str(path.resolve()).encode(errors="surrogateescape")
    return "file-" + hashlib.sha1(place, usedforsecurity=False).hexdigest()


def _endings() -> str:
    return ", ".join(sorted(MIME_TYPES))


def _short(file: Path, folder: Path) -> str:
    """The file's place in the folder, in letters that a database takes."""
    place = file.name if file == folder else str(file.relative_to(folder))
    return place.encode(errors="replace").decode()[-300:]


def _row(number: int, path: Path, text: str) -> Row:
    if not _can_be_stored(path):
        return Rejected(number, "its name is not in UTF-8, or is very long; rename it", text)
    try:
        return _track(number, path, read_tags(path), text)
    except NotAudio as error:
        return Rejected(number, str(error), text)


def _track(number: int, path: Path, tags: Tags, text: str) -> Row:
    title = values.known(tags.title)[:TITLE]
    artists = [name for said in tags.artists for name in values.names(said[:ARTIST], None)]
    if not title or not artists:
        return Rejected(number, "no title" if artists else NO_ARTIST, text)
    return TrackRow(
        line=number,
        title=title,
        artists=tuple(dict.fromkeys(artists)),
        album=values.known(tags.album)[:ALBUM] or None,
        year=_year(tags.year),
        duration_ms=values.duration(tags.seconds, 1000),
        genres=tuple(label for name in tags.genres if (label := values.known(name)[:LABEL])),
        ids=_ids(tags),
        source_id=file_id(path),
    )


def _can_be_stored(path: Path) -> bool:
    place = str(path.resolve())
    return len(place) <= LONGEST_PLACE and place.encode(errors="ignore").decode() == place


def _year(text: str) -> int | None:
    """People write all kinds of things into tags; what is no date says nothing."""
    try:
        return values.year(text)
    except Unreadable:
        return None


def _ids(tags: Tags) -> tuple[Id, ...]:
    found = (values.isrc(tags.isrc), values.musicbrainz(tags.musicbrainz))
    return tuple(pair for pair in found if pair)
