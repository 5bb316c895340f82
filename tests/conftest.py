"""What every test may ask for. `tests/services.py` starts the servers behind it."""

import pytest
import redis
from django.conf import settings
from django.test import Client

from recommendations.serving import live, stock
from tests import factories


@pytest.fixture(autouse=True)
def _empty_redis(request, redis_of_worker):
    """Nothing that an earlier test cached, counted or locked is there."""
    if redis_of_worker:
        redis_of_worker.flushdb()


@pytest.fixture(scope="session")
def django_db_keepdb():
    """Drop no database at the end: its server goes, with all it holds."""
    return True


@pytest.fixture(scope="session")
def redis_of_worker(pytestconfig):
    """A client of this worker's own Redis database; None under --no-services."""
    if pytestconfig.getoption("no_services"):
        yield None
        return
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture(autouse=True)
def _own_files(tmp_path, settings, monkeypatch):
    """Uploads and models of a test lie in its own folder, and no model of another test lives on."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MODELS_DIR = tmp_path / "models"
    monkeypatch.setattr(live, "_process", live._Process())
    monkeypatch.setattr(stock, "_stocks", {})


class Api:
    """Asks the API as a program does: sees to the status, and returns what the JSON says."""

    def __init__(self, client):
        self.client = client

    def get(self, url, *, expect=200, **options):
        return self._ask("get", url, expect, **options)

    def post(self, url, data=None, *, expect=201, **options):
        return self._ask("post", url, expect, data=data or {}, **options)

    def put(self, url, data=None, *, expect=200, **options):
        return self._ask("put", url, expect, data=data or {}, **options)

    def patch(self, url, data=None, *, expect=200, **options):
        return self._ask("patch", url, expect, data=data or {}, **options)

    def delete(self, url, *, expect=204, **options):
        return self._ask("delete", url, expect, **options)

    def _ask(self, method, url, expect, **options):
        send = getattr(self.client, method)
        if "data" in options and method != "get":
            options.setdefault("content_type", "application/json")
        response = send(url, **{"headers": {"accept": "application/json"}} | options)
        assert response.status_code == expect, response.content.decode()[:2000]
        return response.json() if response.content else None


def logged_in(user):
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def as_listener(db):
    """A browser in which a user is logged in; `.user` and `.listener` say who."""
    listener = factories.make_listener()
    client = logged_in(listener.user)
    client.listener = listener
    return client


@pytest.fixture
def as_curator(db):
    """A browser in which a curator is logged in; `.user` says who."""
    return logged_in(factories.make_curator())


@pytest.fixture
def api(as_listener):
    """The API, asked by a logged-in listener; `.client` is the browser behind it."""
    return Api(as_listener)


@pytest.fixture
def anonymous_api(client, db):
    return Api(client)
