from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from recommendations import pipeline


class Command(BaseCommand):
    help = "Train a model on everything that may teach, and make it the live one"

    def handle(self, **options: Any) -> str:
        try:
            row = pipeline.train(at=now(), progress=self.say)
        except pipeline.NothingToTrainOn as error:
            raise CommandError(str(error)) from error
        return f"Model {row.pk} learnt from {row.data['listeners']:,} listeners."

    def say(self, share: float, words: str) -> None:
        self.stdout.write(f"{share:4.0%}  {words}")
