"""The page that connects players and shows what came in, and the one that lets an app in."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.timezone import now

from accounts import services
from accounts.models import Token
from listening.models import LoggedScrobble, PlayingNow, PrivateSession
from listening.players import GUIDES
from tests.accounts.test_pages import text
from tests.factories import make_key, make_listener, make_play
from tests.listening.scrobbling.test_lastfm_doors import EARLIER, SONG, LastfmPlayer
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

PLAYERS, LATELY, APPROVE = map(reverse, ("players", "lately", "approve_app"))


def log(listener, **fields):
    fields = {"title": "Glass Harbour", "artist": "Mira Vale", "fate": "created"} | fields
    fields = {"protocol": "listenbrainz", "started_at": now(), "received_at": now()} | fields
    return LoggedScrobble.objects.create(listener=listener, **fields)


@pytest.mark.parametrize("url", [PLAYERS, LATELY, APPROVE])
def test_a_page_is_for_people_who_are_logged_in(as_listener, client, url):
    assert as_listener.get(url).status_code == 200
    assert client.get(url).url.startswith(reverse("account_login"))


def test_the_page_says_what_to_enter(as_listener):
    words = text(as_listener.get(PLAYERS))

    assert "ND_LISTENBRAINZ_BASEURL=http://testserver/1/" in words
    assert "http://testserver/1/submit-listens" in words
    assert "http://testserver/2.0/" in words
    assert f"username = {as_listener.listener.handle}" in words
    assert "{" not in words
    assert len({guide.slug for guide in GUIDES}) == len(GUIDES)


def test_a_key_is_made_and_shown_on_the_page(as_listener):
    fields = {"name": "Phone", "listener": as_listener.listener.pk, "kind": "app"}
    there = as_listener.post(reverse("new_key"), fields | {"next": PLAYERS}).url

    page = as_listener.get(there)

    secret = page.context["new_key"]["secret"]
    assert secret in page.content.decode()
    assert "never used yet" in text(page)
    assert secret not in as_listener.get(PLAYERS).content.decode()


def test_what_came_in_is_shown_with_its_fate(as_listener):
    play = make_play(as_listener.listener)
    log(as_listener.listener, play=play, player="Navidrome")
    log(as_listener.listener, title="", artist="", fate="rejected", reason="No artist.")

    page = as_listener.get(LATELY)

    told = " ".join(page.content.decode().split())
    assert play.track.get_absolute_url() in told
    assert "Navidrome" in told
    assert "stored, and the track is new here" in told
    assert "not taken" in told
    assert "No artist." in told


def test_markup_in_a_title_is_text(as_listener):
    log(as_listener.listener, title="<b>Glass</b>", reason="<i>")

    assert "<b>Glass" not in as_listener.get(LATELY).content.decode()


def test_what_is_on_is_shown_until_it_is_over(as_listener):
    on = PlayingNow.objects.create(
        listener=as_listener.listener,
        title="Glass Harbour",
        artist_name="Mira Vale",
        started_at=now(),
        expires_at=now() + timedelta(minutes=3),
    )
    assert "Glass Harbour" in as_listener.get(LATELY).content.decode()

    PlayingNow.objects.filter(pk=on.pk).update(expires_at=now())
    assert "Nothing yet" in as_listener.get(LATELY).content.decode()


def test_a_private_session_is_said(as_listener):
    PrivateSession.objects.create(listener=as_listener.listener, starts_at=now())

    assert "A private session is on." in as_listener.get(LATELY).content.decode()


def test_nobody_sees_what_another_s_players_told(as_listener):
    theirs = make_listener()
    log(theirs)
    make_key(theirs, name="Their phone")

    page = as_listener.get(PLAYERS).content.decode()

    assert "Glass Harbour" not in page
    assert "Their phone" not in page


@pytest.mark.parametrize("url", [PLAYERS, LATELY])
def test_a_page_costs_the_same_however_much_came_in(as_listener, url):
    token, _secret = make_key(as_listener.listener)
    log(as_listener.listener, key=token, play=make_play(as_listener.listener))
    before = count_queries(as_listener, url)

    for _ in range(4):
        token, _secret = make_key(as_listener.listener)
        log(as_listener.listener, key=token, play=make_play(as_listener.listener))

    assert count_queries(as_listener, url) == before


# An app that asks in the browser


@pytest.fixture
def app(db):
    return LastfmPlayer(make_listener())


def test_an_app_asks_in_the_browser_and_gets_a_key_once(app, as_listener):
    asked = app.json("auth.getToken", sk=None)["token"]
    assert app.json("auth.getSession", token=asked, sk=None, expect=403)["error"] == 14

    page = f"/api/auth/?api_key=x&token={asked}"
    assert "wants to send plays" in as_listener.get(page).content.decode()
    as_listener.post("/api/auth/", {"token": asked})

    session = app.json("auth.getSession", token=asked, sk=None)["session"]
    assert session["name"] == as_listener.listener.handle
    app.json("track.scrobble", sk=session["key"], timestamp=EARLIER, **SONG)
    assert as_listener.listener.plays.count() == 1
    assert app.json("auth.getSession", token=asked, sk=None, expect=403)["error"] == 15


def test_an_app_gets_no_key_where_there_are_too_many(app, as_listener, monkeypatch):
    monkeypatch.setattr(services, "MOST_KEYS", 0)
    asked = app.json("auth.getToken", sk=None)["token"]
    as_listener.post(APPROVE, {"token": asked})

    answer = app.json("auth.getSession", token=asked, sk=None, expect=403)

    assert answer["error"] == 8
    assert "as many keys as it can hold" in answer["message"]


def test_an_app_that_asks_too_late_asks_again(app, as_listener, client):
    asked = app.json("auth.getToken", sk=None)["token"]
    cache.clear()

    assert app.json("auth.getSession", token=asked, sk=None, expect=403)["error"] == 15
    for token in (asked, "", "x" * 500):
        answer = as_listener.post("/api/auth/", {"token": token})
        assert "asked too long ago" in answer.content.decode()
    assert not Token.objects.filter(listener=as_listener.listener).exists()
    assert client.get("/api/auth/").url.startswith("/account/login/")
