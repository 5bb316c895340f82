from __future__ import annotations

from jobs.registry import job
from jobs.services import Run
from listening.services import rolling_up


@job("listening.roll_up", queue="sync")
def roll_up(run: Run, listener_id: int) -> None:
    """Pack what changed of a listener's plays, so that the pictures are quick."""
    rolling_up.roll_up(listener_id=listener_id, at=run.clock(), report=run.progress)
