"""How an import ends early, goes on, or is undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jobs import services as jobs
from jobs.models import Job
from listening import playlist_keeper
from listening.models import Import
from listening.models.imports import OPEN
from listening.services.bringing import take_corrections_back, take_mutes_back
from listening.services.importing.starting import READ, subject, survey_of
from listening.services.opinions import take_back
from listening.services.undoing import siblings_of, undo_import

UNDO = "listening.undo_import"
OVER = (Import.State.DONE, Import.State.CANCELLED)


class NotNow(Exception):
    """A refusal whose message may be shown as it stands."""


@transaction.atomic
def cancel(*, import_: Import, at: datetime) -> None:
    """Read no further. What is in stays, until the import is undone.

    :raises NotNow: if it is over already
    """
    job = _last_job(import_)
    not_over = Import.objects.filter(pk=import_.pk, state__in=(*OPEN, Import.State.ASKING))
    if not not_over.update(state=Import.State.CANCELLED, finished_at=at):
        raise NotNow(_("This import is over already."))
    if job is not None:
        jobs.cancel(job, at=at)
    import_.refresh_from_db()


@transaction.atomic
def choose_profile(*, import_: Import, folder: str, at: datetime) -> None:
    """Read this one of the profiles that an export of ours holds.

    :raises NotNow: if that is not asked, or there is no such profile
    """
    looked = survey_of(import_)
    if folder not in {profile.folder for profile in looked.profiles}:
        raise NotNow(_("There is no such profile in it."))
    looked = looked.in_folder(folder)
    asking = Import.objects.filter(pk=import_.pk, state=Import.State.ASKING)
    if not asking.update(survey=looked.as_json(), total=looked.total, state=Import.State.WAITING):
        raise NotNow(_("A profile was chosen already."))
    import_.refresh_from_db()
    jobs.enqueue(READ, import_.pk, subject=subject(import_))


def has_broken_off(import_: Import) -> bool:
    """Whether nobody goes on by themselves: the job has used up its tries."""
    is_under_way = import_.is_open or import_.state == Import.State.UNDOING
    job = _last_job(import_) if is_under_way else None
    return job is not None and not job.is_live


def resume(*, import_: Import, at: datetime) -> None:
    """Go on where reading, or undoing, broke off.

    :raises NotNow: if it did not
    """
    job = _last_job(import_)
    if job is None or not has_broken_off(import_):
        raise NotNow(_("This import is being read, or is over."))
    try:
        jobs.retry(job, at=at)
    except jobs.NotRetried as error:
        raise NotNow(_("This import is being read, or is over.")) from error


@transaction.atomic
def ask_to_undo(*, import_: Import, at: datetime) -> None:
    """Have a job take back all that the import brought.

    :raises NotNow: if it is still being read, or undone already
    """
    over = Import.objects.filter(pk=import_.pk, state__in=OVER)
    if not over.update(state=Import.State.UNDOING):
        raise NotNow(_("Only an import that is over can be undone, and only once."))
    jobs.enqueue(UNDO, import_.pk, subject=subject(import_))
    import_.refresh_from_db()


def undo(*, import_: Import, at: datetime, tell: Callable[[int], None] = lambda count: None) -> int:
    """Take back all that was said in the import, then its plays; return how many plays."""
    take_back(import_=import_)
    if keeper := playlist_keeper.keeper():
        keeper.take_back(import_=import_, at=at)
    take_mutes_back(import_=import_, listeners=siblings_of(import_.listener))
    take_corrections_back(import_=import_, at=at)
    return undo_import(import_=import_, at=at, tell=tell)


def _last_job(import_: Import) -> Job | None:
    name = UNDO if import_.state == Import.State.UNDOING else READ
    return Job.objects.about(subject(import_)).filter(name=name).order_by("-pk").first()
