"""Throw-away PostgreSQL and Redis for the tests: free ports, a folder in /tmp, gone with the run.

`pytest` loads this as a plugin, before Django reads its settings, and every xdist worker gets a
database and a Redis database of its own. A test that wants to kill a server starts one for itself
with `start_redis` or `start_postgres`.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
import redis

AS_ROOT = os.geteuid() == 0
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


@dataclass
class Service:
    """A server that runs for the tests; `url` is what the setting of its name takes."""

    url: str
    process: subprocess.Popen

    def stop(self, how=signal.SIGINT):
        self.process.send_signal(how)
        self.process.wait(timeout=20)


def start_postgres(folder):
    """Start a PostgreSQL whose writes need not outlive the machine (nothing is synced to disk)."""
    folder.chmod(0o755)
    data, port = folder / "postgres", free_port()
    user = {}
    if AS_ROOT:  # PostgreSQL refuses to run as root
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")
    initdb = [postgres_program("initdb"), "-D", data, "-U", "segue", "--auth=trust", "--no-sync"]
    with (folder / "initdb.log").open("wb") as log:
        made = subprocess.run(
            [*initdb, "-E", "UTF8", "--locale=C.UTF-8"], cwd=folder, stdout=log, stderr=log, **user
        )
    if made.returncode:
        raise RuntimeError((folder / "initdb.log").read_text())
    options = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
    options += ["listen_addresses=127.0.0.1", "max_connections=60"]
    command = [postgres_program("postgres"), "-D", data, "-p", str(port), "-k", folder]
    service = Service(
        url=f"postgres://segue@127.0.0.1:{port}/segue",
        process=spawn(
            [*command, *(part for option in options for part in ("-c", option))],
            log=folder / "postgres.log",
            signal_at_our_death=signal.SIGQUIT,
            **user,
        ),
    )
    wait_for(service, lambda: psycopg2.connect(service.url, dbname="postgres").close())
    return service


def start_redis(folder, *, port=None, durable=False):
    """Start a Redis in this folder; a durable one keeps what it was told when it is killed."""
    port = port or free_port()
    keep = ["--appendonly", "yes", "--appendfsync", "always"] if durable else ["--appendonly", "no"]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
    service = Service(
        url=f"redis://127.0.0.1:{port}/0",
        process=spawn(
            [*command, "--save", "", "--databases", "64", *keep], log=folder / "redis.log"
        ),
    )
    wait_for(service, lambda: ping(service.url))
    return service


def ping(url):
    with redis.Redis.from_url(url) as client:
        client.ping()


def postgres_program(name):
    """Debian keeps the server's programs off the PATH."""
    homes = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda home: int(home.parent.name)
    )
    program = shutil.which(name, path=os.pathsep.join(map(str, reversed(homes)))) or shutil.which(
        name
    )
    if not program:
        raise FileNotFoundError(name)
    return program


def spawn(command, *, log, signal_at_our_death=signal.SIGKILL, **options):
    """Start a server that gets a signal when this process ends, however it ends."""

    def follow_us():
        LIBC.prctl(PR_SET_PDEATHSIG, signal_at_our_death)

    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for pytest, which then stops us in order
            preexec_fn=follow_us if sys.platform == "linux" else None,
            **options,
        )


def wait_for(service, ask, *, seconds=20):
    deadline = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except (psycopg2.OperationalError, redis.ConnectionError):
            if service.process.poll() is not None or time.monotonic() > deadline:
                service.stop(signal.SIGKILL)
                raise
            time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def own_folder():
    """A folder in /tmp (socket paths must be short) that a later run clears where we could not."""
    for left in Path("/tmp").glob("segue-test-*"):
        pid = left.name.split("-")[2]
        if not Path("/proc", pid).exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"segue-test-{os.getpid()}-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# The plugin


def pytest_addoption(parser):
    group = parser.getgroup("services")
    group.addoption("--sqlite", action="store_true", help="use SQLite, not PostgreSQL; no browser")
    group.addoption("--no-services", action="store_true", help="start neither PostgreSQL nor Redis")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        prepare_run(early_config)
    prepare_process()
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """On SQLite run what asks a database something, and leave the browser out."""
    if not config.getoption("sqlite"):
        return
    kept = [item for item in items if asks_database(item) and not needs_postgres(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def asks_database(item):
    named = {"db", "transactional_db", "django_db_setup"} & set(item.fixturenames)
    return bool(named) or item.get_closest_marker("django_db") is not None


def needs_postgres(item):
    return any(item.get_closest_marker(name) for name in ("postgres", "browser"))


def prepare_run(config):
    """Start what the run needs, once, and leave word of it in the environment for the workers."""
    options = config.known_args_namespace
    stack = contextlib.ExitStack()
    config.add_cleanup(stack.close)
    folder = stack.enter_context(own_folder())
    for name in ("DATABASE_URL", "REDIS_URL", "CACHE_URL"):
        os.environ.pop(name, None)
    os.environ["SEGUE_TEST_FOLDER"] = str(folder)
    if options.no_services:
        return
    try:
        if not options.sqlite:
            postgres = start_postgres(folder)
            stack.callback(postgres.stop)
            os.environ["DATABASE_URL"] = postgres.url
        server = start_redis(folder)
        stack.callback(server.stop, signal.SIGKILL)
        os.environ["REDIS_URL"] = server.url
    except FileNotFoundError as missing:
        raise pytest.UsageError(
            f"{missing.filename or missing} is not installed: `make test` sees to that, "
            "--sqlite does without PostgreSQL, --no-services without both"
        ) from missing


def prepare_process():
    """Give this process a data folder and a Redis database of its own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    data = Path(os.environ["SEGUE_TEST_FOLDER"], worker)
    data.mkdir(exist_ok=True)
    os.environ["DATA_DIR"] = str(data)
    if not os.environ.get("DATABASE_URL", "").startswith("postgres:"):
        os.environ["DATABASE_URL"] = f"sqlite:///{data}/segue.sqlite3"
    if "REDIS_URL" in os.environ:
        number = int(worker.removeprefix("gw")) + 1
        os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rsplit("/", 1)[0] + f"/{number}"
    # Playwright leaves an event loop in the thread, and Django then refuses to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
