from __future__ import annotations

from datetime import timedelta

from jobs.registry import job
from jobs.services import Run, run_command
from recommendations.services import training


@job(training.TRAIN, queue="train", every=timedelta(days=1))
def train(run: Run) -> str:
    """Train in a child process, so that nothing of it stays in the worker; once a day."""
    return run_command(run, "train")


@job("recommendations.train_if_due", queue="sync", every=timedelta(minutes=5), atomic=True)
def train_if_due(run: Run) -> str:
    """Look whether enough has been learnt since the last training."""
    asked = training.train_if_due(at=run.clock())
    return "A training was asked for." if asked else ""
