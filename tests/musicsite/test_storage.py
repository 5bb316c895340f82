"""Uploads and models in S3: what does not answer is given up in time."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

ROOT = Path(__file__).parents[2]
SAY = """
import json
from django.conf import settings
from django.core.files.storage import default_storage as storage
config = storage.connection.meta.client.meta.config
print(json.dumps([config.connect_timeout, config.read_timeout, config.retries]))
"""


@pytest.mark.slow
def test_storage_that_hangs_is_given_up_before_a_web_process_is_taken_for_dead():
    environment = {"S3_BUCKET": "segue", "S3_ACCESS_KEY": "a", "S3_SECRET_KEY": "b"}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", SAY]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True
    )
    connect, read, retries = json.loads(done.stdout)

    with mock.patch.dict(os.environ):  # what it sets is for gunicorn's processes
        patience = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["timeout"]
    assert max(connect, read) * retries["total_max_attempts"] < patience
