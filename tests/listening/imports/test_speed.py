"""A million plays in a minute and a half, within 400 MB, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from listening.models import Import, Play
from tests.factories import make_listener
from tests.listening.imports.big_export import write_spotify_export

ROOT = Path(__file__).parents[3]
PLAYS = int(os.environ.get("PLAYS", 1_000_000))
SECONDS = 90
MEGABYTES = 400

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


@pytest.mark.prove
@pytest.mark.postgres
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_a_million_plays_are_read_in_time_and_in_little_memory(tmp_path):
    path = write_spotify_export(tmp_path / "my_spotify_data.zip", PLAYS)
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
    seconds, busy, megabytes = json.loads(done.stderr.splitlines()[-1])
    sys.stdout.write(f"{PLAYS:,} plays: {seconds:.0f} s ({busy:.0f} busy), {megabytes:.0f} MB\n")
    assert sum(Import.objects.get().counts.values()) == PLAYS
    assert Play.objects.count() == PLAYS - Import.objects.get().counts.get("known", 0)
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


def _address():
    settings = connection.settings_dict
    return f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
