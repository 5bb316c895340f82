"""AudioScrobbler 1.2 as we serve it: every answer is a line, and has status 200."""

from urllib.parse import urlencode

import pytest
from django.utils.timezone import now

from accounts.models import Token
from accounts.services import revoke_tokens
from listening.api import audioscrobbler, players
from listening.models import LoggedScrobble, PlayingNow
from tests.factories import make_listener
from tests.listening.scrobbling.conftest import Player

pytestmark = pytest.mark.django_db

EARLIER = int(now().timestamp()) - 3600


class OldPlayer(Player):
    def hands(self, **fields):
        then = str(int(now().timestamp()) + fields.pop("late", 0))
        form = {"hs": "true", "p": "1.2", "c": "mdc", "v": "0.25", "u": "mira", "t": then}
        return form | {"a": Token.md5_of(Token.md5_of(self.key) + then)} | fields

    def shake(self, path="/audioscrobbler/", **fields):
        answer = self.ask("GET", f"{path}?{urlencode(self.hands(**fields))}", Authorization=None)
        assert answer["Content-Type"].startswith("text/plain")
        return answer.content.decode().splitlines()

    def send(self, url, form):
        path = url.removeprefix("http://testserver")
        answer = self.ask("POST", path, urlencode(form), Authorization=None)
        return answer.content.decode()


@pytest.fixture
def player(db):
    return OldPlayer(make_listener(handle="mira"), handshakes=True)


def song(session, **fields):
    names = {"a": "Mira Vale", "t": "Glass Harbour", "i": EARLIER, "o": "P", "r": "", "l": 201}
    names |= {"b": "Tidelines", "n": "4", "m": ""} | fields
    return {"s": session} | {f"{name}[0]": value for name, value in names.items()}


def test_a_player_shakes_hands_says_what_is_on_and_sends(player):
    ok, session, playing, submit = player.shake()
    assert ok == "OK"

    assert (
        player.send(playing, {"s": session, "a": "Mira Vale", "t": "Glass Harbour", "l": 201})
        == "OK\n"
    )
    assert player.send(submit, song(session)) == "OK\n"

    assert PlayingNow.objects.get().title == "Glass Harbour"
    assert player.heard == ["Glass Harbour"]
    assert LoggedScrobble.objects.get().protocol == "audioscrobbler"
    player.token.refresh_from_db()
    assert player.token.last_used_at


def test_a_loved_track_is_liked(player):
    _ok, session, _playing, submit = player.shake("/audioscrobbler")

    # mpdscribble says "r" twice, first empty
    player.send(submit, song(session) | {"r[0]": "L"})

    assert player.thought == [("like", "Glass Harbour")]


def test_a_proof_counts_once(player):
    form = self_same = player.hands()
    url = f"/audioscrobbler/?{urlencode(form)}"

    assert player.ask("GET", url, Authorization=None).content.startswith(b"OK\n")
    assert form == self_same
    assert player.ask("GET", url, Authorization=None).content == b"BADAUTH\n"


@pytest.mark.parametrize("fields", [{"a": "wrong"}, {"a": ""}, {"u": "nadia"}, {"u": ""}])
def test_a_wrong_proof_is_refused(player, fields):
    assert player.shake(**fields) == ["BADAUTH"]


def test_a_key_that_was_not_made_for_it_proves_nothing():
    player = OldPlayer(make_listener(handle="mira"))

    assert player.shake() == ["BADAUTH"]


def test_a_clock_that_is_off_is_told_so(player):
    assert player.shake(late=-600) == ["BADTIME"]


@pytest.mark.parametrize("session", ["", "1", "1-", "x-y", "²-y", "99999999999999999999-a"])
def test_a_session_that_is_none_is_refused_politely(player, session):
    assert player.send("/audioscrobbler/submit", song(session)) == "BADSESSION\n"
    assert player.send("/audioscrobbler/playing", {"s": session}) == "BADSESSION\n"


def test_a_session_ends_with_its_key(player):
    _ok, session, _playing, submit = player.shake()
    revoke_tokens(tokens=[player.token], at=now())

    assert player.send(submit, song(session)) == "BADSESSION\n"
    assert player.shake() == ["BADAUTH"]
    assert player.heard == []


def test_the_session_of_one_key_is_none_of_another(player):
    other = OldPlayer(make_listener(), handshakes=True)
    _ok, session, _playing, submit = player.shake()
    proof = session.partition("-")[2]

    assert player.send(submit, song(f"{other.token.pk}-{proof}")) == "BADSESSION\n"


def test_what_lacks_something_fails_and_is_seen(player):
    _ok, session, playing, submit = player.shake()

    assert player.send(submit, {"s": session}).startswith("FAILED ")
    assert player.send(playing, {"s": session}).startswith("FAILED ")
    assert [fate for _title, fate in player.fates] == ["rejected"]


def test_a_key_does_only_what_it_may():
    player = OldPlayer(
        make_listener(handle="mira"), kind="personal", scopes=["read"], handshakes=True
    )
    _ok, session, _playing, submit = player.shake()

    assert player.send(submit, song(session)).startswith("FAILED ")
    assert player.heard == []


def test_limits_are_told_in_a_line(player, monkeypatch):
    _ok, session, _playing, submit = player.shake()
    monkeypatch.setattr(audioscrobbler, "CALLS_A_MINUTE", 0)

    assert player.send(submit, song(session)).startswith("FAILED Too many")
    assert player.shake()[0].startswith("FAILED Too many")
    monkeypatch.setattr(players, "MOST_BODY", 10)
    assert player.send(submit, song(session)) == "FAILED The request is too large\n"
