from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from catalog.services import indexing


class Command(BaseCommand):
    help = "Bring the search index in step with the catalogue; only what differs is written."

    def handle(self, **options: Any) -> str:
        changed = indexing.index_all()
        return f"{changed:,} {'entry' if changed == 1 else 'entries'} changed."
