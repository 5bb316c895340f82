"""Which files are audio, by the ends of their names, and what a browser is told of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath

MIME_TYPES = {
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
}
UNMEASURED = frozenset((".m4a",))  # it plays, but the decoder does not know it


def is_audio(path: PurePath | str) -> bool:
    return PurePath(path).suffix.casefold() in MIME_TYPES


def mime_type(path: PurePath | str) -> str:
    return MIME_TYPES[PurePath(path).suffix.casefold()]


def audio_files(folder: Path) -> Iterator[Path]:
    """Yield the audio files of a folder at any depth, or the one file, in a fixed order.

    Links are not followed out of the folder, and what begins with a dot is not music.
    """
    if folder.is_file():
        yield folder
        return
    inside = folder.resolve()
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if is_audio(path) and not hidden and path.is_file() and _lies_in(inside, path):
            yield path


def _lies_in(folder: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(folder)
