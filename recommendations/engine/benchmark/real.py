"""The four real sets, one table each: `python -m recommendations.engine.benchmark.real`.

The data lie outside the project: in the folder given, or `SEGUE_TEST_DATA`, or `../shared/data`.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from recommendations.engine.benchmark import options
from recommendations.engine.benchmark.data import Data, split_rows
from recommendations.engine.benchmark.files import Rows, read_lines
from recommendations.engine.benchmark.measure import measure
from recommendations.engine.benchmark.output import Measured, told
from recommendations.engine.benchmark.peers import MODELS
from recommendations.engine.benchmark.report import as_json, as_table

N = 20


@dataclass(frozen=True)
class RealSet:
    place: str  # within the folder of the data
    lines: Callable[[Path], Iterable[bytes]]


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as lines:
        yield from lines


def _without_head(path: Path) -> Iterator[bytes]:
    lines = _lines(path)
    next(lines)
    return lines


def _playlists(path: Path) -> Iterator[bytes]:
    """Playlists stand for listeners; a track in two genres of one stands there once."""
    with path.open(encoding="utf-8", newline="") as table:
        pairs = {(row["playlist_id"], row["track_id"]) for row in csv.DictReader(table)}
    return (f"{playlist} {track}".encode() for playlist, track in sorted(pairs))


SETS: Mapping[str, RealSet] = {
    "hetrec": RealSet("hetrec2011-lastfm/user_artists.dat", _without_head),
    "taste-profile": RealSet("msd-taste-profile/10000_part.txt", _lines),
    "top-users": RealSet("msd-taste-profile/topUsers_10000.txt", _lines),
    "playlists": RealSet("spotify-songs-tidytuesday/spotify_songs.csv", _playlists),
}


def rows_of(name: str, folder: Path) -> Rows:
    return read_lines(SETS[name].lines(folder / SETS[name].place))


def missing(name: str, folder: Path) -> bool:
    """Whether the set is not there, which is said: the data do not come with the project."""
    path = folder / SETS[name].place
    if not path.is_file():
        sys.stdout.write(f"No data of {name}: there is no {path}. Nothing is measured on it.\n")
    return not path.is_file()


def data_folder() -> Path:
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    return Path(os.environ.get("SEGUE_TEST_DATA", beside))


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    return told(partial(_all_measured, asked), asked.json)


def _all_measured(asked: argparse.Namespace) -> Measured:
    found: dict[str, Any] = {}
    for name in asked.sets:
        if not missing(name, asked.folder):
            found[name] = _measured(name, asked)
    failed = [model for one in found.values() for model in one["models"] if "error" in model]
    return (1 if failed else 0), found


def _measured(name: str, asked: argparse.Namespace) -> Any:
    rows = rows_of(name, asked.folder)
    split = split_rows(rows, method="user", share=0.2, seed=asked.seed)
    data = Data(split, {name: rows.bad}, {name: rows.silent})
    models = [measure(model, split, n=N, seed=asked.seed) for model in asked.models]
    sys.stdout.write(f"\n### {name}\n\n{as_table(data, models, n=N, seed=asked.seed)}\n")
    sys.stdout.flush()
    return as_json(data, models, n=N, seed=asked.seed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure the models on the four real sets.")
    parser.add_argument("folder", type=Path, nargs="?", default=data_folder())
    parser.add_argument(
        "--sets", type=options.names_among(SETS), default=list(SETS), help=",".join(SETS)
    )
    parser.add_argument(
        "--models", type=options.names_among(MODELS), default=list(MODELS), help=",".join(MODELS)
    )
    parser.add_argument("--seed", type=options.seed, default=0)
    parser.add_argument("--json", type=Path, metavar="OUT")
    return parser


if __name__ == "__main__":
    sys.exit(main())
