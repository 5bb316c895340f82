"""What known players send, letter by letter, to a server that runs: its headers, its slashes."""

import gzip
import http.client
import json
import time
from urllib.parse import urlencode, urlsplit

import pytest
from django.utils.timezone import now

from accounts.models import Token
from tests.factories import make_listener
from tests.listening.scrobbling.conftest import Player

pytestmark = pytest.mark.django_db(transaction=True)


class Wire:
    """A connection that sends just these headers, adds none of its own, and follows nobody."""

    def __init__(self, live_server, player):
        self.address, self.player = urlsplit(live_server.url), player

    def send(self, method, path, body=None, *, expect=200, **headers):
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, 10)
        data = None if body is None else body.encode()
        connection.putrequest(method, path, skip_accept_encoding=True)
        if data is not None:
            connection.putheader("Content-Length", str(len(data)))
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(data)
        answer = connection.getresponse()
        raw = answer.read()
        connection.close()
        text = (gzip.decompress(raw) if answer.headers["Content-Encoding"] else raw).decode()
        assert answer.status == expect, text[:1000]
        assert "Set-Cookie" not in answer.headers
        self.answer = answer
        return json.loads(text) if text.startswith("{") else text


@pytest.fixture
def wire(live_server, transactional_db):
    return Wire(live_server, Player(make_listener(handle="mira"), handshakes=True))


def since(seconds=600):
    return int(time.time()) - seconds


def listen(info, *, at=0, **metadata):
    metadata = {"artist_name": "Mira Vale", "track_name": "Glass Harbour"} | metadata
    listen = {"track_metadata": metadata | {"additional_info": info}}
    return {"listened_at": at} | listen if at else listen


def said(listen_type, *listens):
    return json.dumps({"listen_type": listen_type, "payload": listens})


@pytest.mark.parametrize("base", ["/1", "", "/apis/listenbrainz", "/apis/listenbrainz/1"])
def test_navidrome(wire, base):
    """Go: a body even with GET, a type with nothing, and "ok" looked for in the answer.

    It puts nothing but the door behind the address that was set.
    """
    go = {"Authorization": f"Token {wire.player.key}", "User-Agent": "Go-http-client/1.1"}

    valid = wire.send("GET", f"{base}/validate-token", "{}", **go)
    assert (valid["valid"], valid["user_name"]) == (True, "mira")
    info = {
        "submission_client": "navidrome",
        "submission_client_version": "0.58.0 (abc)",
        "tracknumber": 4,
        "artist_mbids": ["8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"],
        "duration_ms": 201000,
    }
    on = said("playing_now", listen(info, release_name="Tidelines"))
    assert wire.send("POST", f"{base}/submit-listens", on, **go)["status"] == "ok"
    heard = said("single", listen(info, at=since(), release_name="Tidelines"))
    assert wire.send("POST", f"{base}/submit-listens", heard, **go)["status"] == "ok"
    bad = go | {"Authorization": "Token wrong"}
    assert wire.send("POST", f"{base}/submit-listens", heard, expect=401, **bad)["code"] == 401

    assert wire.player.heard == ["Glass Harbour"]


@pytest.mark.parametrize("base", ["", "/", "/1", "/1/", "/apis/listenbrainz/"])
def test_jellyfin(wire, base):
    """The plugin: .NET's header order and its charset; it tries the key in the query, too.

    It puts a slash, the version and the door behind the address that was typed, as that is.
    """
    root = f"{base}/1"
    net = {"Authorization": f"Token {wire.player.key}", "Accept": "application/json"}
    kind = {"Content-Type": "application/json; charset=utf-8"}

    assert wire.send("GET", f"{root}/validate-token?token={wire.player.key}")["valid"]
    assert wire.send("GET", f"{root}/validate-token", **net)["valid"]
    info = {
        "media_player": "Jellyfin",
        "submission_client": "ListenBrainz plugin for Jellyfin",
        "submission_client_version": "5.2.0.3",
        "recording_mbid": "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae",
        "artist_mbids": [],
        "release_mbid": None,
        "tags": ["dream pop"],
        "duration_ms": 201000,
    }
    heard = said("single", listen(info, at=since(), release_name=None))
    assert wire.send("POST", f"{root}/submit-listens", heard, **net, **kind)["status"] == "ok"
    listens = wire.send("GET", f"{root}/user/mira/listens?count=10", **net)["payload"]["listens"]
    msid = listens[0]["recording_msid"]
    like = json.dumps({"recording_msid": msid, "score": 1})
    wire.send("POST", f"{root}/feedback/recording-feedback", like, **net, **kind)

    assert wire.player.heard == ["Glass Harbour"]
    assert wire.player.thought == [("like", "Glass Harbour")]


def test_pano_scrobbler(wire):
    """Android: "token" in small letters, null left out, then all it looks back at."""
    ktor = {"Authorization": f"token {wire.player.key}", "User-Agent": "ktor-client"}
    kind = {"Content-Type": "application/json", "Accept-Charset": "UTF-8"}

    valid = wire.send("GET", f"/1/validate-token?token={wire.player.key}", Connection="close")
    assert valid["message"] == "Token valid."
    info = {"submission_client": "Pano Scrobbler", "submission_client_version": "4.12"}
    on = said("playing_now", listen(info))
    assert wire.send("POST", "/1/submit-listens", on, **ktor, **kind)["status"] == "ok"
    heard = said(
        "import", listen(info, at=since(900)), listen(info, at=since(600), track_name="Tidelines")
    )
    assert wire.send("POST", "/1/submit-listens", heard, **ktor, **kind)["status"] == "ok"

    recent = wire.send("GET", f"/1/user/mira/listens?max_ts={since(0)}&count=100", **ktor)[
        "payload"
    ]
    assert [one["track_metadata"]["track_name"] for one in recent["listens"]] == [
        "Tidelines",
        "Glass Harbour",
    ]
    assert recent["oldest_listen_ts"] == recent["listens"][-1]["listened_at"]
    on = wire.send("GET", "/1/user/mira/playing-now", **ktor)["payload"]["listens"][0]
    assert on["playing_now"] is True
    assert wire.send("GET", "/1/user/mira/listen-count", **ktor)["payload"]["count"] == 2
    love = json.dumps({"recording_msid": on["recording_msid"], "score": 1})
    assert (
        wire.send("POST", "/1/feedback/recording-feedback", love, **ktor, **kind)["status"] == "ok"
    )
    loved = wire.send(
        "GET", "/1/feedback/user/mira/get-feedback?offset=0&metadata=true&count=25", **ktor
    )
    assert loved["feedback"][0]["track_metadata"]["track_name"] == "Glass Harbour"
    last = recent["listens"][0]
    gone = json.dumps(
        {"listened_at": last["listened_at"], "recording_msid": last["recording_msid"]}
    )
    assert wire.send("POST", "/1/delete-listen", gone, **ktor, **kind)["status"] == "ok"

    assert wire.player.heard == ["Glass Harbour"]


def test_web_scrobbler(wire):
    """A browser extension: it asks first whether it may, and sends to the address people typed."""
    page = {"Origin": "chrome-extension://hhinaapppaileiechjoiifaancjggfjm"}
    url = "/1/submit-listens"

    wire.send(
        "OPTIONS",
        url,
        expect=204,
        **page,
        **{
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    assert wire.answer.headers["Access-Control-Allow-Origin"] == "*"
    allowed = wire.answer.headers["Access-Control-Allow-Headers"].lower()
    assert {"authorization", "content-type"} <= set(allowed.split(", "))
    info = {
        "submission_client": "Web Scrobbler",
        "submission_client_version": "3.14.0",
        "music_service_name": "Spotify",
        "origin_url": "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M",
        "spotify_id": "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M",
        "release_artist_name": "Mira Vale",
        "duration": 201.43,
    }
    fetch = page | {
        "Authorization": f"Token {wire.player.key}",
        "Content-Type": "application/json; charset=UTF-8",
        "Accept": "*/*",
    }
    late = [listen(info, at=since(60 * n), track_name=f"Track {n}") for n in range(1, 51)]
    assert wire.send("POST", url, said("import", *late), **fetch)["status"] == "ok"
    assert wire.answer.headers["Access-Control-Allow-Origin"] == "*"
    again = said("single", late[0])
    assert wire.send("POST", f"{url}/", again, **fetch)["status"] == "ok"  # never a 400 for that

    assert len(wire.player.heard) == 50


def test_multi_scrobbler(wire):
    """Node: it looks back for a span with two ends, to see what is there already."""
    agent = {
        "Authorization": f"Token {wire.player.key}",
        "User-Agent": "multi-scrobbler/0.10 (contact)",
        "Accept-Encoding": "gzip, deflate",
    }

    assert wire.send("GET", "/1/validate-token", **agent)
    info = {
        "media_player": "Plex",
        "submission_client": "multi-scrobbler",
        "artist_names": ["Mira Vale", "Salt Road"],
        "release_artist_names": ["Mira Vale"],
        "duration": 201,
        "duration_played": 150,
        "isrc": "GBXXX2600001",
    }
    heard = said("single", listen(info, at=since(), artist_name="Mira Vale, Salt Road"))
    kind = {"Content-Type": "application/json"}
    assert wire.send("POST", "/1/submit-listens", heard, **agent, **kind)
    span = urlencode({"count": 100, "min_ts": since(3600), "max_ts": since(0), "user": "mira"})
    payload = wire.send("GET", f"/1/user/mira/listens?{span}", **agent)["payload"]
    assert payload["count"] == 1
    [play] = wire.player.plays
    assert play.ms_played == 150_000
    assert wire.send("GET", "/1/user/mira/playing-now", **agent)["payload"]["listens"] == []


def test_music_assistant(wire):
    """liblistenbrainz: no content type at all, and numbers in the headers of the limits."""
    requests = {
        "User-Agent": "python-requests/2.32.5",
        "Accept-Encoding": "gzip, deflate",
        "Accept": "*/*",
        "Connection": "keep-alive",
        "Authorization": f"Token {wire.player.key}",
    }

    assert wire.send("GET", f"/1/validate-token?token={wire.player.key}")["valid"] is True
    info = {"duration": 201, "media_player": "Music Assistant", "tags": []}
    assert wire.send(
        "POST", "/1/submit-listens", said("single", listen(info, at=since())), **requests
    )
    assert int(wire.answer.headers["X-RateLimit-Remaining"]) > 0
    assert int(wire.answer.headers["X-RateLimit-Reset-In"]) > 0

    assert wire.player.heard == ["Glass Harbour"]


def test_mpdscribble(wire):
    """C++: it shakes hands at the address of its file, then uses the addresses it was told."""
    then = str(int(now().timestamp()))
    proof = Token.md5_of(Token.md5_of(wire.player.key) + then)
    form = {"hs": "true", "p": "1.2", "c": "mpd", "v": "0.1", "u": "mira", "t": then, "a": proof}
    curl = {"User-Agent": "mpdscribble/0.25", "Accept": "*/*"}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    ok, session, playing, submit = wire.send(
        "GET", f"/audioscrobbler/?{urlencode(form)}", **curl
    ).splitlines()
    assert ok == "OK"
    assert urlsplit(submit).netloc == wire.address.netloc
    song = [("a[0]", "Mira Vale"), ("t[0]", "Glass Harbour"), ("l[0]", 201), ("i[0]", since())]
    song += [("o[0]", "P"), ("r[0]", ""), ("b[0]", "Tidelines"), ("n[0]", ""), ("m[0]", "")]
    body = urlencode([("s", session), *song, ("r[0]", "L")])
    assert wire.send("POST", urlsplit(submit).path, body, **curl, **kind) == "OK\n"
    body = urlencode(
        {"s": session, "a": "Mira Vale", "t": "Tidelines", "b": "", "l": 0, "n": "", "m": ""}
    )
    assert wire.send("POST", urlsplit(playing).path, body, **curl, **kind) == "OK\n"
    assert wire.send("POST", urlsplit(submit).path, "s=old", **curl, **kind) == "BADSESSION\n"

    assert wire.player.heard == ["Glass Harbour"]
    assert wire.player.thought == [("like", "Glass Harbour")]


def test_a_libre_fm_app(wire):
    """Whoever knows Last.fm under another address: a session first, then signed calls."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    signed = {"api_key": "x" * 32, "api_sig": "y" * 32, "format": "json"}

    form = {"method": "auth.getMobileSession", "username": "mira", "password": wire.player.key}
    session = wire.send("POST", "/2.0/", urlencode(form | signed), **kind)["session"]
    song = {"artist": "Mira Vale", "track": "Glass Harbour", "timestamp": since()}
    form = {"method": "track.scrobble", "sk": session["key"], "chosenByUser": "1"} | song
    told = wire.send("POST", "/2.0/", urlencode(form | signed), **kind)["scrobbles"]

    assert told["@attr"]["accepted"] == 1
    assert wire.player.heard == ["Glass Harbour"]
