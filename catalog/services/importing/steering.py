"""What a curator may do with an upload while its job reads it, and after."""

from __future__ import annotations

from datetime import datetime

from catalog.models import TrackImport
from catalog.services.importing.starting import subject
from jobs import services as jobs
from jobs.models import Job, State

NOT_OVER = (TrackImport.State.WAITING, TrackImport.State.READING)


def job_of(track_import: TrackImport) -> Job | None:
    """The job that reads this upload; None for a file that a command read."""
    return Job.objects.about(subject(track_import)).order_by("-pk").first()


def stop(track_import: TrackImport, *, at: datetime) -> bool:
    """Have the reading stop at its next chunk; what was read stays. False: it was over."""
    job = job_of(track_import)
    if job is None or not jobs.cancel(job, at=at):
        return False
    if job.state == State.CANCELLED:  # it had not begun, so nobody else says so
        waiting = TrackImport.objects.filter(pk=track_import.pk, state__in=NOT_OVER)
        waiting.update(state=TrackImport.State.STOPPED)
    return True


def go_on(track_import: TrackImport, *, at: datetime) -> None:
    """Have it read from where it broke off.

    :raises jobs.NotRetried: if it is being read, or has been read to its end
    """
    job = job_of(track_import)
    if job is None:
        raise jobs.NotRetried("A command reads this file: call it again to go on.")
    jobs.retry(job, at=at)
    stopped = TrackImport.objects.filter(pk=track_import.pk, state=TrackImport.State.STOPPED)
    stopped.update(state=TrackImport.State.WAITING)
