"""`python -m recommendations.engine.benchmark --train FILE [--test FILE] ...`"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from recommendations.engine.benchmark.data import load
from recommendations.engine.benchmark.files import UnusableDataError
from recommendations.engine.benchmark.measure import measure
from recommendations.engine.benchmark.peers import MODELS
from recommendations.engine.benchmark.report import as_json, as_table


def main(arguments: Sequence[str] | None = None) -> int:
    asked = parser().parse_args(arguments)
    try:
        data = load(
            asked.train, asked.test, method=asked.split, share=asked.test_share, seed=asked.seed
        )
    except UnusableDataError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    summary = data.summary()
    models = [measure(name, data.split, n=asked.n, seed=asked.seed) for name in asked.models]
    sys.stdout.write(as_table(summary, models, n=asked.n, seed=asked.seed) + "\n")
    if asked.json:
        found = as_json(summary, models, n=asked.n, seed=asked.seed)
        try:
            asked.json.write_text(json.dumps(found, indent=1) + "\n")
        except OSError as error:
            sys.stderr.write(f"{asked.json}: {error.strerror}\n")
            return 2
    return 0 if all("error" not in model.figures for model in models) else 1


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m recommendations.engine.benchmark",
        description="Measure the models on a file of interactions: "
        "`user item [weight [unix time]]`, one a line.",
    )
    parser.add_argument("--train", type=Path, required=True, help="what to learn from")
    parser.add_argument("--test", type=Path, help="what to ask for; else a part of --train")
    parser.add_argument("--split", choices=["user", "time"], default="user")
    parser.add_argument("--test-share", type=_share, default=0.2)
    parser.add_argument("--models", type=_models, default=list(MODELS), help=",".join(MODELS))
    parser.add_argument("--n", type=_count, default=20, help="the length of a list")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, metavar="OUT")
    return parser


def _models(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = sorted(set(names) - set(MODELS))
    if unknown or not names:
        raise argparse.ArgumentTypeError(
            f"unknown: {', '.join(unknown)}; known: {', '.join(MODELS)}"
        )
    return names


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError("between 0 and 1")
    return share


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count


if __name__ == "__main__":
    sys.exit(main())
