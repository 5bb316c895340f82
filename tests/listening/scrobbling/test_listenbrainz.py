"""A submission in ListenBrainz's form, read without a server."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.scrobbling.listenbrainz import (
    LONGEST_S,
    MOST_BYTES,
    BadListens,
    ListenType,
    read_submission,
)
from tests.factories import NOON

STARTED = int(NOON.timestamp()) - 300
MBID = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"


def listen(*, info=None, **metadata):
    metadata = {"artist_name": "Mira Vale", "track_name": "Glass Harbour"} | metadata
    return {"listened_at": STARTED, "track_metadata": metadata | {"additional_info": info or {}}}


def playing_now(**metadata):
    return {"track_metadata": listen(**metadata)["track_metadata"]}


def read(*listens, listen_type="single"):
    body = json.dumps({"listen_type": listen_type, "payload": listens})
    return read_submission(body.encode(), at=NOON)


def arrival(**parts):
    return read(listen(**parts)).scrobbles[0].arrival


def refusal(*listens, **options):
    with pytest.raises(BadListens) as refused:
        read(*listens, **options)
    return str(refused.value)


def test_a_whole_listen_arrives_with_all_it_says():
    info = {
        "duration_ms": 201000,
        "duration_played": 120,
        "isrc": "GB-XXX-26-00001",
        "spotify_id": "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC?si=1",
        "recording_mbid": MBID.upper(),
        "artist_names": ["Mira Vale", " Salt Road "],
        "media_player": "Navidrome",
        "submission_client": "navidrome",
        "tags": ["dream pop"],
    }

    [scrobble] = read(listen(info=info, release_name="Tidelines")).scrobbles

    heard = scrobble.arrival
    assert heard.started_at == datetime.fromtimestamp(STARTED, UTC)
    assert (heard.artist, heard.title, heard.album) == ("Mira Vale", "Glass Harbour", "Tidelines")
    assert heard.artists == ("Mira Vale", "Salt Road")
    assert (heard.duration_ms, heard.ms_played) == (201000, 120000)
    assert heard.ids == (
        ("isrc", "GBXXX2600001"),
        ("musicbrainz", MBID),
        ("spotify", "4uLU6hMCjMI75M1A2tKUQC"),
    )
    assert scrobble.player == "Navidrome"


def test_what_plays_now_began_now_and_ends_with_the_track():
    submission = read(playing_now(info={"duration": 200}), listen_type="playing_now")

    assert submission.listen_type is ListenType.PLAYING_NOW
    [scrobble] = submission.scrobbles
    assert scrobble.arrival.started_at == NOON
    assert scrobble.plays_until == NOON + timedelta(seconds=200)


def test_what_plays_now_ends_after_ten_minutes_where_nobody_says_how_long_it_is():
    [scrobble] = read(playing_now(), listen_type="playing_now").scrobbles

    assert scrobble.plays_until == NOON + timedelta(minutes=10)


@pytest.mark.parametrize("when", [str(STARTED), STARTED + 0.7, f" {STARTED} "])
def test_the_moment_may_be_a_number_in_other_clothes(when):
    assert int(read(listen() | {"listened_at": when}).scrobbles[0].arrival.started_at.timestamp())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"listened_at": "yesterday"}, "JSON document must contain an int value for listened_at."),
        ({"listened_at": None}, "JSON document must contain an int value for listened_at."),
        ({"listened_at": True}, "JSON document must contain an int value for listened_at."),
        ({"listened_at": [1]}, "JSON document must contain an int value for listened_at."),
        ({"listened_at": 1033430399}, "1033410600 (2002-10-01 00:00:00 UTC)"),
        ({"listened_at": STARTED + 300 + 3600}, "Value for key listened_at is too high."),
        ({"user_name": "mira"}, "may only contain listened_at and track_metadata"),
        ({"track_metadata": None}, "does not contain required track_metadata."),
        ({"track_metadata": {}}, "does not contain required track_metadata."),
    ],
)
def test_a_listen_of_another_shape_is_refused_in_the_words_of_the_reference(change, words):
    assert words in refusal(listen() | change)


def test_the_first_and_the_last_moment_are_taken():
    assert read(listen() | {"listened_at": 1033430400})
    assert read(listen() | {"listened_at": STARTED + 300 + 3599})


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"artist_name": ""}, "required field track_metadata.artist_name is empty."),
        ({"track_name": "  "}, "required field track_metadata.track_name is empty."),
        ({"artist_name": ["a", "b"]}, "track_metadata.artist_name must be a single string."),
        ({"track_name": None}, "track_metadata.track_name must be a single string."),
        ({"additional_info": [1]}, "additional_info must be an object"),
    ],
)
def test_names_must_be_there(metadata, words):
    assert words in refusal(
        {"listened_at": STARTED, "track_metadata": listen()["track_metadata"] | metadata}
    )


@pytest.mark.parametrize(
    ("info", "words"),
    [
        ({"tags": ["a"] * 51}, "may not contain more than 50 items"),
        ({"tags": ["a" * 65]}, "longer than 64 characters"),
        ({"duration": 10, "duration_ms": 10_000}, "both duration and duration_ms"),
        ({"duration": 0}, "Value for duration is invalid, should be a positive integer."),
        ({"duration_ms": "long"}, "Value for duration_ms is invalid"),
        ({"duration": LONGEST_S + 1}, "Value for duration is too high."),
        ({"recording_mbid": "no"}, "recording_mbid MBID format invalid."),
        ({"track_mbid": 5}, "track_mbid MBID format invalid."),
        ({"artist_mbids": [MBID, "no"]}, "artist_mbids MBID format invalid."),
        ({"work_mbids": MBID}, "work_mbids MBID format invalid."),
        ({"label": "a\0b"}, "contains a unicode null"),
        ({"a\0b": 1}, "contains a unicode null"),
        ({"deep": [{"er": ["\0"]}]}, "contains a unicode null"),
    ],
)
def test_what_else_is_said_is_checked_as_the_reference_does(info, words):
    assert words in refusal(listen(info=info))


@pytest.mark.parametrize(
    "info",
    [
        {"tags": ["a" * 64] * 50},
        {"tags": None},
        {"duration": LONGEST_S},
        {"duration": None, "duration_ms": "201000"},
        {"recording_mbid": "", "release_mbid": None, "artist_mbids": [None, "", MBID]},
        {"artist_mbids": None, "work_mbids": []},
        {"isrc": None, "artist_names": "Mira Vale", "duration_played": "some"},
        {"anything": {"else": [1, 2.5, None, True]}},
    ],
)
def test_what_the_reference_takes_is_taken(info):
    assert arrival(info=info).title == "Glass Harbour"


@pytest.mark.parametrize("value", ["201", 201, 201.4, "201.4"])
def test_a_duration_may_be_a_number_in_other_clothes(value):
    assert arrival(info={"duration": value}).duration_ms == 201_000


@pytest.mark.parametrize("empty", ["", None, "  "])
def test_an_album_without_a_name_is_no_album(empty):
    assert arrival(release_name=empty).album == ""


@pytest.mark.parametrize(
    "link",
    ["https://open.spotify.com/playlist/4uLU6hMCjMI75M1A2tKUQC", "https://example.org/", 5, None],
)
def test_a_link_to_something_else_is_no_track_of_spotify(link):
    assert arrival(info={"spotify_id": link}).ids == ()


def test_half_a_letter_does_not_lose_the_listen():
    assert arrival(track_name="Glass \ud83d Harbour").title == "Glass ? Harbour"


def test_no_more_than_a_thousand_at_once():
    assert len(read(*[listen()] * 1000, listen_type="import").scrobbles) == 1000
    assert "more than 1000" in refusal(*[listen()] * 1001, listen_type="import")


def test_a_listen_has_its_size():
    assert f"{MOST_BYTES} characters" in refusal(listen(info={"note": "x" * MOST_BYTES}))


@pytest.mark.parametrize("listen_type", ["single", "playing_now"])
def test_only_an_import_brings_several(listen_type):
    assert "only one" in refusal(listen(), listen(), listen_type=listen_type)


def test_what_plays_now_has_no_moment_and_nothing_beside():
    assert "must not contain listened_at" in refusal(listen(), listen_type="playing_now")
    beside = playing_now() | {"note": 1}
    assert "track_metadata as top level key" in refusal(beside, listen_type="playing_now")


def test_one_bad_listen_refuses_all_and_is_named():
    bad = listen(artist_name="")
    with pytest.raises(BadListens) as refused:
        read(listen(), bad, listen_type="import")

    assert refused.value.listen == bad


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"{",
        b"[]",
        b"null",
        b'"a"',
        b"{}",
        b'{"listen_type": "single"}',
        b'{"listen_type": "single", "payload": []}',
        b'{"listen_type": "single", "payload": {}}',
        b'{"listen_type": "single", "payload": [null]}',
        b'{"listen_type": "other", "payload": [{}]}',
        b'{"listen_type": {}, "payload": [{}]}',
        b"[" * 100_000,
        b'{"listen_type": "single", "payload": [{"listened_at": 1e999}]}',
    ],
)
def test_what_is_no_submission_is_refused(body):
    with pytest.raises(BadListens):
        read_submission(body, at=NOON)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = ["listened_at", "track_metadata", "artist_name", "track_name", "additional_info", "tags"]
KEYS += ["duration", "duration_ms", "recording_mbid", "artist_mbids", "isrc", "spotify_id"]
ODD = st.recursive(
    JSON, lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=6), max_leaves=20
)


@given(listen_type=st.sampled_from(["single", "import", "playing_now"]), odd=ODD, info=ODD)
def test_whatever_comes_is_read_or_refused(listen_type, odd, info):
    whole = listen(info=info if isinstance(info, dict) else {})
    for payload in ([odd], [whole], [whole | odd] if isinstance(odd, dict) else [odd]):
        body = json.dumps({"listen_type": listen_type, "payload": payload}).encode()
        try:
            scrobbles = read_submission(body, at=NOON).scrobbles
        except BadListens:
            scrobbles = []
        assert all(one.arrival.artist and one.arrival.title for one in scrobbles)
