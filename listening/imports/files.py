"""What was uploaded, as the files in it: one file, a folder, or a zip archive.

Nothing of an archive is ever written to the disk under a name of its own. What is wrong with an
archive (or made to do harm) is said before any of it is read.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from listening.imports.rows import Refused

MOST_FILES = 5_000
MOST_BYTES = 8 << 30  # of all files of an archive, unpacked
MOST_RATIO = 250  # an export of plays packs 10 to 40 times smaller
SMALL = 1 << 20  # a file this small may be packed as tightly as it likes
BUFFER = 1 << 20

# What people pick by mistake, by its first bytes.
OTHER_KINDS = (
    (b"\x1f\x8b", "compressed (gzip); unpack it first"),
    (b"BZh", "compressed (bzip2); unpack it first"),
    (b"\xfd7zXZ", "compressed (xz); unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it, or pack it as zip"),
    (b"Rar!", "a RAR archive; unpack it, or pack it as zip"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database; export its plays as JSON or CSV"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet; save it as CSV"),
    (b"ID3", "a piece of music"),
)
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<svg")
HEAD = 1024  # bytes by which a kind is known


@dataclass(frozen=True)
class Part:
    """One file of what was uploaded. `name` is its path inside."""

    name: str
    size: int
    path: Path
    info: zipfile.ZipInfo | None = None

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """:raises Refused: while it is read, where it turns out to be damaged"""
        try:
            if self.info is None:
                with self.path.open("rb", buffering=BUFFER) as file:
                    yield file
            else:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.info) as packed:
                    yield packed
        except (zipfile.BadZipFile, EOFError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
            raise Refused(f"“{self.name}” in the archive is damaged. Download it again.") from error

    def head(self) -> bytes:
        with self.open() as file:
            return file.read(HEAD)


def parts_of(path: Path) -> list[Part]:
    """Return the files in what was uploaded, in an order that is always the same.

    :raises Refused: if it is not there, or an archive that we do not open
    """
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
        return [Part(str(one.relative_to(path)), one.stat().st_size, one) for one in files]
    if not path.is_file():
        raise Refused(f"There is no file “{path.name}”.")
    if not zipfile.is_zipfile(path):
        return [Part(path.name, path.stat().st_size, path)]
    return _parts_of_archive(path)


def other_kind(head: bytes) -> str:
    """Return what a file plainly is, if it is nothing that holds plays; else nothing."""
    if not head.strip():
        return "empty"
    for magic, kind in OTHER_KINDS:
        if head.startswith(magic):
            return kind
    if head.lstrip().lower().startswith(MARKUP):
        return "a web page, not an export: the download went wrong"
    return ""


def _parts_of_archive(path: Path) -> list[Part]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError) as error:
        raise Refused("The archive is damaged, or cut off. Download it again.") from error
    _check_whole(infos)
    for info in infos:
        _check(info)
    infos.sort(key=lambda info: (info.filename, info.header_offset))
    parts = [Part(info.filename, info.file_size, path, info) for info in infos]
    return [part for part in parts if not part.name.startswith("__MACOSX/")]


def _check_whole(infos: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if len(infos) > MOST_FILES:
        raise Refused(f"The archive holds {len(infos):,} files; we open up to {MOST_FILES:,}.")
    if unpacked > MOST_BYTES:
        raise Refused("Unpacked, the archive would be larger than 8 GB: we do not open it.")
    if unpacked > SMALL and unpacked > packed * MOST_RATIO:
        raise Refused(
            f"The archive would unpack to more than {MOST_RATIO} times its size: no export does."
        )


def _check(info: zipfile.ZipInfo) -> None:
    name = info.filename
    if info.flag_bits & 0x1:
        raise Refused("The archive is locked with a password. Pack it without one.")
    if _leads_outside(name) or stat.S_ISLNK(info.external_attr >> 16):
        raise Refused("The archive holds a name that leads outside of it: we do not open it.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("The archive is packed in a way that we cannot open. Pack it as a plain zip.")
    if info.file_size > SMALL and info.file_size > info.compress_size * MOST_RATIO:
        raise Refused(
            f"“{name}” would unpack to more than {MOST_RATIO} times its size: no export does."
        )
    if PurePosixPath(name).suffix.lower() in (".zip", ".rar", ".7z", ".gz", ".tar"):
        raise Refused(f"The archive holds another one, “{name}”. Bring that by itself.")


def _leads_outside(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return ".." in parts or name.startswith(("/", "\\")) or bool(PureWindowsPath(name).drive)
