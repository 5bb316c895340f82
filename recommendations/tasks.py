from __future__ import annotations

from datetime import timedelta

from jobs.registry import job
from jobs.services import Run, run_command
from jobs.services.commands import CommandFailed


@job("recommendations.train", queue="train", every=timedelta(days=1), refusals=(CommandFailed,))
def train(run: Run) -> str:
    """Train in a child process, so that nothing of it stays in the worker; once a day."""
    return run_command(run, "train")
