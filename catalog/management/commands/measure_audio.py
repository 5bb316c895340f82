from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from catalog.models import AudioFile
from catalog.services import audio


class Command(BaseCommand):
    help = "Measure how one audio file sounds; a job does it for each file that was imported"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=int, help="the number of the file, as in the admin")

    def handle(self, *, file: int, **options: Any) -> str:
        try:
            measured = audio.measure_file(file, at=now(), tell=self.say)
        except AudioFile.DoesNotExist:
            raise CommandError(f"There is no audio file {file}.") from None
        except audio.NotMeasured as error:
            raise CommandError(str(error)) from error
        return f"{measured.name} is measured."

    def say(self, share: float, words: str) -> None:
        self.stdout.write(f"{share:4.0%}  {words}")
