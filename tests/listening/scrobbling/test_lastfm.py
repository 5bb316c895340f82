"""A call in Last.fm's form, and the answers, without a server."""

import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.scrobbling import lastfm_answers as answers
from listening.scrobbling.lastfm import (
    Error,
    Failed,
    Ignored,
    read_love,
    read_now_playing,
    read_scrobbles,
)
from tests.factories import NOON

STARTED = int(NOON.timestamp()) - 300
MBID = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"
SONG = {"artist": "Mira Vale", "track": "Glass Harbour", "timestamp": str(STARTED)}


def indexed(number, **fields):
    return {f"{name}[{number}]": value for name, value in (SONG | fields).items()}


def parsed(xml):
    return ET.fromstring(xml.encode())  # noqa: S314 -- our own answer


def failure(form):
    with pytest.raises(Failed) as failed:
        read_scrobbles(form, at=NOON)
    return failed.value.error


def test_one_scrobble_needs_no_brackets():
    form = SONG | {"album": "Tidelines", "duration": "201", "mbid": MBID, "sk": "key"}

    [said] = read_scrobbles(form, at=NOON)

    heard = said.scrobble.arrival
    assert (heard.artist, heard.title, heard.album) == ("Mira Vale", "Glass Harbour", "Tidelines")
    assert int(heard.started_at.timestamp()) == STARTED
    assert (heard.duration_ms, heard.ids) == (201_000, (("musicbrainz", MBID),))
    assert said.ignored is Ignored.NOT


def test_fifty_come_in_the_order_of_their_numbers():
    form = {}
    for number in reversed(range(50)):
        form |= indexed(number, track=f"Track {number}")

    said = read_scrobbles(form, at=NOON)

    assert [one.track for one in said] == [f"Track {number}" for number in range(50)]
    assert failure(form | indexed(50)) is Error.INVALID_PARAMETERS


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"artist": " "}, Ignored.ARTIST),
        ({"track": ""}, Ignored.TRACK),
        ({"timestamp": "1033430399"}, Ignored.TOO_OLD),
        ({"timestamp": str(STARTED + 300 + 3600)}, Ignored.TOO_NEW),
    ],
)
def test_one_that_cannot_be_counted_is_left_out_and_the_others_stay(change, why):
    said = read_scrobbles(indexed(0) | indexed(1, **change), at=NOON)

    assert [one.ignored for one in said] == [Ignored.NOT, why]
    assert said[1].scrobble is None


@pytest.mark.parametrize("form", [{}, {"sk": "key"}, SONG | {"timestamp": "noon"}])
def test_a_call_without_what_it_needs_fails_whole(form):
    assert failure(form) is Error.INVALID_PARAMETERS


@pytest.mark.parametrize("mbid", ["", "no", "8f3471b5"])
def test_a_bad_id_does_not_lose_the_scrobble(mbid):
    assert read_scrobbles(SONG | {"mbid": mbid}, at=NOON)[0].scrobble.arrival.ids == ()


@pytest.mark.parametrize(
    "duration",
    ["", "0", "-5", "long", "²", "9" * 30, "9" * 5000, "9" * 400 + ".5", "1e3", "inf", ".5"],
)
def test_a_bad_duration_does_not_lose_the_scrobble(duration):
    [said] = read_scrobbles(SONG | {"duration": duration}, at=NOON)

    assert said.scrobble.arrival.duration_ms is None


@pytest.mark.parametrize("duration", ["201", " 201 ", "201.4", "201.", "0201"])
def test_a_duration_is_taken_in_whole_seconds(duration):
    [said] = read_scrobbles(SONG | {"duration": duration}, at=NOON)

    assert said.scrobble.arrival.duration_ms == 201_000


@pytest.mark.parametrize("moment", ["9" * 5000, "1e400", "inf", "nan", "-" + "9" * 30])
def test_a_moment_that_no_calendar_has_fails_the_call(moment):
    assert failure(SONG | {"timestamp": moment}) is Error.INVALID_PARAMETERS


def test_what_plays_now_began_now():
    said = read_now_playing({"artist": "Mira Vale", "track": "Glass Harbour"}, at=NOON)

    assert said.scrobble.arrival.started_at == NOON
    with pytest.raises(Failed):
        read_now_playing({"artist": "Mira Vale"}, at=NOON)


def test_love_names_a_track():
    assert read_love(SONG, at=NOON).title == "Glass Harbour"
    with pytest.raises(Failed):
        read_love({"track": "Glass Harbour"}, at=NOON)


TEXT = st.text(max_size=20)


@given(
    form=st.dictionaries(
        st.sampled_from(
            [f"{name}{end}" for name in (*SONG, "duration", "mbid") for end in ("", "[0]", "[7]")]
        ),
        TEXT | st.integers().map(str),
    )
)
def test_whatever_comes_is_read_or_refused_and_answered(form):
    try:
        said = read_scrobbles(form, at=NOON)
    except Failed as failed:
        parsed(answers.error_as_xml(failed))
        return
    tree = answers.scrobbled(said)
    told = parsed(answers.as_xml(tree)).findall("scrobbles/scrobble")
    assert len(told) == len(said)
    assert json.loads(answers.as_json(tree))["scrobbles"]["@attr"]["accepted"] == sum(
        1 for one in said if one.scrobble
    )


def test_the_answer_to_one_is_an_object_and_to_several_a_list():
    one = read_scrobbles(SONG, at=NOON)
    two = read_scrobbles(indexed(0) | indexed(1, artist=""), at=NOON)

    told = json.loads(answers.as_json(answers.scrobbled(one)))["scrobbles"]
    assert told == {
        "@attr": {"accepted": 1, "ignored": 0},
        "scrobble": {
            "artist": {"corrected": "0", "#text": "Mira Vale"},
            "track": {"corrected": "0", "#text": "Glass Harbour"},
            "album": {"corrected": "0", "#text": ""},
            "albumArtist": {"corrected": "0", "#text": ""},
            "ignoredMessage": {"code": "0", "#text": ""},
            "timestamp": str(STARTED),
        },
    }
    told = json.loads(answers.as_json(answers.scrobbled(two)))["scrobbles"]
    assert told["@attr"] == {"accepted": 1, "ignored": 1}
    assert [each["ignoredMessage"]["code"] for each in told["scrobble"]] == ["0", "1"]


def test_xml_has_attributes_where_json_has_names_beside_the_text():
    xml = parsed(answers.as_xml(answers.scrobbled(read_scrobbles(SONG, at=NOON))))

    assert xml.attrib == {"status": "ok"}
    assert xml.find("scrobbles").attrib == {"accepted": "1", "ignored": "0"}
    assert xml.find("scrobbles/scrobble/artist").attrib == {"corrected": "0"}
    assert xml.find("scrobbles/scrobble/artist").text == "Mira Vale"


def test_xml_says_what_failed():
    xml = parsed(answers.error_as_xml(Failed(Error.INVALID_SESSION)))

    assert xml.attrib == {"status": "failed"}
    assert xml.find("error").attrib == {"code": "9"}
    assert xml.find("error").text == "Invalid session key - Please re-authenticate"
