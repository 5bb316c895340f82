from __future__ import annotations

from jobs.registry import job
from jobs.services import Run


@job("listening.roll_up", queue="sync")
def roll_up(run: Run, listener_id: int) -> None:
    """Nothing is counted beforehand yet: the days that changed stay marked."""
