"""The four real sets, one table each: `python -m recommendations.engine.benchmark.real`.

The data lie outside the project: in the folder given, or `SEGUE_TEST_DATA`, or `../shared/data`.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from recommendations.engine.benchmark.data import Data, split_rows, usable
from recommendations.engine.benchmark.files import Rows, read_lines
from recommendations.engine.benchmark.measure import measure
from recommendations.engine.benchmark.peers import MODELS
from recommendations.engine.benchmark.report import as_json, as_table


def _lines(path: Path, *, skip: int = 0) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines):
            if number >= skip:
                yield line


def _playlists(folder: Path) -> Iterator[str]:
    """Playlists stand for listeners; a track in two genres of one stands there once."""
    path = folder / "spotify-songs-tidytuesday" / "spotify_songs.csv"
    with path.open(encoding="utf-8", newline="") as table:
        pairs = {(row["playlist_id"], row["track_id"]) for row in csv.DictReader(table)}
    return (f"{playlist} {track}" for playlist, track in sorted(pairs))


SETS: Mapping[str, Callable[[Path], Iterable[str]]] = {
    "hetrec": lambda folder: _lines(folder / "hetrec2011-lastfm" / "user_artists.dat", skip=1),
    "taste-profile": lambda folder: _lines(folder / "msd-taste-profile" / "10000_part.txt"),
    "top-users": lambda folder: _lines(folder / "msd-taste-profile" / "topUsers_10000.txt"),
    "playlists": _playlists,
}


def rows_of(name: str, folder: Path) -> Rows:
    return read_lines(SETS[name](folder))


def data_folder() -> Path:
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    return Path(os.environ.get("SEGUE_TEST_DATA", beside))


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    if not asked.folder.is_dir():
        sys.stdout.write(f"No data in {asked.folder}: nothing measured.\n")
        return 0
    found = {}
    for name in asked.sets.split(","):
        rows = rows_of(name, asked.folder)
        split = usable(split_rows(rows, method="user", share=0.2, seed=asked.seed))
        summary = Data(split, {name: rows.bad_lines}).summary()
        models = [measure(model, split, n=20, seed=asked.seed) for model in asked.models.split(",")]
        sys.stdout.write(f"\n### {name}\n\n{as_table(summary, models, n=20, seed=asked.seed)}\n")
        sys.stdout.flush()
        found[name] = as_json(summary, models, n=20, seed=asked.seed)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure the models on the four real sets.")
    parser.add_argument("folder", type=Path, nargs="?", default=data_folder())
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, metavar="OUT")
    return parser


if __name__ == "__main__":
    sys.exit(main())
