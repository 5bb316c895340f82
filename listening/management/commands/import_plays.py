from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now
from tqdm import tqdm

from accounts.models import Listener
from listening.imports.formats import AUTO, FORMATS
from listening.imports.msd_taste import NAME as MSD_TASTE
from listening.imports.rows import Refused
from listening.models import Import
from listening.services import importing


class Command(BaseCommand):
    help = (
        "Read plays and feedback from an export: a file, a folder or a zip. "
        "Broken off, it goes on where it was when called again"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--listener",
            metavar="EMAIL[/HANDLE]",
            help=f"whose it is; not for {MSD_TASTE}, which makes a listener for each of its users",
        )
        parser.add_argument("--format", choices=[AUTO, *FORMATS, MSD_TASTE], default=AUTO)
        parser.add_argument(
            "--profile",
            default="",
            help="which profile of an export of Segue, by handle or name; without it, the first",
        )
        parser.add_argument("--json", action="store_true", help="print the accounting as JSON")

    def handle(self, *, path: Path, **options: Any) -> str:
        self.quiet = options["verbosity"] == 0 or not self.stderr.isatty()
        try:
            told = self._import(path, options["listener"], options["format"], options["profile"])
        except (Refused, importing.Stopped) as error:
            raise CommandError(str(error)) from error
        return json.dumps(told) if options["json"] else _in_words(told)

    def _import(self, path: Path, whose: str | None, format_: str, profile: str) -> dict[str, Any]:
        if format_ == MSD_TASTE:
            return self._tastes(path)
        listener = _listener(whose)
        import_ = importing.open_import(
            listener=listener, path=path, format_=format_, profile=profile, at=now()
        )
        with self._bar(import_.total, import_.position) as bar:
            importing.read_import(
                import_, path, at=now(), progress=lambda done, total: bar.update(done - bar.n)
            )
        return _told(import_)

    def _tastes(self, path: Path) -> dict[str, Any]:
        with self._bar(None, 0) as bar:
            counts = importing.import_tastes(path=path, at=now(), progress=bar.update)
        return {"file": path.name, "format": MSD_TASTE, **counts}

    def _bar(self, total: int | None, done: int) -> tqdm[Any]:
        return tqdm(
            total=total, initial=done, unit=" rows", file=self.stderr, disable=self.quiet,
            ascii=True, dynamic_ncols=True,
        )  # fmt: skip


def _listener(whose: str | None) -> Listener:
    """The profile of this handle; without one, the user's first.

    :raises CommandError: if there is none
    """
    if whose is None:
        raise CommandError("Say whose it is: --listener EMAIL or --listener EMAIL/HANDLE")
    email, _, handle = whose.partition("/")
    found = Listener.objects.filter(user__email__iexact=email).select_related("user")
    listener = (found.filter(handle=handle) if handle else found).order_by("pk").first()
    if listener is None:
        raise CommandError(f"There is no profile {whose}.")
    return listener


def _told(import_: Import) -> dict[str, Any]:
    return {
        "import": import_.pk,
        "file": import_.file_name,
        "format": import_.format,
        "rows": import_.position,
        "counts": import_.counts,
        "profile": import_.profile_name,
        "profiles": [profile["name"] for profile in import_.profiles],
    }


def _in_words(told: dict[str, Any]) -> str:
    counts = ", ".join(f"{count:,} {fate}" for fate, count in told["counts"].items())
    read = f"{told['rows']:,} rows read: {counts}"
    if not told.get("profiles"):
        return read
    several = f"{len(told['profiles'])} profiles: {', '.join(told['profiles'])}"
    return f"{read}\nIt holds {several}. Read was {told['profile']}; choose with --profile NAME"
