from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from catalog.services import showing
from catalog.services.exploring import ask_for_exploration
from catalog.services.indexing import index_later


class Command(BaseCommand):
    help = "Choose anew which source's values each track shows; call it after BELIEVE_FIRST changed"

    def handle(self, **options: Any) -> str:
        count = showing.refresh_all()
        index_later()
        ask_for_exploration(at=now())
        return f"{count:,} {'track shows' if count == 1 else 'tracks show'} what is believed first."
