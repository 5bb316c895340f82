"""The worker is killed in the middle of an import, again and again: the rows are the same."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files import File
from django.db import connection

from jobs.models import Job
from listening.services import importing
from tests.factories import NOON, make_listener
from tests.listening.imports.exports import spotify, write

ROOT = Path(__file__).parents[3]
ROWS = 330
WORKER = """
import os, signal, sys, time, django
django.setup()
from jobs import services as jobs
from listening.services.importing import reading
reading.CHUNK = 20
stored = reading._store
chunks = 0
def store(*arguments):
    global chunks
    chunks += 1
    stored(*arguments)
    if chunks == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)  # after the rows, before the commit
reading._store = store
jobs.run_next(queue="imports")
"""


def history():
    """Plays, one in eleven of which cannot be read, and some of which are told twice."""
    plays = [
        spotify(
            ts=f"2024-{1 + n // 28:02}-{1 + n % 28:02}T{n % 24:02}:03:20Z" if n % 11 else None,
            master_metadata_track_name=f"Track {n % 50}",
            spotify_track_uri=None,
        )
        for n in range(ROWS)
    ]
    return plays + plays[:50]


def rows(listener):
    return list(
        listener.plays.order_by("started_at", "track__title").values_list(
            "track__title", "track__artist__name", "started_at", "ms_played", "skipped", "source"
        )
    )


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_killed_again_and_again_it_ends_with_the_same_rows(tmp_path):
    path = write(tmp_path / "export.json", history())
    calm = make_listener()
    import_ = importing.open_import(listener=calm, path=path, at=NOON)
    undisturbed = importing.read_import(import_, path, at=NOON)
    killed = make_listener()
    with path.open("rb") as file:
        uploaded = importing.start_import(listener=killed, file=File(file), at=NOON)
    Job.objects.update(max_tries=10)

    for chunks in (1, 4, 6):
        assert let_worker_work(tmp_path, chunks) == -signal.SIGKILL
        uploaded.refresh_from_db()
        read = uploaded.counts.get("rejected", 0) + uploaded.counts.get("known", 0)
        assert uploaded.position == sum(uploaded.counts.values()) == killed.plays.count() + read
    assert let_worker_work(tmp_path, 0) == 0

    uploaded.refresh_from_db()
    assert (uploaded.state, uploaded.position) == ("done", undisturbed.position)
    assert uploaded.counts["rejected"] == undisturbed.counts["rejected"]
    assert uploaded.rows.count() == undisturbed.rows.count()
    assert rows(killed) == rows(calm)


def let_worker_work(folder, chunks):
    """Let a worker do what is due, and kill it in the chunk of this number; return how it ended."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}"
    env = {"DATABASE_URL": f"{address}/{database['NAME']}", "DATA_DIR": str(folder)}
    worker = [sys.executable, "-c", WORKER, str(chunks)]
    return subprocess.run(worker, cwd=ROOT, env=os.environ | env, check=False).returncode
