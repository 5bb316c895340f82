import json

import pytest
from django.test import Client
from django.utils.timezone import now

from listening.models import Feedback, LoggedScrobble, Play
from tests.factories import make_key, make_listener


class Player:
    """What sends to the site with a key: it keeps no cookie and follows nobody."""

    def __init__(self, listener, **fields):
        self.listener = listener
        self.token, self.key = make_key(listener, at=now(), **fields)
        self.client = Client(enforce_csrf_checks=True)

    def ask(self, method, path, body=b"", *, expect=200, content_type="", **headers):
        headers = {"Authorization": f"Token {self.key}"} | headers
        response = self.client.generic(
            method,
            path,
            body,
            content_type=content_type,
            headers={name: value for name, value in headers.items() if value is not None},
        )
        assert response.status_code == expect, response.content.decode()[:2000]
        assert response["Access-Control-Allow-Origin"] == "*"
        assert not response.cookies
        return response

    def get(self, path, **options):
        return self.ask("GET", path, **options).json()

    def post(self, path, data=None, **options):
        return self.ask("POST", path, json.dumps(data or {}), **options).json()

    def submit(self, *listens, listen_type="single", query="", **options):
        body = {"listen_type": listen_type, "payload": listens}
        return self.post(f"/1/submit-listens{query}", body, **options)

    @property
    def plays(self):
        return Play.objects.filter(listener=self.listener)

    @property
    def heard(self):
        plays = self.plays.order_by("started_at", "track__title")
        return list(plays.values_list("track__title", flat=True))

    @property
    def thought(self):
        given = Feedback.objects.filter(listener=self.listener).order_by("track__title")
        return list(given.values_list("kind", "track__title"))

    @property
    def fates(self):
        logged = LoggedScrobble.objects.of(self.listener).newest_first()
        return list(logged.values_list("title", "fate"))


@pytest.fixture
def player(db):
    return Player(make_listener(handle="mira"))
