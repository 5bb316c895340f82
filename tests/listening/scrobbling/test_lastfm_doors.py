"""Last.fm's API as we serve it."""

import json
import xml.etree.ElementTree as ET
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.utils.timezone import now

from catalog.models import Track
from listening.api import lastfm, players
from listening.models import LoggedScrobble, PlayingNow, PrivateSession
from listening.services import scrobbling
from tests.factories import make_artist, make_listener, make_play, make_track
from tests.listening.scrobbling.conftest import Player

pytestmark = pytest.mark.django_db

EARLIER = int(now().timestamp()) - 3600
SONG = {"artist": "Mira Vale", "track": "Glass Harbour"}


class LastfmPlayer(Player):
    def call(self, method, *, expect=200, path="/2.0/", **form):
        form = {"method": method, "sk": self.key, "api_key": "x", "api_sig": "y"} | form
        form = {name: value for name, value in form.items() if value is not None}
        response = self.ask(
            "POST",
            path,
            urlencode(form),
            expect=expect,
            content_type="application/x-www-form-urlencoded",
            Authorization=None,
        )
        if form.get("format") == "json":
            return json.loads(response.content)
        assert response["Content-Type"] == "application/xml; charset=utf-8"
        return ET.fromstring(response.content)  # noqa: S314 -- our own answer

    def json(self, method, **options):
        return self.call(method, format="json", **options)


@pytest.fixture
def player(db):
    return LastfmPlayer(make_listener(handle="mira"))


# Who calls


def test_the_password_is_a_key(player):
    session = player.json("auth.getMobileSession", username="mira", password=player.key, sk=None)

    assert session == {"session": {"name": "mira", "key": player.key, "subscriber": 0}}
    xml = player.call("auth.getMobileSession", username="mira", password=player.key, sk=None)
    assert xml.attrib == {"status": "ok"}
    assert xml.findtext("session/key") == player.key


def test_another_password_is_refused(player):
    answer = player.json("auth.getMobileSession", password="wrong", expect=403)

    assert answer["error"] == 4
    xml = player.call("auth.getMobileSession", password="wrong", expect=403)
    assert xml.attrib == {"status": "failed"}
    assert xml.find("error").attrib == {"code": "4"}


@pytest.mark.parametrize("method", ["track.scrobble", "track.love", "user.getInfo"])
def test_without_a_session_nothing_happens(player, method):
    for sk in (None, "wrong", ""):
        answer = player.json(method, sk=sk, timestamp=EARLIER, expect=403, **SONG)
        assert answer == {
            "error": 9,
            "message": "Invalid session key - Please re-authenticate",
        }
    assert player.heard == []


def test_a_key_does_only_what_it_may():
    reader = LastfmPlayer(make_listener(), kind="personal", scopes=["read"])

    assert reader.json("track.scrobble", timestamp=EARLIER, expect=403, **SONG)["error"] == 4
    assert reader.json("track.love", expect=403, **SONG)["error"] == 4
    reader.json("user.getInfo")
    assert reader.heard == []


# Sending


@pytest.mark.parametrize(
    "path", ["/2.0/", "/2.0", "/apis/audioscrobbler/2.0/", "/apis/audioscrobbler/2.0"]
)
@pytest.mark.parametrize("method", ["track.scrobble", "Track.Scrobble", "TRACK.SCROBBLE"])
def test_a_scrobble_is_stored_before_it_is_answered(player, path, method):
    answer = player.json(method, path=path, timestamp=EARLIER, album="Tidelines", **SONG)

    assert answer["scrobbles"]["@attr"] == {"accepted": 1, "ignored": 0}
    assert player.heard == ["Glass Harbour"]
    assert LoggedScrobble.objects.get().protocol == "lastfm"


def test_xml_is_the_default(player):
    xml = player.call("track.scrobble", timestamp=EARLIER, **SONG)

    assert xml.find("scrobbles").attrib == {"accepted": "1", "ignored": "0"}
    assert xml.findtext("scrobbles/scrobble/track") == "Glass Harbour"


def test_fifty_come_at_once_and_what_cannot_be_counted_is_said(player):
    form = {}
    for number in range(50):
        form |= {f"artist[{number}]": "Mira Vale", f"track[{number}]": f"Track {number:02}"}
        form[f"timestamp[{number}]"] = EARLIER - number * 300
    form |= {"artist[3]": "", "timestamp[7]": 5}

    answer = player.json("track.scrobble", **form)

    assert answer["scrobbles"]["@attr"] == {"accepted": 48, "ignored": 2}
    codes = [one["ignoredMessage"]["code"] for one in answer["scrobbles"]["scrobble"]]
    assert (codes[3], codes[7]) == ("1", "3")
    assert len(player.heard) == 48
    reasons = LoggedScrobble.objects.filter(fate="rejected").values_list("reason", flat=True)
    assert len(reasons) == 2


def test_a_call_that_lacks_something_fails_and_is_seen(player):
    assert player.json("track.scrobble", expect=400)["error"] == 6
    assert player.json("track.scrobble", timestamp="noon", expect=400, **SONG)["error"] == 6

    assert [fate for _title, fate in player.fates] == ["rejected", "rejected"]


def test_what_is_on_is_no_play(player):
    answer = player.json("track.updateNowPlaying", duration=200, **SONG)

    assert answer["nowplaying"]["track"] == {"corrected": "0", "#text": "Glass Harbour"}
    assert "timestamp" not in answer["nowplaying"]
    on = PlayingNow.objects.get()
    assert on.expires_at - on.started_at == timedelta(seconds=200)
    assert player.heard == []
    assert player.json("track.updateNowPlaying", artist="Mira Vale", expect=400)["error"] == 6


@pytest.mark.parametrize("duration", ["9" * 5000, "inf", "1e400", "no"])
def test_a_length_that_can_be_none_loses_nothing(player, duration):
    player.json("track.updateNowPlaying", duration=duration, **SONG)
    player.json("track.scrobble", timestamp=EARLIER, duration=duration, **SONG)
    player.json("track.unlove", duration=duration, **SONG)
    player.json("track.love", duration=duration, **SONG)

    assert PlayingNow.objects.exists()
    assert player.heard == ["Glass Harbour"]
    assert player.thought == [("like", "Glass Harbour")]


def test_a_private_session_is_answered_alike_and_leaves_no_trace(player):
    PrivateSession.objects.create(listener=player.listener, starts_at=now() - timedelta(hours=2))

    answer = player.json("track.scrobble", timestamp=EARLIER, **SONG)

    assert answer["scrobbles"]["@attr"] == {"accepted": 1, "ignored": 0}
    assert player.heard == []
    assert not LoggedScrobble.objects.exists()


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json"])
def test_the_form_is_read_whatever_its_type_is_said_to_be(player, content_type):
    form = {"method": "track.scrobble", "sk": player.key, "timestamp": EARLIER} | SONG

    player.ask("POST", "/2.0/?format=json", urlencode(form), content_type=content_type)

    assert player.heard == ["Glass Harbour"]


def test_json_may_be_asked_for_in_three_ways(player):
    form = urlencode({"method": "user.getInfo", "sk": player.key})

    for path, body, headers in (
        ("/2.0/?format=json", form, {}),
        ("/2.0/", f"{form}&format=json", {}),
        ("/2.0/", form, {"Accept": "application/json"}),
    ):
        answer = player.ask("POST", path, body, **headers)
        assert answer["Content-Type"] == "application/json; charset=utf-8"
        assert answer.json()["user"]["name"] == "mira"


@pytest.mark.parametrize("method", ["", "track.getInfo", "\0"])
def test_another_method_is_not_there(player, method):
    assert player.json(method, expect=400)["error"] == 3


def test_too_much_is_not_read(player, monkeypatch):
    monkeypatch.setattr(players, "MOST_BODY", 100)
    answer = player.call("track.scrobble", artist="x" * 200, expect=413)
    assert answer.find("error").attrib == {"code": "6"}
    monkeypatch.setattr(players, "MOST_BODY", 10_000)
    monkeypatch.setattr(players, "MOST_FIELDS", 5)
    player.call("track.scrobble", timestamp=EARLIER, expect=413, **SONG)


def test_too_many_calls_wait(player, monkeypatch):
    monkeypatch.setattr(lastfm, "CALLS_A_MINUTE", 0)
    assert player.json("user.getInfo", expect=429)["error"] == 29

    monkeypatch.setattr(players, "WRONG_KEYS_A_MINUTE", 0)
    assert player.json("user.getInfo", sk="wrong", expect=429)["error"] == 29


def test_a_database_that_is_busy_asks_to_try_again(player, monkeypatch):
    def busy(**_):
        raise OperationalError("locked")

    monkeypatch.setattr(scrobbling, "record_plays", busy)

    assert player.json("track.scrobble", timestamp=EARLIER, expect=503, **SONG)["error"] == 16


# Opinions


def test_a_track_is_loved_and_no_longer(player):
    make_track("Glass Harbour", artist=make_artist("Mira Vale"))

    assert player.json("track.love", **SONG) == {}
    assert player.thought == [("like", "Glass Harbour")]

    assert player.call("track.unlove", **SONG).attrib == {"status": "ok"}
    assert player.thought == []


def test_taking_back_what_was_never_said_makes_no_track(player):
    player.json("track.unlove", **SONG)

    assert not Track.objects.exists()


def test_a_love_of_what_nobody_knew_is_kept(player):
    player.json("track.love", **SONG)

    assert player.thought == [("like", "Glass Harbour")]
    assert player.json("track.love", artist="Mira Vale", expect=400)["error"] == 6


# Looking back


def test_the_user_is_told_of(player):
    make_play(player.listener)

    user = player.json("user.getInfo")["user"]

    assert (user["name"], user["playcount"]) == ("mira", "1")
    assert player.call("user.getInfo").find("user/registered").attrib.keys() == {"unixtime"}


def test_recent_tracks_come_in_pages_with_what_is_on_first(player):
    for number in range(3):
        player.json(
            "track.scrobble",
            artist="Mira Vale",
            track=f"T{number}",
            timestamp=EARLIER + number * 300,
        )
    player.json("track.updateNowPlaying", **SONG)

    told = player.json("user.getRecentTracks", limit=2)["recenttracks"]
    assert [one["name"] for one in told["track"]] == ["Glass Harbour", "T2", "T1"]
    assert told["track"][0]["@attr"] == {"nowplaying": "true"}
    assert told["track"][1]["date"]["uts"] == str(EARLIER + 600)
    assert told["@attr"]["totalPages"] == "2"
    told = player.json("user.getRecentTracks", limit=2, page=2)["recenttracks"]
    assert [one["name"] for one in told["track"]] == ["T0"]

    xml = player.call("user.getRecentTracks", limit="many", page="9" * 30)
    assert xml.findtext("recenttracks/track/name") == "Glass Harbour"
    assert xml.find("recenttracks/track").attrib == {"nowplaying": "true"}
    assert player.json("user.getRecentTracks", page=99)["recenttracks"]["track"] == []
