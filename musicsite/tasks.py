from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from jobs.registry import job
from jobs.services import Run
from musicsite.own_data import exporting


@job("musicsite.export_data", queue="imports")
def export_data(run: Run, user_id: int) -> str:
    """Pack everything of a person; somebody who is gone by now needs nothing."""
    user = User.objects.filter(pk=user_id).first()
    export = user and exporting.export_data(user=user, at=run.clock(), report=run.progress)
    return f"{export.size} bytes" if export else "Nobody is there any more."


@job("musicsite.remove_exports", every=timedelta(hours=6))
def remove_exports(run: Run) -> dict[str, int]:
    return {"removed": exporting.remove_expired(at=run.clock())}
