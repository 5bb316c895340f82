from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from catalog.pipeline.exploring import explore


class Command(BaseCommand):
    help = "Explore the catalogue, for the pages of Explore; a job does it when tracks have changed"

    def handle(self, **options: Any) -> str:
        explored = explore(at=now(), progress=self.say)
        return f"The catalogue and {explored - 1:,} of its genres are explored."

    def say(self, share: float, words: str) -> None:
        self.stdout.write(f"{share:4.0%}  {words}")
