from typing import Any

from django.core.management.base import BaseCommand

from jobs import services


class Command(BaseCommand):
    help = "Do all jobs that are due, in this process, without a worker or a broker"

    def handle(self, **options: Any) -> str:
        return f"Did {services.run_due()} jobs"
