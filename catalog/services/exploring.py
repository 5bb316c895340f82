"""When the catalogue is explored anew; `catalog.pipeline` does it, in a process of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from catalog.models import Exploration
from catalog.pipeline.marks import catalogue_mark
from jobs import services as jobs
from jobs.models import Job

JOB = "catalog.explore"
LATER = timedelta(minutes=2)  # a curator seldom changes one thing only


def ask_for_exploration(*, at: datetime) -> Job:
    """Let the catalogue be explored soon: call it after every change to tracks, genres or sounds.

    However often it is called, the work is done once. The very first time it is done at once.
    """
    first = not Exploration.objects.exists()
    return jobs.enqueue(JOB, unique=JOB, due=at if first else at + LATER)


def is_out_of_date() -> bool:
    """Say whether the catalogue has changed since it was explored."""
    last = Exploration.objects.of(None).values_list("mark", flat=True).first()
    return last != catalogue_mark()
