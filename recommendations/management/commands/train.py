from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from recommendations import pipeline
from recommendations.pipeline import AlreadyTraining, NothingToTrainOn


class Command(BaseCommand):
    help = "Train a model on everything that may teach; it goes live if it is good enough"

    def handle(self, **options: Any) -> str:
        try:
            row = pipeline.train(at=now(), progress=self.say, clock=now)
        except (NothingToTrainOn, AlreadyTraining) as reason:
            return f"Nothing was trained. {reason}"
        return f"Model {row.pk} is {row.get_state_display()}. {row.message}"

    def say(self, share: float, words: str) -> None:
        self.stdout.write(f"{share:4.0%}  {words}")
