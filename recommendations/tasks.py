from __future__ import annotations

from datetime import timedelta

from jobs.registry import job
from jobs.services import Run, run_command
from recommendations.services import outcomes, training


@job(training.TRAIN, queue="train", every=timedelta(days=1))
def train(run: Run) -> str:
    """Train in a child process, so that nothing of it stays in the worker; once a day."""
    return run_command(run, "train")


@job("recommendations.train_if_due", queue="sync", every=timedelta(minutes=5), atomic=True)
def train_if_due(run: Run) -> str:
    """Look whether enough has been learnt since the last training."""
    asked = training.train_if_due(at=run.clock())
    return "A training was asked for." if asked else ""


@job("recommendations.credit_plays", queue="sync", every=timedelta(hours=1))
def credit_plays(run: Run) -> str:
    """Note which plays followed a list; plays of a player that was offline come a day late."""
    at = run.clock()
    return f"{outcomes.credit_plays(since=at - timedelta(days=2), at=at)} plays followed a list."


@job("recommendations.forget_slates", queue="sync", every=timedelta(days=1))
def forget_slates(run: Run) -> str:
    """Delete the lists that are older than 90 days."""
    return f"{outcomes.forget_slates(at=run.clock())} lists are forgotten."
