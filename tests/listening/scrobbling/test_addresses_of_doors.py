"""The doors for players are there however their address is written, and stand in no page's way."""

import json
import re

import pytest
from django.test.client import ClientHandler
from django.urls import Resolver404, URLPattern, get_resolver, resolve
from django.utils.timezone import now
from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.parser import RequestParser

from listening.api import urls
from tests.factories import make_listener
from tests.listening.scrobbling.conftest import Player

BASES = ["", "/1", "/1/1", "/apis/listenbrainz", "/apis/listenbrainz/1", "/apis/listenbrainz/1/1"]
LISTENBRAINZ = [address.replace("<str:handle>", "mira") for address in urls.LISTENBRAINZ]
DOORS = [
    *(f"{base}/{address}" for base in BASES for address in LISTENBRAINZ),
    "/2.0",
    "/apis/audioscrobbler/2.0",
    "/audioscrobbler",
    "/audioscrobbler/playing",
    "/audioscrobbler/submit",
]


def of_doors(resolver):
    return getattr(resolver, "urlconf_name", None) is urls


def addresses(resolver, before=""):
    """One address for each pattern of the site, but for those of the doors."""
    for each in resolver.url_patterns:
        address = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield "/" + re.sub(r"<[^>]+>", "1", address)
        elif not of_doors(each):
            yield from addresses(each, address)


def leads_to(path, resolver=None):
    """The view behind a path, and what it is told; nothing where there is none."""
    try:
        found = resolver.resolve(path.removeprefix("/")) if resolver else resolve(path)
    except Resolver404:
        return None
    return found and (getattr(found.func, "view_class", found.func), found.kwargs)


@pytest.mark.parametrize("door", DOORS)
def test_a_door_is_there_with_a_slash_at_the_end_and_with_slashes_doubled(door):
    assert leads_to(door)
    for written in (f"{door}/", f"{door}//", f"/{door}", door.replace("/", "//")):
        assert leads_to(written) == leads_to(door)


@pytest.mark.parametrize(
    "path", ["/1/1/1/submit-listens", "/apis/1/submit-listens", "/2/submit-listens", "/x/2.0", "/1"]
)
def test_what_leads_nowhere_is_not_there(path):
    assert leads_to(path) is None


def test_no_page_is_where_a_door_is():
    others = [each for each in get_resolver().url_patterns if not of_doors(each)]

    assert [door for door in DOORS if any(leads_to(f"{door}/", each) for each in others)] == []


def test_no_door_is_where_a_page_is():
    [doors] = [each for each in get_resolver().url_patterns if of_doors(each)]
    pages = list(addresses(get_resolver()))

    assert len(pages) > 100
    assert [page for page in pages if leads_to(page, doors)] == []


def test_nobody_is_sent_from_http_to_https(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True

    asked = [path for door in DOORS for path in (door, f"{door}//")]

    assert [path for path in asked if client.post(path).status_code in (301, 302, 307, 308)] == []


@pytest.mark.parametrize(
    "path",
    [
        "/1/submit-listens",
        "//1/submit-listens",  # {base}/{version}/{endpoint}, where the base ends with a slash
        "/1//submit-listens",
        "/1//1/submit-listens/",
        "/submit-listens",
        "/apis/listenbrainz/submit-listens",
        "/apis/listenbrainz//1/submit-listens",
    ],
)
def test_gunicorn_hands_the_slashes_on_and_the_listen_is_stored(db, path):
    player = Player(make_listener())
    metadata = {"artist_name": "Mira Vale", "track_name": "Glass Harbour"}
    listen = {"listened_at": int(now().timestamp()) - 600, "track_metadata": metadata}
    body = json.dumps({"listen_type": "single", "payload": [listen]})
    raw = (
        f"POST {path} HTTP/1.1\r\nHost: testserver\r\nAuthorization: Token {player.key}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )

    answer = ClientHandler(enforce_csrf_checks=True)(environ_by_gunicorn(raw.encode()))

    assert json.loads(answer.content) == {"status": "ok"}
    assert player.heard == ["Glass Harbour"]


def environ_by_gunicorn(raw):
    here, config = ("127.0.0.1", 80), Config()
    request = next(RequestParser(config, [raw], here))
    _response, environ = wsgi.create(request, None, here, here, config)
    return environ
