from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from musicsite.groups import GRANTS, ensure_groups


class Command(BaseCommand):
    help = "Make the groups of the staff, or bring them up to date; run it after migrate"

    def handle(self, **options: Any) -> str:
        ensure_groups()
        return f"Groups: {', '.join(GRANTS)}."
