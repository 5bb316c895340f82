"""ListenBrainz's API as we serve it."""

import gzip
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils.timezone import now

from accounts.models import Partner, Token
from accounts.services import revoke_tokens
from catalog.models import ExternalId, Track
from listening.api import players
from listening.api.listenbrainz_shapes import LAST_SECOND
from listening.models import LoggedScrobble, PlayingNow, PrivateSession
from listening.scrobbling.msid import msid_of
from listening.services import scrobbling
from tests.factories import (
    make_artist,
    make_feedback,
    make_key,
    make_listener,
    make_play,
    make_track,
)
from tests.listening.scrobbling.conftest import Player
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

MBID = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"
EARLIER = int(now().timestamp()) - 3600


def listen(title="Glass Harbour", *, minutes=0, info=None, **metadata):
    metadata = {"artist_name": "Mira Vale", "track_name": title} | metadata
    if info:
        metadata["additional_info"] = info
    return {"listened_at": EARLIER + minutes * 60, "track_metadata": metadata}


def playing_now(**parts):
    return {"track_metadata": listen(**parts)["track_metadata"]}


# Sending


def test_a_listen_is_stored_before_it_is_answered(player):
    assert player.submit(listen(info={"media_player": "Navidrome"})) == {"status": "ok"}

    [play] = player.plays
    assert (play.track.title, play.source) == ("Glass Harbour", "scrobble")
    assert int(play.started_at.timestamp()) == EARLIER
    [logged] = LoggedScrobble.objects.all()
    assert (logged.player, logged.fate, logged.play) == ("Navidrome", "created", play)
    assert logged.key == player.token


def test_the_same_again_is_answered_alike_and_stored_once(player):
    player.submit(listen())

    assert player.submit(listen()) == {"status": "ok"}

    assert player.heard == ["Glass Harbour"]
    assert player.fates == [("Glass Harbour", "known"), ("Glass Harbour", "created")]


def test_an_import_brings_many(player):
    listens = [listen(f"Track {number}", minutes=number) for number in range(30)]

    player.submit(*listens, listen_type="import")

    assert len(player.heard) == 30


def test_one_bad_listen_stores_nothing_and_says_why(player):
    answer = player.submit(listen(), listen(artist_name=" "), listen_type="import", expect=400)

    assert answer["code"] == 400
    assert answer["error"] == "required field track_metadata.artist_name is empty."
    assert answer["track_metadata"]["artist_name"] == " "
    assert player.heard == []
    [logged] = LoggedScrobble.objects.all()
    assert (logged.fate, logged.reason) == ("rejected", answer["error"])


def test_a_refusal_can_echo_anything(player):
    bad = listen("", artist_name="\ud83d", info={"note": "\udcff"})

    assert player.submit(bad, expect=400)["track_metadata"]["artist_name"] == "\ud83d"
    for number in ("NaN", "-Infinity", "1e999"):
        body = f'{{"listen_type": "single", "payload": [{{"listened_at": {number}}}]}}'
        player.ask("POST", "/1/submit-listens", body, expect=400)


def test_what_is_on_is_no_play(player):
    player.submit(playing_now(info={"duration": 200}), listen_type="playing_now")

    assert player.heard == []
    on = PlayingNow.objects.get()
    assert (on.title, on.artist_name) == ("Glass Harbour", "Mira Vale")
    assert on.expires_at - on.started_at == timedelta(seconds=200)


def test_a_recording_is_named_where_asked_for(player):
    track = make_track("Glass Harbour", artist=make_artist("Mira Vale"))

    told = [
        player.submit(listen(), query="?return_msid=true"),
        player.submit(playing_now(), listen_type="playing_now", query="?return_msid=true"),
    ]

    assert told == [{"status": "ok", "recording_msid": str(msid_of(track.pk))}] * 2


def test_a_private_session_is_answered_alike_and_leaves_no_trace(player):
    PrivateSession.objects.create(listener=player.listener, starts_at=now() - timedelta(hours=2))

    assert player.submit(listen()) == {"status": "ok"}
    assert player.submit(playing_now(), listen_type="playing_now") == {"status": "ok"}
    player.submit(listen(artist_name=""), expect=400)

    assert player.heard == []
    assert not LoggedScrobble.objects.exists()
    assert not PlayingNow.objects.exists()
    assert not Track.objects.exists()


@pytest.mark.parametrize(
    "content_type",
    ["", "application/json", "application/json; charset=UTF-8", "text/plain", "nonsense", "a/b"],
)
def test_the_body_is_read_whatever_its_type_is_said_to_be(player, content_type):
    player.submit(listen(), content_type=content_type)

    assert player.heard == ["Glass Harbour"]


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", "*/*"])
def test_the_answer_is_json_whatever_is_accepted(player, accept):
    assert player.submit(listen(), Accept=accept) == {"status": "ok"}


def test_a_zipped_body_is_unzipped(player):
    body = gzip.compress(json.dumps({"listen_type": "single", "payload": [listen()]}).encode())

    player.ask("POST", "/1/submit-listens", body, **{"Content-Encoding": "gzip"})
    player.ask("POST", "/1/submit-listens", b"no", expect=400, **{"Content-Encoding": "gzip"})

    assert player.heard == ["Glass Harbour"]


def test_more_than_a_thousand_large_listens_are_not_read(player, monkeypatch):
    monkeypatch.setattr(players, "MOST_BODY", 2000)
    bomb = gzip.compress(b" " * 100_000)

    player.ask("POST", "/1/submit-listens", b" " * 2001, expect=413)
    player.ask("POST", "/1/submit-listens", bomb, expect=413, **{"Content-Encoding": "gzip"})


def test_a_database_that_is_busy_is_nobody_s_fault(player, monkeypatch):
    def busy(**_):
        raise OperationalError("locked")

    monkeypatch.setattr(scrobbling, "record_plays", busy)

    response = player.ask(
        "POST",
        "/1/submit-listens",
        json.dumps({"listen_type": "single", "payload": [listen()]}),
        expect=503,
    )

    assert response["Retry-After"]
    assert response.json()["code"] == 503


def test_the_last_hundred_or_so_are_kept(player):
    for first in (0, 120):
        told = [listen(f"Track {n}", minutes=n - 240) for n in range(first, first + 120)]
        player.submit(*told, listen_type="import")
    assert len(player.fates) == 200

    player.submit(listen("Track 240", minutes=0))

    kept = [title for title, _fate in player.fates]
    assert kept == [f"Track {n}" for n in range(240, 140, -1)]
    assert len(player.heard) == 241


# Keys


@pytest.mark.parametrize("scheme", ["Token", "token", "Bearer", "TOKEN"])
def test_any_word_stands_before_the_key(player, scheme):
    player.submit(listen(), Authorization=f"{scheme} {player.key}")

    assert player.heard == ["Glass Harbour"]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (None, "You need to provide an Authorization header."),
        ("", "You need to provide an Authorization header."),
        ("Token", "Provided Authorization header is invalid."),
        ("Token wrong", "Invalid authorization token."),
        ("Token \udcff", "Invalid authorization token."),
    ],
)
def test_without_a_key_nothing_is_taken(player, header, words):
    if header and "\udcff" in header:
        header = "Token \u00ff"
    answer = player.submit(listen(), Authorization=header, expect=401)

    assert answer == {"code": 401, "error": words}
    assert player.heard == []


def test_a_revoked_key_opens_nothing(player):
    revoke_tokens(tokens=[player.token], at=now())

    player.submit(listen(), expect=401)


def test_a_partner_s_key_is_no_player_s(player):
    partner = Partner.objects.create(name="Radio", contact_email="radio@example.org")
    Token.objects.create(
        kind="partner", name="x", prefix="x", hash=Token.hash_of("secret"), partner=partner
    )

    player.submit(listen(), Authorization="Token secret", expect=401)


def test_a_key_does_only_what_it_may():
    reader = Player(make_listener(), kind="personal", scopes=["read"])
    liker = Player(reader.listener, kind="personal", scopes=["feedback"])

    assert reader.submit(listen(), expect=403)["code"] == 403
    reader.get(f"/1/user/{reader.listener.handle}/listens")
    reader.post("/1/latest-import", {"ts": 5}, expect=403)
    liker.get(f"/1/user/{reader.listener.handle}/listens", expect=403)
    assert reader.heard == []


def test_a_login_in_the_browser_is_no_key(as_listener):
    body = json.dumps({"listen_type": "single", "payload": [listen()]})

    response = as_listener.post("/1/submit-listens", body, content_type="application/json")

    assert response.status_code == 401


@pytest.mark.parametrize("path", ["/1/validate-token", "/1/validate-token/"])
def test_a_key_can_be_tried(player, path):
    valid = {"code": 200, "message": "Token valid.", "valid": True, "user_name": "mira"}
    invalid = {"code": 200, "message": "Token invalid.", "valid": False}

    assert player.get(path) == valid
    assert player.get(f"{path}?token={player.key}", Authorization=None) == valid
    assert player.get(f"{path}?token=wrong", Authorization=None) == invalid
    assert player.get(path, Authorization="token wrong") == invalid
    assert player.post(path) == valid
    body = json.dumps({"listen_type": "", "payload": None})  # as Navidrome does
    assert player.ask("GET", path, body).json() == valid
    assert player.get(path, Authorization=None, expect=400) == {
        "code": 400,
        "error": "You need to provide an Authorization token.",
    }


# Limits


def test_the_answer_says_how_much_is_left(player):
    first = player.ask("GET", "/1/user/mira/listen-count")
    second = player.ask("GET", "/1/user/mira/listen-count")

    assert int(first["X-RateLimit-Limit"]) == players.CALLS_A_MINUTE
    assert 0 < int(first["X-RateLimit-Reset-In"]) <= 60
    assert int(second["X-RateLimit-Reset"]) > now().timestamp() - 1
    assert int(first["X-RateLimit-Remaining"]) == players.CALLS_A_MINUTE - 1


def test_too_many_calls_wait(player, monkeypatch):
    monkeypatch.setattr(players, "CALLS_A_MINUTE", 0)

    response = player.ask("GET", "/1/user/mira/listen-count", expect=429)

    assert 0 < int(response["Retry-After"]) <= 61
    assert response["X-RateLimit-Remaining"] == "0"
    assert response.json()["code"] == 429


def test_too_many_wrong_keys_wait_and_right_ones_do_not(player, monkeypatch):
    monkeypatch.setattr(players, "WRONG_KEYS_A_MINUTE", 0)

    player.submit(listen(), Authorization="Token wrong", expect=429)
    player.get("/1/validate-token?token=wrong", Authorization=None, expect=429)
    player.submit(listen())


# Browsers


def test_a_browser_may_ask_from_any_page():
    response = Client().options(
        "/1/submit-listens",
        headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"},
    )

    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in response["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in response


def test_another_method_is_refused_in_the_same_form(player):
    answer = player.ask("GET", "/1/submit-listens", expect=405).json()

    assert answer["code"] == 405


# Looking back


def test_listens_come_back_newest_first(player):
    track = make_track("Glass Harbour", artist=make_artist("Mira Vale"))
    ExternalId.objects.create(kind="musicbrainz", value=MBID, track=track, source="curator")
    player.submit(*[listen(minutes=number) for number in range(0, 30, 10)], listen_type="import")

    payload = player.get("/1/user/mira/listens")["payload"]

    assert payload["count"] == 3
    assert payload["user_id"] == "mira"
    assert payload["latest_listen_ts"] == EARLIER + 20 * 60
    assert payload["oldest_listen_ts"] == EARLIER
    moments = [one["listened_at"] - EARLIER for one in payload["listens"]]
    assert moments == [1200, 600, 0]
    told = payload["listens"][0]
    assert told["recording_msid"] == str(msid_of(track.pk))
    assert told["track_metadata"]["artist_name"] == "Mira Vale"
    assert told["track_metadata"]["track_name"] == "Glass Harbour"
    assert told["track_metadata"]["mbid_mapping"]["recording_mbid"] == MBID


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("count=2", [20, 10]),
        ("count=0", []),
        (f"max_ts={EARLIER + 1200}", [10, 0]),
        (f"min_ts={EARLIER}", [20, 10]),
        (f"min_ts={EARLIER}&max_ts={EARLIER + 1200}", [10]),
        ("min_ts=99999999999999", []),
        ("max_ts=99999999999999&count=5000", [20, 10, 0]),
    ],
    ids=["two", "none", "before", "after", "between", "in the far future", "up to it"],
)
def test_a_span_excludes_its_ends(player, query, found):
    player.submit(*[listen(minutes=number) for number in range(0, 30, 10)], listen_type="import")

    listens = player.get(f"/1/user/mira/listens?{query}")["payload"]["listens"]

    assert [(one["listened_at"] - EARLIER) // 60 for one in listens] == found


@pytest.mark.parametrize("query", ["count=-1", "count=x", "min_ts=-5", "max_ts=1e5"])
def test_a_span_that_is_none_is_refused(player, query):
    assert player.get(f"/1/user/mira/listens?{query}", expect=400)["code"] == 400


def test_nobody_looks_at_another_s_listening(player):
    make_listener(handle="nadia")

    for path in ("listens", "listen-count", "playing-now"):
        answer = player.get(f"/1/user/nadia/{path}", expect=404)
        assert answer == {"code": 404, "error": "Cannot find user: nadia"}
        assert player.get(f"/1/user/nobody/{path}", expect=404)["code"] == 404
        player.get(f"/1/user/mira/{path}", Authorization=None, expect=401)
        player.get(f"/1/user/MIRA/{path}/")


def test_plays_are_counted(player):
    make_play(player.listener)
    make_play()

    assert player.get("/1/user/mira/listen-count") == {"payload": {"count": 1}}


@pytest.mark.parametrize("is_known", [True, False])
def test_what_is_on_can_be_asked_for(player, is_known):
    assert player.get("/1/user/mira/playing-now")["payload"]["listens"] == []
    if is_known:
        make_track("Glass Harbour", artist=make_artist("Mira Vale"))
    msid = player.submit(playing_now(), listen_type="playing_now", query="?return_msid=true")

    payload = player.get("/1/user/mira/playing-now")["payload"]

    assert payload["playing_now"] is True
    [told] = payload["listens"]
    assert told["track_metadata"]["track_name"] == "Glass Harbour"
    assert told["recording_msid"] == msid["recording_msid"]


def test_what_was_on_is_over_in_time_or_when_told(player):
    player.submit(playing_now(), listen_type="playing_now")
    player.post("/1/playing-now/delete")
    assert player.get("/1/user/mira/playing-now")["payload"]["count"] == 0

    player.submit(playing_now(), listen_type="playing_now")
    PlayingNow.objects.update(expires_at=now())
    assert player.get("/1/user/mira/playing-now")["payload"]["count"] == 0


def test_looking_back_costs_the_same_however_much_there_is(player):
    headers = {"Authorization": f"Token {player.key}"}
    for path in ("/1/user/mira/listens", "/1/feedback/user/mira/get-feedback"):
        make_play(player.listener)
        make_feedback(player.listener)
        before = count_queries(player.client, path, **headers)
        for _ in range(4):
            make_play(player.listener)
            make_feedback(player.listener)
        assert count_queries(player.client, path, **headers) == before


# Taking back


def test_a_listen_can_be_deleted_by_what_was_told_of_it(player):
    player.submit(listen(), listen("Tidelines", minutes=5), listen_type="import")
    told = player.get("/1/user/mira/listens")["payload"]["listens"][0]

    player.post(
        "/1/delete-listen",
        {"listened_at": told["listened_at"], "recording_msid": told["recording_msid"]},
    )

    assert player.heard == ["Glass Harbour"]
    assert not Track.objects.filter(title="Tidelines").exists()


def test_deleting_what_is_not_there_is_no_error(player):
    theirs = make_play()

    for msid in (uuid4(), msid_of(theirs.track_id)):
        at = int(theirs.started_at.timestamp())
        player.post("/1/delete-listen", {"listened_at": at, "recording_msid": str(msid)})

    theirs.refresh_from_db()


@pytest.mark.parametrize("at", [LAST_SECOND, LAST_SECOND - 1, 0])
def test_a_deletion_takes_any_moment_a_calendar_has(player, at):
    mine = make_play(listener=player.listener)
    said = {"listened_at": at, "recording_msid": str(msid_of(mine.track_id))}

    player.post("/1/delete-listen", said)

    mine.refresh_from_db()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"listened_at": "noon", "recording_msid": MBID},
        {"listened_at": 5, "recording_msid": "no"},
        {"listened_at": -1, "recording_msid": MBID},
        {"listened_at": 10**20, "recording_msid": MBID},
    ],
)
def test_a_deletion_needs_both(player, said):
    assert player.post("/1/delete-listen", said, expect=400)["code"] == 400


# Opinions


def test_a_recording_is_liked_disliked_and_neither(player):
    track = make_track("Glass Harbour")
    for score, thought in ((1, "like"), (-1, "dislike"), (0, None), ("1", "like")):
        player.post(
            "/1/feedback/recording-feedback",
            {"recording_msid": str(msid_of(track.pk)), "score": score},
        )
        assert player.thought == ([(thought, "Glass Harbour")] if thought else [])


def test_a_recording_may_be_named_by_its_musicbrainz_id(player):
    track = make_track("Glass Harbour")
    ExternalId.objects.create(kind="musicbrainz", value=MBID, track=track, source="curator")

    player.post("/1/feedback/recording-feedback", {"recording_mbid": MBID, "score": 1})

    assert player.thought == [("like", "Glass Harbour")]


def test_a_like_of_what_was_merged_is_a_like_of_what_it_is_now(player):
    survivor = make_track("Glass Harbour")
    merged = make_track("Glass Harbor", canonical=survivor)

    player.post(
        "/1/feedback/recording-feedback", {"recording_msid": str(msid_of(merged.pk)), "score": 1}
    )

    assert player.thought == [("like", "Glass Harbour")]


def test_what_is_on_can_be_liked_before_anybody_knew_it(player):
    told = player.submit(playing_now(), listen_type="playing_now", query="?return_msid=true")

    player.post(
        "/1/feedback/recording-feedback", {"recording_msid": told["recording_msid"], "score": 1}
    )

    assert player.thought == [("like", "Glass Harbour")]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 400),
        ({"score": 1}, 400),
        ({"recording_mbid": MBID, "score": 2}, 400),
        ({"recording_mbid": "no", "score": 1}, 400),
        ({"recording_mbid": MBID, "score": 1}, 404),
        ({"recording_msid": MBID, "score": 1}, 404),
    ],
)
def test_an_opinion_is_on_something(player, said, status):
    answer = player.post("/1/feedback/recording-feedback", said, expect=status)

    assert answer["code"] == status


def test_opinions_come_back(player):
    liked, disliked = make_track("Glass Harbour"), make_track("Tidelines")
    for track, score in ((liked, 1), (disliked, -1)):
        player.post(
            "/1/feedback/recording-feedback",
            {"recording_msid": str(msid_of(track.pk)), "score": score},
        )
    path = "/1/feedback/user/mira/get-feedback"

    told = player.get(f"{path}?metadata=true&count=1")
    assert (told["count"], told["total_count"], told["offset"]) == (1, 2, 0)
    [newest] = told["feedback"]
    assert (newest["score"], newest["recording_msid"]) == (-1, str(msid_of(disliked.pk)))
    assert newest["track_metadata"]["track_name"] == "Tidelines"
    assert [one["score"] for one in player.get(f"{path}?offset=1")["feedback"]] == [1]
    assert [one["score"] for one in player.get(f"{path}?score=1")["feedback"]] == [1]
    player.get(f"{path}?score=5", expect=400)
    player.get("/1/feedback/user/nadia/get-feedback", expect=404)


# How far an importer is


def test_an_importer_remembers_how_far_it_is(player):
    assert player.get("/1/latest-import?user_name=mira") == {
        "musicbrainz_id": "mira",
        "latest_import": 0,
    }

    player.post("/1/latest-import", {"ts": EARLIER})
    player.post("/1/latest-import", {"ts": EARLIER - 5})

    assert player.get("/1/latest-import")["latest_import"] == EARLIER
    player.get("/1/latest-import?user_name=nadia", expect=404)
    for wrong in ("noon", -1, EARLIER + 10_000, 10**30):
        player.post("/1/latest-import", {"ts": wrong}, expect=400)


def test_what_somebody_sends_stays_with_the_profile_of_the_key(player):
    other = Player(make_listener("Sleep", user=player.listener.user))

    other.submit(listen())

    assert player.heard == []
    assert other.heard == ["Glass Harbour"]


def test_a_key_of_many_uses_is_found_by_its_hash_alone(player, django_assert_max_num_queries):
    make_key(player.listener)
    player.get("/1/user/mira/listen-count")

    with django_assert_max_num_queries(2):  # the key, the count
        player.get("/1/user/mira/listen-count")
