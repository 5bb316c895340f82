"""A worker, a beat, a Redis and a database of their own, to be killed one after the other."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg2

from tests import services

ROOT = Path(__file__).resolve().parents[3]


class House:
    def __init__(self, folder, database):
        self.folder, self.database, self.processes = folder, database, []
        self.beat = None
        self.redis = services.start_redis(folder, durable=True)
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.jobs.chaos.settings",
            "DATABASE_URL": database,
            "REDIS_URL": self.redis.url,
        }
        self.python("-m", "django", "migrate", "--run-syncdb", "--verbosity=0")

    def python(self, *arguments):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, name, count):
        """Ask for so many jobs, each in a transaction; return how many seconds that took."""
        return float(self.python("-m", "tests.jobs.chaos.ask", name, str(count)).split()[-1])

    def start(self, *arguments):
        with (self.folder / "celery.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "musicsite", *arguments],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def start_worker(self):
        return self.start("worker", "-c", "2", "-Q", "interactive,imports", "-l", "info")

    def start_beat(self):
        self.beat = self.start("beat", "-l", "info")

    def look_after_beat(self):
        """It dies when its lock ran out while Redis was away; in earnest, too, it is restarted."""
        if self.beat and self.beat.poll() is not None:
            self.start_beat()

    def kill_redis(self):
        self.redis.stop(signal.SIGKILL)

    def restart_redis(self):
        port = int(self.redis.url.rsplit(":")[-1].split("/")[0])
        self.redis = services.start_redis(self.folder, port=port, durable=True)

    def query(self, sql):
        with contextlib.closing(self._connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(sql)
            return cursor.fetchall()

    def _connect(self):
        if self.database.startswith("sqlite"):
            return sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=20)
        return psycopg2.connect(self.database)

    def states(self):
        ours = "SELECT state, COUNT(*) FROM jobs_job WHERE unique_key = '' GROUP BY state"
        found = self.query(ours)  # without what comes round by itself
        return {state: int(count) for state, count in found}

    def traces(self):
        return int(self.query("SELECT COUNT(*) FROM chaos_trace")[0][0])

    def doubled(self):
        return self.query(
            "SELECT job, step FROM chaos_trace GROUP BY job, step HAVING COUNT(*) > 1"
        )

    def wait(self, until, *, seconds=30):
        deadline = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < deadline, (self.states(), self.log())
            self.look_after_beat()
            time.sleep(0.05)

    def wait_for_all(self, count):
        self.wait(lambda: self.states() == {"done": count})

    def log(self):
        log = self.folder / "celery.log"
        return log.read_text()[-3000:] if log.exists() else ""

    def close(self):
        for process in self.processes:
            kill_with_children(process)
        self.redis.stop(signal.SIGKILL)


def children(process):
    return psutil.Process(process.pid).children(recursive=True)


def kill_with_children(process):
    """As when the machine loses power: nothing of it gets to say a word."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)
