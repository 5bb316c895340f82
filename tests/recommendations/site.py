"""The site as it runs: gunicorn on the test's own database, asked over plain HTTP."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from django.conf import settings

from musicsite.serve.children import Child
from musicsite.serve.plan import POLITE
from tests.services import free_port

BEGINNING = 10  # seconds until a training is at its work
ROOT = Path(__file__).parents[2]
TRAIN = [sys.executable, str(ROOT / "manage.py"), "train"]


class Site:
    def __init__(self, folder, *, workers=2, **environment):
        self.port = free_port()
        database = settings.DATABASES["default"]
        self.environment = os.environ | {
            "SECRET_KEY": "for-tests-only",
            "HTTPS": "off",
            "DATA_DIR": str(folder),
            "DATABASE_URL": "postgres://{USER}@{HOST}:{PORT}/{NAME}".format(**database),
            "REDIS_URL": settings.REDIS_URL,
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "musicsite.settings",
            **environment,
        }
        command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", str(workers), "musicsite.wsgi"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment)
        self._wait()

    def _wait(self):
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/live", timeout=2)
                return
            except OSError:
                time.sleep(0.2)
        raise TimeoutError("the site does not start")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)

    @contextmanager
    def training(self):
        """Train meanwhile, as the training worker does: a process of its own that gives way."""
        child = Child("The training", TRAIN, print, self.environment, nice=POLITE)
        child.start()
        child.give_way()
        try:
            time.sleep(BEGINNING)
            yield
            assert child.is_running, "the training was over too early to be in the way"
        finally:
            child.ask_to_stop()
            child.wait_or_kill(time.monotonic() + 60)

    def request(self, method, path, key, said=None):
        body = json.dumps(said) if said else ""
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Accept: application/json",
            "Content-Type: application/json",
            f"Authorization: Bearer {key}",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", body])

    def load(self, requests, *, rate, seconds):
        """Return the sorted milliseconds, and what was not answered well."""
        told = json.dumps({"host": "127.0.0.1", "port": self.port, "requests": requests})
        loader = [sys.executable, str(ROOT / "tests/recommendations/load.py")]
        done = subprocess.run(
            [*loader, str(rate), str(seconds)],
            input=told,
            capture_output=True,
            text=True,
            check=True,
        )
        answers = json.loads(done.stdout)
        wrong = [status for status in answers["status"] if status not in (200, 201)]
        return np.array(answers["ms"]), wrong
