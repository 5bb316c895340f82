from __future__ import annotations

import json
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now
from tqdm import tqdm

from catalog.imports.formats import AUTO, FORMATS
from catalog.imports.rows import Refused
from catalog.models import TrackImport
from catalog.services import importing


class Command(BaseCommand):
    help = (
        "Read tracks from a file or folder. Broken off, it goes on where it was when called again"
    )
    requires_system_checks = ()  # they load the whole site, which takes more memory than the import

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("format", choices=[AUTO, *FORMATS])
        parser.add_argument("path", type=Path)
        parser.add_argument("--json", action="store_true", help="print the accounting as JSON")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            type=_pair,
            metavar="OURS=THEIRS",
            help="which column of the file says what, where we would not know it",
        )
        parser.add_argument(
            "--no-train",
            action="store_true",
            help="keep these values out of what the shared model learns from",
        )

    def handle(self, *, path: Path, **options: Any) -> str:
        try:
            track_import = importing.open_import(
                path,
                format_=options["format"],
                columns=dict(options["column"]),
                may_train=not options["no_train"],
                at=now(),
            )
            self._read(track_import, path, quiet=options["verbosity"] == 0)
        except (Refused, importing.Stopped) as error:
            raise CommandError(str(error)) from error
        return _told(track_import, as_json=options["json"])

    def _read(self, track_import: TrackImport, path: Path, *, quiet: bool) -> None:
        with tqdm(
            total=track_import.total, initial=track_import.position, unit=" rows", file=self.stderr,
            disable=quiet or not self.stderr.isatty(), ascii=True, dynamic_ncols=True,
        ) as bar:  # fmt: skip
            importing.import_file(
                track_import,
                path,
                at=now(),
                progress=lambda done, total: bar.update(done - bar.n),
            )


def _pair(text: str) -> tuple[str, str]:
    ours, equals, theirs = text.partition("=")
    if not equals or not ours or not theirs:
        raise ArgumentTypeError("write it as ours=theirs")
    return ours.strip(), theirs.strip()


def _told(track_import: TrackImport, *, as_json: bool) -> str:
    told = {
        "import": track_import.pk,
        "file": track_import.name,
        "format": track_import.format,
        "rows": track_import.position,
        **track_import.counts,
    }
    if as_json:
        return json.dumps(told)
    counts = ", ".join(f"{count:,} {fate}" for fate, count in track_import.counts.items())
    return f"{track_import.position:,} rows read: {counts}"
