"""How fast scrobbles are stored and answered: by gunicorn, on PostgreSQL, over HTTP."""

import json
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from listening.api import players
from tests.factories import make_listener
from tests.listening.scrobbling.conftest import Player
from tests.services import free_port

pytestmark = [
    pytest.mark.prove,
    pytest.mark.postgres,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]

ROOT = Path(__file__).parents[3]
EARLIER = int(now().timestamp()) - 10**8


@pytest.fixture
def site():
    """Start gunicorn, two processes as on a small machine, on the database of the test."""
    port = free_port()
    at = connection.settings_dict
    url = f"postgres://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "musicsite.settings",
        "DATABASE_URL": url,
        "SECRET_KEY": settings.SECRET_KEY,
        "LOG_LEVEL": "WARNING",
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    with served([*command, "--config", "gunicorn.conf.py"], env, port) as address:
        yield address


@contextmanager
def served(command, env, port):
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/health/live")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(url):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise TimeoutError(url)


def listens(numbers):
    """A listener's plays of 400 tracks, one every five minutes."""
    return [
        {
            "listened_at": EARLIER + number * 300,
            "track_metadata": {
                "artist_name": f"Artist {number % 40}",
                "track_name": f"Track {number % 400}",
                "release_name": f"Album {number % 80}",
                "additional_info": {"duration_ms": 201000, "submission_client": "test"},
            },
        }
        for number in numbers
    ]


def send(session, site, key, listen_type, payload):
    began = time.perf_counter()
    answer = session.post(
        f"{site}/1/submit-listens",
        data=json.dumps({"listen_type": listen_type, "payload": payload}),
        headers={"Authorization": f"Token {key}"},
        timeout=60,
    )
    assert answer.json() == {"status": "ok"}, answer.text
    return (time.perf_counter() - began) * 1000


def test_a_scrobble_is_answered_in_thirty_milliseconds(site):
    player = Player(make_listener())
    with requests.Session() as session:
        send(session, site, player.key, "import", listens(range(1000)))
        count = min(400, players.CALLS_A_MINUTE - 100)
        took = [
            send(session, site, player.key, "single", listens([number]))
            for number in range(1000, 1000 + count)
        ]

    p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    print(f"single scrobbles: p50 {p50:.1f} ms, p95 {p95:.1f} ms")  # noqa: T201 -- the figure
    assert player.plays.count() == 1000 + count
    assert p95 < 30


def test_five_hundred_scrobbles_a_second_are_stored(site):
    everybody = [Player(make_listener()) for _ in range(8)]
    for player in everybody:  # the tracks are known after this
        with requests.Session() as session:
            send(session, site, player.key, "import", listens(range(400)))

    def send_all(player):
        with requests.Session() as session:
            for start in range(400, 2400, 50):
                send(session, site, player.key, "import", listens(range(start, start + 50)))

    began = time.perf_counter()
    with ThreadPoolExecutor(len(everybody)) as pool:
        list(pool.map(send_all, everybody))
    rate = len(everybody) * 2000 / (time.perf_counter() - began)

    print(f"batches of fifty, eight players at once: {rate:.0f} scrobbles a second")  # noqa: T201
    assert all(player.plays.count() == 2400 for player in everybody)
    assert rate > 500
