"""`python -m recommendations.engine.benchmark --train FILE [--test FILE] ...`"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from recommendations.engine.benchmark import options
from recommendations.engine.benchmark.data import load
from recommendations.engine.benchmark.files import UnusableDataError
from recommendations.engine.benchmark.measure import measure
from recommendations.engine.benchmark.output import Measured, told
from recommendations.engine.benchmark.peers import MODELS
from recommendations.engine.benchmark.report import (
    as_json,
    as_table,
    bad_lines_in_words,
    unusable_as_json,
)

LONGEST = 1_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    return told(partial(_measured, asked), asked.json)


def _measured(asked: argparse.Namespace) -> Measured:
    try:
        data = load(
            asked.train,
            asked.test,
            method=asked.split or "user",
            share=asked.test_share or 0.2,
            seed=asked.seed,
        )
    except UnusableDataError as error:
        sys.stderr.write("\n".join([str(error), *bad_lines_in_words(error.bad_lines), ""]))
        return 2, unusable_as_json(error)
    models = [measure(name, data.split, n=asked.n, seed=asked.seed) for name in asked.models]
    sys.stdout.write(as_table(data, models, n=asked.n, seed=asked.seed) + "\n")
    code = 0 if all("error" not in model.figures for model in models) else 1
    return code, as_json(data, models, n=asked.n, seed=asked.seed)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    reader = parser()
    asked = reader.parse_args(arguments)
    if asked.json and asked.json.resolve() in {
        path.resolve() for path in (asked.train, asked.test) if path
    }:
        reader.error(f"argument --json: {asked.json} holds the data, and would be overwritten")
    if asked.test and (asked.split or asked.test_share):
        sys.stderr.write(
            "Note: with --test nothing is split; --split and --test-share do nothing.\n"
        )
    return asked


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m recommendations.engine.benchmark",
        description="Measure the models on a file of interactions: "
        "`user item [weight [unix time]]`, one a line, as text or packed by gzip. "
        "A weight below 0 speaks against the item, a weight of 0 says nothing.",
    )
    parser.add_argument("--train", type=Path, required=True, help="what to learn from")
    parser.add_argument("--test", type=Path, help="what to ask for; else a part of --train")
    parser.add_argument(
        "--split", choices=["user", "time"], help="without --test; user if not given"
    )
    parser.add_argument("--test-share", type=options.share, help="without --test; 0.2 if not given")
    parser.add_argument(
        "--models", type=options.names_among(MODELS), default=list(MODELS), help=",".join(MODELS)
    )
    parser.add_argument(
        "--n", type=options.whole(1, LONGEST), default=20, help="the length of a list"
    )
    parser.add_argument("--seed", type=options.seed, default=0)
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures there as well")
    return parser


if __name__ == "__main__":
    sys.exit(main())
