"""AudioScrobbler 1.2, read without a server."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.scrobbling.audioscrobbler import (
    Failed,
    read_handshake,
    read_now_playing,
    read_scrobbles,
)
from tests.factories import NOON

STARTED = int(NOON.timestamp()) - 300
KEY = "k" * 43


def md5(text):
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def hands(**fields):
    then = fields.get("t", str(int(NOON.timestamp())))
    proof = md5(md5(KEY) + then)
    return (
        {"hs": "true", "p": "1.2", "c": "mdc", "v": "0.25", "u": "mira", "t": then}
        | {"a": proof}
        | fields
    )


def entry(number, **fields):
    song = {
        "a": "Mira Vale",
        "t": "Glass Harbour",
        "i": str(STARTED),
        "o": "P",
        "r": "",
        "l": "201",
    }
    song |= {"b": "Tidelines", "n": "4", "m": ""}
    return {f"{name}[{number}]": value for name, value in (song | fields).items()}


def test_whoever_has_the_key_can_prove_it():
    handshake = read_handshake(hands(), at=NOON)

    assert handshake.user == "mira"
    assert handshake.is_proven_by(md5(KEY))
    assert not handshake.is_proven_by(md5("another"))
    assert not read_handshake(hands(a=""), at=NOON).is_proven_by(md5(KEY))


@pytest.mark.parametrize("minutes", [-3, 3])
def test_a_clock_may_be_three_minutes_off_and_no_more(minutes):
    then = int(NOON.timestamp()) + minutes * 60

    assert read_handshake(hands(t=str(then)), at=NOON)
    for wrong in (then + (1 if minutes > 0 else -1), "soon", "", "²", "9" * 20):
        with pytest.raises(Failed, match="BADTIME"):
            read_handshake(hands(t=str(wrong)), at=NOON)


@pytest.mark.parametrize("fields", [{"p": "1.1"}, {"hs": ""}])
def test_another_protocol_is_refused(fields):
    with pytest.raises(Failed, match="FAILED"):
        read_handshake(hands(**fields), at=NOON)


def test_a_submission_brings_up_to_fifty():
    form = {"s": "session"}
    for number in range(50):
        form |= entry(number, t=f"Track {number}")

    scrobbles = read_scrobbles(form, at=NOON)

    assert [one.arrival.title for one in scrobbles] == [f"Track {number}" for number in range(50)]
    assert scrobbles[0].arrival.duration_ms == 201_000


def test_what_is_skipped_without_a_name_or_a_moment_is_left_out():
    form = entry(0) | entry(1, r="S") | entry(2, a="") | entry(3, i="") | entry(4, i="5")

    assert len(read_scrobbles(form, at=NOON)) == 1


def test_a_loved_track_says_so():
    assert [one.is_loved for one in read_scrobbles(entry(0, r="L") | entry(1), at=NOON)] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("length", "duration_ms"), [("201.4", 201_000), ("", None), ("9" * 5000, None)]
)
def test_a_length_is_taken_where_it_can_be_one(length, duration_ms):
    [scrobble] = read_scrobbles(entry(0, l=length), at=NOON)

    assert scrobble.arrival.duration_ms == duration_ms


def test_nothing_at_all_fails():
    with pytest.raises(Failed, match="FAILED"):
        read_scrobbles({"s": "session"}, at=NOON)


def test_what_plays_now_needs_its_names():
    assert read_now_playing({"a": "Mira Vale", "t": "Glass Harbour"}, at=NOON).arrival.album == ""
    with pytest.raises(Failed, match="FAILED"):
        read_now_playing({"a": "Mira Vale"}, at=NOON)


@given(
    form=st.dictionaries(
        st.sampled_from([f"{name}[{number}]" for name in "atiorlbnm" for number in (0, 9)]),
        st.text(max_size=20) | st.integers().map(str),
    )
)
def test_whatever_comes_is_read_or_refused(form):
    try:
        scrobbles = read_scrobbles(form, at=NOON)
    except Failed:
        scrobbles = []
    assert all(one.arrival.artist and one.arrival.title for one in scrobbles)
