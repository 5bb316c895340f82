"""A million plays in a minute and a half, any large file in 400 MB: in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from listening.models import Import, Play
from tests.factories import make_listener
from tests.listening.imports.big_export import WRITERS, write_spotify_export

pytestmark = [
    pytest.mark.prove,
    pytest.mark.postgres,
    pytest.mark.timeout(900),
    pytest.mark.django_db(transaction=True),
]

ROOT = Path(__file__).parents[3]
PLAYS = int(os.environ.get("PLAYS", 1_000_000))
SECONDS = 90
MEGABYTES = 400
LARGE = 120 << 20  # bytes; all of it at once would not fit

MEASURED = """
import json, resource, sys, time, django
django.setup()
from django.core.management import call_command
started = time.monotonic()
call_command("import_plays", sys.argv[2], listener=sys.argv[1], json=True, verbosity=0)
seconds, busy = time.monotonic() - started, time.process_time()
megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
sys.stderr.write(json.dumps([seconds, busy, megabytes]))
"""


def bring_in(path):
    """Import a file in a process of its own; return its seconds, those at work, and megabytes."""
    listener = make_listener()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, f"{listener.user.email}/{listener.handle}", path],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": _address()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stderr.splitlines()[-1])


def test_a_million_plays_are_read_in_time_and_in_little_memory(tmp_path):
    path = write_spotify_export(tmp_path / "my_spotify_data.zip", PLAYS)

    seconds, busy, megabytes = bring_in(path)

    sys.stdout.write(f"{PLAYS:,} plays: {seconds:.0f} s ({busy:.0f} busy), {megabytes:.0f} MB\n")
    assert sum(Import.objects.get().counts.values()) == PLAYS
    assert Play.objects.count() == PLAYS - Import.objects.get().counts.get("known", 0)
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


@pytest.mark.parametrize("name", WRITERS)
def test_a_large_file_is_read_piece_by_piece(tmp_path, name):
    format_, write = WRITERS[name]
    plays = write(tmp_path / "export", LARGE)

    _seconds, _busy, megabytes = bring_in(tmp_path / "export")

    sys.stdout.write(f"{name}, {plays:,} plays: {megabytes:.0f} MB\n")
    done = Import.objects.get()
    assert (done.format, done.total, Play.objects.count()) == (format_, plays, plays)
    assert megabytes < MEGABYTES


def _address():
    settings = connection.settings_dict
    return f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
