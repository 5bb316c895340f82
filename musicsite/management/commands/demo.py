from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from catalog.models import Exploration
from catalog.pipeline.exploring import explore
from musicsite.demo.known import LOGINS
from musicsite.demo.load.clear import WorldInUse, clear
from musicsite.demo.load.world import OthersAreHere, is_loaded, load_world
from recommendations import pipeline
from recommendations.models import ModelVersion


class Command(BaseCommand):
    help = "Load the fictional demo world and train the first model; run again, it changes nothing"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--force",
            action="store_true",
            help="load it on a site on the internet, or beside real music",
        )
        parser.add_argument("--remove", action="store_true", help="take the demo world out again")

    def handle(self, *, force: bool, remove: bool, **options: Any) -> str:
        try:
            return self.remove() if remove else self.load(force=force)
        except OthersAreHere as error:
            raise CommandError(
                f"{error} To load the demo world beside them, add --force."
            ) from error
        except WorldInUse as error:
            raise CommandError(str(error)) from error

    def remove(self) -> str:
        clear()
        return "The demo world is gone. Train again, so that the model forgets it."

    def load(self, *, force: bool) -> str:
        if is_loaded():
            self.stdout.write("The demo world is here already.")
        else:
            self.refuse_on_the_internet(force=force)
            load_world(at=now(), tell=self.stdout.write, beside_others=force)
        if not ModelVersion.objects.live().exists():
            self.stdout.write("Training the first model")
            pipeline.train(at=now(), progress=self.say)
        if not Exploration.objects.exists():
            self.stdout.write("Exploring the catalogue")
            explore(at=now(), progress=lambda share, words: None)
        return LOGINS

    def refuse_on_the_internet(self, *, force: bool) -> None:
        if settings.HTTPS and not force:
            raise CommandError(
                "This site is set up for the internet (HTTPS is on), and the demo world has two "
                "logins with a password that is known to all. To load it all the same, add --force."
            )

    def say(self, share: float, words: str) -> None:
        self.stdout.write(f"{share:4.0%}  {words}")
