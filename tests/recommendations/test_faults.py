"""What the site does while something it stands on is broken, and how it comes back by itself."""

import contextlib
import json
import os
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.timezone import now

from catalog.models import Track
from jobs import services as jobs
from jobs.models import Job
from listening.models import Feedback
from recommendations.models import ModelVersion, Slate
from recommendations.pipeline import claiming
from recommendations.services import training
from tests.gate import Gate
from tests.recommendations.big_world import another_model, make_big_world, promote
from tests.recommendations.site import ROOT, TRAIN, Site

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.prove,
    pytest.mark.postgres,
    pytest.mark.timeout(600),
]

LISTS, FEEDBACK = "/api/v1/recommendations/", "/api/v1/feedback/"
GONE = 10  # seconds
SOON = 5  # seconds after which all is as it was


@pytest.fixture
def keys(db):
    return make_big_world(tracks=2000, listeners=40, at=now())


@pytest.fixture
def database():
    told = settings.DATABASES["default"]
    gate = Gate(told["HOST"], told["PORT"])
    gate.url = "postgres://{USER}@127.0.0.1:{port}/{NAME}".format(port=gate.port, **told)
    return gate


@pytest.fixture
def broker():
    server, number = settings.REDIS_URL.removeprefix("redis://").split("/")
    gate = Gate(*server.split(":"))
    gate.url = f"redis://127.0.0.1:{gate.port}/{number}"
    return gate


class Visitor:
    """Asks as a program with a key does, or as a browser."""

    def __init__(self, site, keys):
        self.site, self.keys, self.asked = site, keys, 0

    def get(self, path=LISTS):
        return self._ask("GET", path, self._headers())

    def like(self, track, number):
        headers = self._headers(self.keys[0]) | {"Idempotency-Key": f"like-{number}"}
        said = json.dumps({"kind": "like", "track": track, "answer": "none"})
        return self._ask("POST", FEEDBACK, headers, said)

    def page(self):
        return self._ask("GET", "/", {})

    def _headers(self, key=None):
        self.asked += 1
        key = key or self.keys[self.asked % len(self.keys)]
        kind = "application/json"
        return {"Authorization": f"Bearer {key}", "Accept": kind, "Content-Type": kind}

    def _ask(self, method, path, headers, body=None):
        with closing(HTTPConnection("127.0.0.1", self.site.port, timeout=30)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers


@pytest.fixture
def site(tmp_path, database, broker):
    site = Site(tmp_path, DATABASE_URL=database.url, REDIS_URL=broker.url, CACHE_URL=broker.url)
    yield site
    site.stop()


@pytest.fixture
def visitor(keys, site):
    return Visitor(site, keys)


def statuses(ask, *, seconds, every=0.25):
    ends, seen = time.monotonic() + seconds, []
    while time.monotonic() < ends:
        seen.append(ask()[0])
        time.sleep(every)
    return seen


def test_the_database_is_gone_for_ten_seconds(visitor, database):
    """Whoever asks is told so; a like that was refused comes again, and none is lost or double."""
    tracks = list(Track.objects.order_by("pk").values_list("pk", flat=True)[:30])
    assert visitor.get()[0] == 200
    assert visitor.like(tracks[0], 0)[0] == 201

    database.shut()
    ends, refused = time.monotonic() + GONE, []
    while time.monotonic() < ends:
        number = len(refused) % 20 + 1
        status, body, headers = visitor.like(tracks[number], number)
        refused.append(number)
        assert (status, headers["Retry-After"]) == (503, "5"), body
        status, body, headers = visitor.page()
        assert (status, headers["Retry-After"]) == (503, "5"), body
        assert "We cannot get at your music right now." in body
        status, body, _headers = visitor.get()
        assert (status, json.loads(body)["errors"][0]["code"]) == (503, "away")
        assert visitor.get("/health/live")[0] == 200
        assert visitor.get("/health/ready")[0] == 503
        time.sleep(0.2)
    database.open()
    back = time.monotonic()
    while visitor.get()[0] != 200:
        assert time.monotonic() - back < SOON
        time.sleep(0.1)

    assert set(statuses(visitor.get, seconds=3)) == {200}
    again = [visitor.like(tracks[number], number)[0] for number in sorted(set(refused))]
    assert set(again) == {201}
    said = Feedback.objects.values_list("track", flat=True)
    assert sorted(said) == sorted(tracks[number] for number in {0, *refused})


def test_redis_is_gone(visitor, broker):
    """Lists, pages and likes go on; only what is made later waits."""
    tracks = list(Track.objects.order_by("pk").values_list("pk", flat=True)[:10])
    assert visitor.get()[0] == 200

    broker.shut()
    assert set(statuses(visitor.get, seconds=GONE)) == {200}
    assert [visitor.like(track, number)[0] for number, track in enumerate(tracks)] == [201] * 10
    assert visitor.page()[0] == 200
    broker.open()

    assert set(statuses(visitor.get, seconds=SOON)) == {200}
    assert visitor.get("/health/ready")[0] == 200
    assert Feedback.objects.count() == 10


def served(count):
    return set(Slate.objects.order_by("-pk").values_list("model", flat=True)[:count])


def test_every_process_serves_a_new_version_within_five_seconds(keys, tmp_path):
    site = Site(tmp_path, workers=4)
    try:
        visitor = Visitor(site, keys)
        after = another_model()
        assert set(statuses(visitor.get, seconds=5, every=0.01)) == {200}
        assert served(100) == {ModelVersion.objects.live().get().pk}

        promote(after)
        assert set(statuses(visitor.get, seconds=SOON, every=0.01)) == {200}
        for _ in range(100):
            assert visitor.get()[0] == 200
        assert served(100) == {after.pk}
    finally:
        site.stop()


def test_a_version_damaged_before_it_is_copied_is_refused(visitor, site):
    """The last good one goes on, in every process and also in one that starts only now."""
    before, after = ModelVersion.objects.live().get(), another_model()
    assert visitor.get()[0] == 200
    arrays = sorted(Path(default_storage.path(after.artifact)).glob("*.npy"))
    largest = max(arrays, key=lambda path: path.stat().st_size)
    with largest.open("r+b") as file:
        file.seek(-8, os.SEEK_END)
        file.write(b"\xff" * 8)

    promote(after)
    assert set(statuses(visitor.get, seconds=SOON)) == {200}
    assert served(10) == {before.pk}
    for worker in psutil.Process(site.process.pid).children():
        worker.kill()
    time.sleep(1)
    assert set(statuses(visitor.get, seconds=SOON)) == {200}
    assert served(10) == {before.pk}


def test_a_killed_training_is_none_and_the_next_one_is_whole(visitor, site):
    live = ModelVersion.objects.live().get()
    for _time in range(2):
        child = subprocess.Popen(TRAIN, env=site.environment, stdout=subprocess.PIPE)
        while b"%" not in child.stdout.readline():
            pass
        time.sleep(0.5)
        child.kill()
        child.communicate()
        assert visitor.get()[0] == 200
        assert ModelVersion.objects.live().get() == live

    done = subprocess.run(TRAIN, env=site.environment, capture_output=True, text=True, check=True)

    assert "Model" in done.stdout.splitlines()[-1]
    states = ModelVersion.objects.order_by("pk").values_list("state", flat=True)
    assert list(states)[1:3] == ["failed", "failed"]
    assert ModelVersion.objects.filter(state="training").count() == 0
    assert set(statuses(visitor.get, seconds=SOON)) == {200}


WORKER = [sys.executable, "-m", "celery", "-A", "musicsite", "worker", "-Q", "train", "-c", "1"]


@pytest.fixture
def start_worker(site):
    """Start the training worker; none of them outlives the test."""
    started = []

    def start():
        started.append(psutil.Popen(WORKER, cwd=ROOT, env=site.environment))
        return started[-1]

    yield start
    for worker in started:
        end(*family(worker))


def family(worker):
    """The worker, its pool, and the training that the pool has started."""
    return [worker, *worker.children(recursive=True)] if worker.is_running() else []


def end(*processes):
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=10)


def wait_for(found, *, seconds):
    ends = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < ends, "it does not come"
        time.sleep(0.1)
    return result


def is_over(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_training_ends_with_its_worker_and_is_taken_up_by_the_next(visitor, start_worker):
    """The worker and its pool are killed, and not the training: nobody is left to stop that."""
    live = ModelVersion.objects.live().get()
    job = jobs.enqueue(training.TRAIN, unique=training.TRAIN)
    worker = start_worker()
    wait_for(lambda: ModelVersion.objects.training().filter(progress__gt=0).exists(), seconds=90)
    *pool, child = family(worker)
    assert child.cmdline()[-1] == "train"
    before = ModelVersion.objects.training().get()

    end(*pool)
    wait_for(lambda: is_over(child), seconds=5)
    assert visitor.get()[0] == 200
    assert served(1) == {live.pk}

    start_worker()
    wait_for(lambda: Job.objects.filter(pk=job.pk, state="done").exists(), seconds=180)
    job.refresh_from_db()
    before.refresh_from_db()
    assert job.tries == 2
    assert (before.state, before.message) == ("failed", claiming.ENDED)
    assert ModelVersion.objects.filter(pk__gt=before.pk, state__in=["ready", "live"]).exists()
    assert set(statuses(visitor.get, seconds=SOON)) == {200}
