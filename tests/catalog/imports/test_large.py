"""The promises on large files, kept by the command itself in a process of its own."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from tests import services
from tests.catalog.big_files import write_kaggle_tracks

ROOT = Path(__file__).parents[3]
ROWS = 114_000
SECONDS, MEGABYTES = 40, 300
KILL_AT = 40_000  # rows

pytestmark = [pytest.mark.prove, pytest.mark.timeout(900)]

# All that a file says, by the names of things: keys differ from one run to the next.
CONTENTS = (
    "SELECT t.title, t.credit, t.year, t.duration_ms, t.is_explicit, t.match_key, t.search_text,"
    " a.name, b.title, g.name, f.tempo, f.energy, f.loudness, f.may_train FROM catalog_track t"
    " JOIN catalog_artist a ON a.id = t.artist_id LEFT JOIN catalog_album b ON b.id = t.album_id"
    " LEFT JOIN catalog_genre g ON g.id = t.genre_id"
    " LEFT JOIN catalog_featureset f ON f.id = t.features_id",
    "SELECT t.title, a.name, c.position, c.join_phrase FROM catalog_artistcredit c"
    " JOIN catalog_track t ON t.id = c.track_id JOIN catalog_artist a ON a.id = c.artist_id",
    "SELECT t.title, r.source, r.source_id, CAST(r.said AS TEXT) FROM catalog_trackrecord r"
    " JOIN catalog_track t ON t.id = r.track_id",
    "SELECT t.title, g.name, x.label FROM catalog_trackgenre x"
    " JOIN catalog_genre g ON g.id = x.genre_id JOIN catalog_track t ON t.id = x.track_id",
    "SELECT t.title, x.kind, x.value FROM catalog_externalid x"
    " JOIN catalog_track t ON t.id = x.track_id",
)
FATES = "SELECT line, fate FROM catalog_trackimportrow ORDER BY line"


class Site:
    """A database of its own, and the commands run on it."""

    def __init__(self, folder, url):
        self.url = url
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "musicsite.settings",
            "SECRET_KEY": "for-tests-only",
            "HTTPS": "off",
            "DATABASE_URL": url,
            "DATA_DIR": str(folder),
        }
        self.run("migrate", "--verbosity=0")

    def start(self, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, *arguments):
        """Return what it printed, and the megabytes it took at most."""
        with self.start(*arguments) as process:
            most = 0
            while process.poll() is None:
                most = max(most, megabytes_of(process.pid))
                time.sleep(0.02)
            printed, complaints = process.communicate()
        assert process.returncode == 0, complaints.decode()
        return printed.decode(), most

    def bring_in(self, path):
        printed, megabytes = self.run("import_tracks", "auto", str(path), "--json")
        return json.loads(printed.splitlines()[-1]), megabytes

    def bring_in_killed(self, path):
        with self.start("import_tracks", "auto", str(path)) as process:
            while self.position() < KILL_AT:
                assert process.poll() is None, process.stderr.read().decode()
                time.sleep(0.05)
            process.send_signal(signal.SIGKILL)
            process.communicate()
        return self.position()

    def position(self):
        rows = self.query("SELECT position FROM catalog_trackimport ORDER BY id DESC")
        return rows[0][0] if rows else 0

    def contents(self):
        return [sorted(map(repr, self.query(sql))) for sql in CONTENTS], self.query(FATES)

    def query(self, sql):
        with contextlib.closing(self._connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(sql)
            return cursor.fetchall()

    def _connect(self):
        if self.url.startswith("sqlite"):
            return sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=20)
        return psycopg2.connect(self.url)


def megabytes_of(pid):
    """The most it has taken so far (of a child, `ru_maxrss` counts what its parent took)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    peak = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(peak[0]) // 1024 if peak else 0


@pytest.fixture(params=["sqlite", "postgres"])
def make_site(request, tmp_path):
    """Make sites on SQLite, or on a PostgreSQL that goes with the test."""
    if request.param == "sqlite":
        yield lambda name: Site(tmp_path, f"sqlite:///{tmp_path}/{name}.sqlite3")
        return
    with services.own_folder() as folder:  # pytest's own lets nobody else in, the server neither
        server = services.start_postgres(folder)
        yield lambda name: _on(server, tmp_path, name)
        server.stop()


def _on(server, folder, name):
    """A site on a database of this name of the server."""
    with contextlib.closing(psycopg2.connect(server.url, dbname="postgres")) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
    return Site(folder, server.url.rsplit("/", 1)[0] + f"/{name}")


@pytest.fixture(scope="module")
def large_file(tmp_path_factory):
    return write_kaggle_tracks(tmp_path_factory.mktemp("large") / "dataset.csv", ROWS)


def test_a_large_file_is_quick_and_small_and_changes_nothing_again(make_site, large_file, capsys):
    site = make_site("whole")

    started = time.monotonic()
    first, megabytes = site.bring_in(large_file)
    seconds = time.monotonic() - started
    before = site.contents()
    again, _ = site.bring_in(large_file)

    said = f"{ROWS:,} rows: {seconds:.1f} s, {megabytes:.0f} MB"
    with capsys.disabled():
        print(f"\n{said}")  # noqa: T201 -- the figures are what the test is for
    assert first["rows"] == first["new"] + first["merged"] == ROWS
    assert again["unchanged"] == ROWS
    assert site.contents() == before
    assert seconds < SECONDS, said
    assert megabytes < MEGABYTES, said


def test_a_killed_import_that_is_repeated_ends_the_same(make_site, large_file):
    whole, killed = make_site("whole"), make_site("killed")
    expected, _ = whole.bring_in(large_file)

    reached = killed.bring_in_killed(large_file)
    assert KILL_AT <= reached < ROWS
    told, _ = killed.bring_in(large_file)

    assert told == expected
    assert killed.contents() == whole.contents()
