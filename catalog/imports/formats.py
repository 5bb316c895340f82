"""All formats, in one place. To add one, write its file beside this and name it here."""

from __future__ import annotations

from pathlib import Path

from catalog.imports.audio import Audio
from catalog.imports.kaggle_hits import KAGGLE_HITS
from catalog.imports.kaggle_spotify import KAGGLE_SPOTIFY
from catalog.imports.kaggle_tracks import KAGGLE_TRACKS
from catalog.imports.msd_hdf5 import MsdHdf5
from catalog.imports.msd_tracks import MsdTracks
from catalog.imports.own_csv import OWN_CSV
from catalog.imports.rows import Format, Refused
from catalog.imports.tidytuesday import TIDYTUESDAY

AUTO, AUDIO = "auto", "audio"
# In the order in which `auto` asks them; our own, which takes any table, comes last.
FORMATS: dict[str, Format] = {
    format_.name: format_
    for format_ in (
        MsdHdf5(),
        Audio(),
        MsdTracks(),
        KAGGLE_SPOTIFY,
        KAGGLE_TRACKS,
        KAGGLE_HITS,
        TIDYTUESDAY,
        OWN_CSV,
    )
}


def find_format(name: str, path: Path) -> Format:
    """Return the format of this name; for "auto" the one that knows the file.

    :raises Refused: if there is none
    """
    if not path.exists():
        raise Refused(f"There is no file “{path.name}”.")
    if name != AUTO:
        return FORMATS[name]
    for format_ in FORMATS.values():
        if _can_open(format_, path) and format_.knows(path):
            return format_
    raise Refused("This is no file that we can read.")


def _can_open(format_: Format, path: Path) -> bool:
    """A folder is no table, and a table is no HDF5 file."""
    return path.is_file() or format_.name in FOLDERS


FOLDERS = frozenset(("msd-hdf5", AUDIO))
