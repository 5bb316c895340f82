import os
import signal
import time

from django.db import transaction

from jobs.registry import job
from tests.jobs.chaos import STEPS
from tests.jobs.chaos.models import Trace


@job("chaos.long", queue="imports")
def long(run):
    for step in range(run.position or 0, STEPS):
        with transaction.atomic():
            Trace.objects.create(job=run.job.pk, step=step)
            run.step(step + 1)
        run.progress(step / STEPS)
        time.sleep(0.05)


@job("chaos.short", atomic=True)
def short(run):
    Trace.objects.create(job=run.job.pk, step=0)
    time.sleep(0.02)


@job("chaos.poison")
def poison(run):
    os.kill(os.getpid(), signal.SIGKILL)
