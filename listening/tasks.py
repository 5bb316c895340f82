from __future__ import annotations

from jobs.registry import job
from jobs.services import Run
from listening.imports.rows import Refused
from listening.models import Import
from listening.services import importing, rolling_up


@job("listening.roll_up", queue="sync")
def roll_up(run: Run, listener_id: int) -> None:
    """Pack what changed of a listener's plays, so that the pictures are quick."""
    rolling_up.roll_up(listener_id=listener_id, at=run.clock(), report=run.progress)


@job("listening.read_import", queue="imports", refusals=(Refused, importing.Stopped))
def read_import(run: Run, import_id: int, profile: str | None = "") -> dict[str, int]:
    import_ = Import.objects.select_related("listener").get(pk=import_id)
    return importing.run(import_, job=run, profile=profile)


@job("listening.undo_import", queue="imports")
def undo_import(run: Run, import_id: int) -> dict[str, int]:
    import_ = Import.objects.select_related("listener").get(pk=import_id)
    plays = importing.undo(
        import_=import_, at=run.clock(), tell=lambda count: run.progress(0, f"{count} plays")
    )
    return {"plays": plays}
