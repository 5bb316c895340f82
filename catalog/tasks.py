from __future__ import annotations

from datetime import timedelta

from catalog.imports.rows import Refused
from catalog.models import TrackImport
from catalog.services import audio, exploring, importing, indexing
from jobs.registry import job
from jobs.services import Run, run_command
from jobs.services.commands import CommandFailed


@job("catalog.explore", queue="train", every=timedelta(hours=1), refusals=(CommandFailed,))
def explore(run: Run) -> str:
    """In a child process, so that nothing of it stays in the worker; every hour, if need be."""
    return run_command(run, "explore") if exploring.is_out_of_date() else "Nothing has changed."


@job("catalog.index", queue="sync")
def index(run: Run) -> dict[str, int]:
    return {"changed": indexing.index_all(tell=run.progress)}


@job("catalog.index_tracks", queue="sync")
def index_tracks(run: Run, ids: list[int]) -> dict[str, int]:
    return {"changed": indexing.index(tracks=ids)}


@job("catalog.import_tracks", queue="imports", refusals=(Refused, importing.Stopped))
def import_tracks(run: Run, track_import_id: int) -> dict[str, int]:
    return importing.run(TrackImport.objects.get(pk=track_import_id), job=run)


@job("catalog.measure_audio", queue="audio", refusals=(CommandFailed,))
def measure_audio(run: Run, file_id: int) -> str:
    """In a child process each, so that a file that breaks the decoder breaks nothing else."""
    try:
        return run_command(run, "measure_audio", str(file_id))
    except CommandFailed as error:
        audio.give_up(file_id, f"The program that measures it broke off: {error}")
        raise
