from __future__ import annotations

from datetime import timedelta

from jobs.registry import job
from jobs.services import Run, run_command
from recommendations import pipeline, serving
from recommendations.services import mix_wishes, mixing, outcomes, training

MIXED_AT_ONCE, POSTED_AT_ONCE = 50, 1_000


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
    """Note what followed a list elsewhere; plays of a player that was offline come a day late."""
    at = run.clock()
    since = at - timedelta(days=2)
    plays = outcomes.credit_plays(since=since, at=at)
    opinions = outcomes.credit_opinions(since=since, at=at)
    return f"{plays} plays and {opinions} opinions followed a list."


@job("recommendations.forget_slates", queue="sync", every=timedelta(days=1))
def forget_slates(run: Run) -> str:
    """Delete the lists that are older than 90 days."""
    return f"{outcomes.forget_slates(at=run.clock())} lists are forgotten."


@job("recommendations.forget_lost", queue="sync", every=timedelta(days=1))
def forget_lost(run: Run) -> str:
    """Delete the arrays in storage that belong to no version of the model."""
    return f"{len(pipeline.forget_lost(at=run.clock()))} folders of no version are deleted."


@job("recommendations.make_mixes", queue="sync", every=timedelta(minutes=15))
def make_mixes(run: Run) -> str:
    """Make the mixes of everybody whose morning is near, then post what is wanted by mail."""
    made = 0
    try:
        while now_made := mixing.make_due(at=run.clock(), n=MIXED_AT_ONCE):
            made += now_made
            run.progress(0.5, f"{made} listeners")
    except serving.NoModel:
        return "There is no model yet."
    posted = mix_wishes.mail_discoveries(at=run.clock(), n=POSTED_AT_ONCE)
    return f"{made} listeners have mixes, {posted} mails are posted."
