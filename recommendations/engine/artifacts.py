"""A model as a folder of plain arrays that many processes share and nobody can damage unseen.

    <folder>/manifest.json   format, kind, parameters, counts, and SHA-256, dtype, shape, size of:
    <folder>/<name>.npy      one array each, opened with `mmap_mode="r"`, never pickled

The trainer publishes a folder to storage. Each machine adopts it: copies it to the local disk,
verifies every checksum once and makes it read-only. Opening an adopted folder reads headers only.
The manifest holds no clock, so the same arrays give the same bytes.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20
WORTH_MAPPING = 1 << 16  # bytes; a smaller array is read whole, a map costs more than it saves


class ArtifactError(Exception):
    """The folder is damaged, incomplete or of a version this release cannot read."""


@dataclass(frozen=True)
class File:
    sha256: str
    bytes: int
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Manifest:
    kind: str
    parameters: dict[str, Any]
    counts: dict[str, int]
    files: dict[str, File] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def checksum(self) -> str:
        """One SHA-256 for the whole artifact: equal exactly when every array and setting is."""
        return hashlib.sha256(_canonical(asdict(self)).encode()).hexdigest()

    def to_json(self) -> str:
        return _canonical({**asdict(self), "checksum": self.checksum})


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)


def publish(
    folder: Path,
    *,
    kind: str,
    arrays: Mapping[str, NDArray],
    parameters: Mapping[str, Any] | None = None,
    counts: Mapping[str, int] | None = None,
) -> Manifest:
    """Write the arrays beside `folder` and rename them into place: all there, or nothing.

    :raises FileExistsError: if `folder` is taken; a published artifact never changes
    :raises ValueError: for an array of objects, which only pickle could store
    """
    if folder.exists():
        raise FileExistsError(f"{folder} is already published")
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(folder)
    try:
        files = {name: _write(beside / f"{name}.npy", arrays[name]) for name in sorted(arrays)}
        manifest = Manifest(kind, dict(parameters or {}), dict(counts or {}), files)
        _write_text(beside / MANIFEST, manifest.to_json())
        _into_place(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """:raises ArtifactError: if it is missing, unreadable, altered or of another format"""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ArtifactError(f"Model “{folder.name}” has no manifest.") from None
    except (OSError, ValueError) as error:
        raise ArtifactError(f"The manifest of model “{folder.name}” cannot be read.") from error
    return _parsed(folder.name, found)


def _parsed(name: str, found: Any) -> Manifest:
    if not isinstance(found, dict):
        raise ArtifactError(f"The manifest of model “{name}” is damaged.")
    if found.get("format") != FORMAT:
        raise ArtifactError(
            f"Model “{name}” has format {found.get('format')}; this release reads {FORMAT}."
        )
    try:
        checksum = found.pop("checksum")
        files = {
            key: File(**{**value, "shape": tuple(value["shape"])})
            for key, value in found.pop("files").items()
        }
        manifest = Manifest(**found, files=files)
    except (KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(f"The manifest of model “{name}” is damaged.") from error
    if manifest.checksum != checksum:
        raise ArtifactError(f"The manifest of model “{name}” was altered.")
    return manifest


def verify(folder: Path) -> Manifest:
    """Read every byte once and compare; seconds for a large model.

    :raises ArtifactError: naming the first file that is not what was published
    """
    manifest = read_manifest(folder)
    for name, file in manifest.files.items():
        _check_size(folder, name, file)
        if _sha256(folder / f"{name}.npy") != file.sha256:
            raise ArtifactError(f"Model “{folder.name}” is damaged: {name}.npy was altered.")
    return manifest


def open_arrays(folder: Path) -> tuple[Manifest, dict[str, NDArray]]:
    """Map the arrays, read-only, after checking names, sizes, dtypes and shapes (not contents).

    :raises ArtifactError: if the folder is not what its manifest says
    """
    manifest = read_manifest(folder)
    return manifest, {name: _open(folder, name, file) for name, file in manifest.files.items()}


def adopt(source: Path, local_dir: Path) -> Path:
    """Copy a published artifact to this machine's disk, verify it, and return its folder there.

    Adopting what is already here copies nothing and makes it the latest again. Safe to call from
    several processes at once.

    :raises ArtifactError: if the copy is not, byte for byte, what was published
    """
    local_dir.mkdir(parents=True, exist_ok=True)
    target = local_dir / source.name
    with _one_at_a_time(local_dir):
        if not _is_here(source, target):
            _copy_verified(source, target)
        now = time.time_ns()  # the order of adoption on this machine; never part of the artifact
        os.utime(target / MANIFEST, ns=(now, now))
    return target


def forget(local_dir: Path, *, keep: Collection[str]) -> list[str]:
    """Delete what was adopted here and is not to be kept; return the names.

    Who has arrays of it open reads on. What a killed process had half copied goes too.
    """
    with _one_at_a_time(local_dir):
        gone = [path for path in local_dir.iterdir() if path.is_dir() and path.name not in keep]
        for path in gone:
            (path / MANIFEST).unlink(missing_ok=True)  # first, so that what is left is no artifact
            shutil.rmtree(path)
    return sorted(path.name for path in gone)


def latest_good(local_dir: Path, *, besides: Iterable[str] = ()) -> Path | None:
    """Return the last adopted artifact that still opens, or None when there is none."""
    refused = set(besides)
    manifests = sorted(
        local_dir.glob(f"*/{MANIFEST}"),
        key=lambda path: path.stat().st_mtime_ns,
        reverse=True,
    )
    return next(
        (path.parent for path in manifests if path.parent.name not in refused and _opens(path)),
        None,
    )


def pack_strings(strings: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return all strings as one UTF-8 blob, and where each starts and ends in it."""
    encoded = [string.encode() for string in strings]
    offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets


def unpack_strings(blob: NDArray[np.uint8], offsets: NDArray[np.int64]) -> list[str]:
    text = blob.tobytes()
    return [text[start:end].decode() for start, end in pairwise(offsets)]


def _opens(manifest: Path) -> bool:
    try:
        open_arrays(manifest.parent)
    except ArtifactError:
        return False
    return True


def _open(folder: Path, name: str, file: File) -> NDArray:
    _check_size(folder, name, file)
    mode: Literal["r"] | None = "r" if file.bytes > WORTH_MAPPING else None
    try:
        array = np.load(folder / f"{name}.npy", mmap_mode=mode, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise ArtifactError(f"Model “{folder.name}”: {name}.npy cannot be read.") from error
    if (array.dtype.str, array.shape) != (file.dtype, file.shape):
        raise ArtifactError(f"Model “{folder.name}”: {name}.npy is not the published array.")
    array.flags.writeable = False
    return np.asarray(array)


def _check_size(folder: Path, name: str, file: File) -> None:
    try:
        size = (folder / f"{name}.npy").stat().st_size
    except OSError:
        raise ArtifactError(f"Model “{folder.name}” is incomplete: no {name}.npy.") from None
    if size != file.bytes:
        raise ArtifactError(f"Model “{folder.name}” is damaged: {name}.npy has the wrong size.")


def _write(path: Path, array: NDArray) -> File:
    if array.dtype.hasobject:
        raise ValueError(f"{path.stem} holds objects; only plain arrays are stored")
    with path.open("wb") as stream:
        np.save(stream, np.ascontiguousarray(array).reshape(array.shape), allow_pickle=False)
        stream.flush()
        os.fsync(stream.fileno())
    return File(_sha256(path), path.stat().st_size, array.dtype.str, array.shape)


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _beside(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))


def _into_place(beside: Path, folder: Path) -> None:
    beside.chmod(0o755)
    _sync_folder(beside)
    beside.rename(folder)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _one_at_a_time(local_dir: Path) -> Iterator[None]:
    with (local_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_here(source: Path, target: Path) -> bool:
    """Only verified folders are ever renamed into place, so equal manifests are enough."""
    published = read_manifest(source)
    return _opens(target / MANIFEST) and read_manifest(target).checksum == published.checksum


def _copy_verified(source: Path, target: Path) -> None:
    beside = _beside(target)
    try:
        copy = _copy(source, beside / source.name)
        verify(copy)
        _make_read_only(copy)
        if target.exists():  # damaged, or other bytes under the same name
            target.rename(beside / "replaced")
        copy.rename(target)
        _sync_folder(target.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _copy(source: Path, target: Path) -> Path:
    names = [MANIFEST, *(f"{name}.npy" for name in read_manifest(source).files)]
    target.mkdir()
    for name in names:
        try:
            shutil.copyfile(source / name, target / name)
        except OSError as error:
            raise ArtifactError(f"Model “{source.name}” is incomplete: no {name}.") from error
    return target


def _make_read_only(folder: Path) -> None:
    for path in folder.iterdir():
        path.chmod(0o444)
    _sync_folder(folder)
