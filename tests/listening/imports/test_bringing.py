"""Mutes and corrections out of our own export: set again, and taken back with the import."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.models import Artist, MatchHint, Track
from listening.arrivals import Arrival
from listening.models import Correction, ImportRow, Mute, Play, Source
from listening.services import importing
from listening.services.correcting import correct_track, undo_correction
from listening.services.importing import reading
from listening.services.moving import move_plays
from listening.services.muting import lift, mute
from listening.services.recording import record_plays
from tests.factories import make_artist, make_genre, make_listener, make_track
from tests.listening.imports.exports import pack

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
HEARD = "2024-03-01T12:00:00.250000+00:00"
MADE = {"made_at": "2024-05-01T12:00:00+00:00", "lifted_at": None}
RIGHT = {"name": "Salt Road", "artists": ["Mira Vale"]}
WRONG = {"name": "Salt Road (Karaoke)", "artists": ["Noise"]}
CORRECTED = {"wrong": WRONG, "right": RIGHT, "made_at": MADE["made_at"], "undone_at": None}
PLAYS = [{"started_at": HEARD, "title": "Salt Road", "artist": "Mira Vale", "ms_played": 200_000}]


@pytest.fixture
def listener():
    return make_listener()


@pytest.fixture
def bring(tmp_path):
    def bring(listener, **lists):
        files = {
            f"profiles/x/{kind}.json": {"segue": kind, "version": 1, kind: rows}
            for kind, rows in lists.items()
        }
        path = pack(tmp_path / "segue.zip", files)
        import_ = importing.open_import(listener=listener, path=path, at=NOW)
        return importing.read_import(import_, path, at=NOW)

    return bring


def undo(import_):
    importing.undo(import_=import_, at=NOW)


def silent(listener):
    """What is muted, in words."""
    mutes = Mute.objects.in_force().filter(listener=listener).order_by("pk")
    return [(mute.kind, str(mute.thing).partition(" (#")[0]) for mute in mutes]


def scrobble(listener, named, *, at=NOW):
    arrival = Arrival(at, named["artists"][0], named["name"], ms_played=200_000)
    record_plays(listener=listener, arrivals=[arrival], source=Source.SCROBBLE, at=at)


def heard(listener):
    return sorted(listener.plays.values_list("track__title", flat=True))


# Mutes


def test_whatever_was_muted_is_muted_again_when_its_plays_are_in(listener, bring, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 1)
    make_artist("Noise")
    make_genre("polka")
    mutes = [
        MADE | RIGHT | {"on": "play", "started_at": HEARD},
        MADE | RIGHT | {"on": "track"},
        MADE | {"on": "artist", "name": "Noise"},
        MADE | {"on": "genre", "name": "polka"},
        MADE | {"on": "source", "source": "scrobble"},
        MADE | {"on": "time", "starts_at": HEARD, "ends_at": "2024-03-02T00:00:00+00:00"},
    ]

    done = bring(listener, mutes=mutes, plays=PLAYS)

    assert done.counts == {"created": 1, "new": 6}
    play = Play.objects.get()
    assert silent(listener) == [
        ("play", str(play).partition(" (#")[0]),
        ("track", "Salt Road"),
        ("artist", "Noise"),
        ("genre", "polka"),
        ("source", "scrobble"),
        ("starts_at", str(play.started_at)),
    ]
    assert {one.made_at for one in Mute.objects.all()} == {datetime.fromisoformat(MADE["made_at"])}
    listener.refresh_from_db()
    assert listener.taste_version > 0


def test_a_mute_of_a_play_that_echoes_another_is_of_that_one(listener, bring):
    scrobble(listener, RIGHT, at=datetime.fromisoformat(HEARD) + timedelta(seconds=9))

    done = bring(listener, plays=PLAYS, mutes=[MADE | RIGHT | {"on": "play", "started_at": HEARD}])

    assert done.counts == {"echo": 1, "new": 1}
    assert Mute.objects.get().play == Play.objects.get()


def test_what_cannot_be_muted_says_why(listener, bring):
    mutes = [
        MADE | RIGHT | {"on": "play", "started_at": HEARD},
        MADE | {"on": "genre", "name": "No such genre"},
        MADE | {"on": "source", "source": "wax"},
        MADE | {"on": "mood", "name": "sad"},
        MADE | {"on": "time", "starts_at": HEARD, "ends_at": HEARD},
        MADE | {"on": "artist", "name": ""},
        MADE | {"on": "track", "name": "Without an artist", "artists": []},
        {"on": "genre", "name": "polka"},
        MADE | {"on": "artist", "name": "Noise", "lifted_at": "2024-06-01T00:00:00Z"},
    ]

    done = bring(listener, mutes=mutes)

    assert done.counts == {"kept": 1, "rejected": 8}
    assert list(ImportRow.objects.order_by("number").values_list("reason", flat=True)) == [
        "The play that it is of is not here.",
        "Nothing here goes by that name.",
        "There is no such source here.",
        "nothing that we know to be muted",
        "it ends before it begins",
        "no title",
        "Nothing here goes by that name.",
        "no time",
    ]
    assert not Mute.objects.exists()
    assert not Track.objects.exists()


ARTIST = MADE | {"on": "artist", "name": "Noise"}


def test_brought_twice_a_mute_is_one_and_goes_with_the_last_import(listener, bring):
    first, again = (bring(listener, mutes=[ARTIST, ARTIST]) for _ in range(2))
    assert (first.counts, again.counts) == ({"new": 1, "known": 1}, {"known": 2})

    undo(first)
    assert silent(listener) == [("artist", "Noise")]
    undo(again)
    assert not Mute.objects.exists()
    assert not Artist.objects.exists()


@pytest.mark.parametrize("first", ["said here", "brought"])
def test_a_mute_that_was_said_here_stays(listener, bring, first):
    noise = make_artist("Noise")
    if first == "said here":
        mute(listener=listener, artist=noise, at=NOW)
    done = bring(listener, mutes=[ARTIST])
    if first == "brought":
        mute(listener=listener, artist=noise, at=NOW)

    undo(done)

    assert silent(listener) == [("artist", "Noise")]


def test_a_mute_that_was_lifted_since_goes_too(listener, bring):
    done = bring(listener, mutes=[ARTIST])
    lift(muted=Mute.objects.get(), at=NOW)

    undo(done)

    assert not Mute.objects.exists()


def test_a_mute_of_a_play_goes_where_the_play_went(listener, bring):
    sleep = make_listener("Sleep", user=listener.user)
    done = bring(listener, plays=PLAYS, mutes=[MADE | RIGHT | {"on": "play", "started_at": HEARD}])
    scrobble(listener, RIGHT, at=datetime.fromisoformat(HEARD))
    move_plays(listener=listener, plays=Play.objects.all(), to=sleep, at=NOW)
    assert Mute.objects.get().listener == sleep

    undo(done)

    assert heard(sleep) == ["Salt Road"]
    assert not Mute.objects.exists()


# Corrections


def test_a_correction_holds_for_what_is_here_and_what_comes(listener, bring):
    scrobble(listener, WRONG, at=NOW - timedelta(days=1))

    done = bring(listener, corrections=[CORRECTED])
    scrobble(listener, WRONG)

    assert done.counts == {"created": 1}
    assert heard(listener) == ["Salt Road", "Salt Road"]
    assert MatchHint.objects.get().listeners == 1
    assert Correction.objects.get().made_at == datetime.fromisoformat(MADE["made_at"])


def test_undone_the_plays_are_what_they_were_told_to_be(listener, bring):
    scrobble(listener, WRONG, at=NOW - timedelta(days=1))
    done = bring(listener, corrections=[CORRECTED])
    scrobble(listener, WRONG)

    undo(done)

    assert heard(listener) == [WRONG["name"]] * 2
    assert not Correction.objects.exists()
    assert not MatchHint.objects.exists()
    assert [track.title for track in Track.objects.all()] == [WRONG["name"]]


def test_brought_twice_a_correction_is_one_and_goes_with_the_last_import(listener, bring):
    first, again = (bring(listener, corrections=[CORRECTED, CORRECTED]) for _ in range(2))
    assert (first.counts, again.counts) == ({"created": 1, "known": 1}, {"known": 2})
    assert MatchHint.objects.get().listeners == 1

    undo(first)
    assert Correction.objects.holding().count() == 1
    undo(again)
    assert not MatchHint.objects.exists()
    assert not Track.objects.exists()


@pytest.mark.parametrize("first", ["said here", "brought"])
def test_a_correction_that_was_said_here_stays(listener, bring, first):
    wrong = make_track(WRONG["name"], artist=make_artist("Noise"))
    right = make_track(RIGHT["name"], artist=make_artist("Mira Vale"))
    if first == "said here":
        correct_track(listener=listener, wrong=wrong, right=right, at=NOW)
    done = bring(listener, corrections=[CORRECTED])
    if first == "brought":
        correct_track(listener=listener, wrong=wrong, right=right, at=NOW)

    undo(done)

    assert Correction.objects.holding().get().right == right
    assert MatchHint.objects.get().listeners == 1


def test_a_correction_that_was_undone_since_takes_no_second_hint_back(listener, bring):
    other = make_listener()
    done = bring(listener, corrections=[CORRECTED])
    bring(other, corrections=[CORRECTED])
    undo_correction(correction=Correction.objects.get(listener=listener), at=NOW)

    undo(done)

    assert Correction.objects.get().listener == other
    assert MatchHint.objects.get().listeners == 1


def test_what_cannot_be_corrected_says_why_and_leaves_no_track(listener, bring):
    wrong = make_track(WRONG["name"], artist=make_artist("Noise"))
    shown = make_track("Another", artist=make_artist("Somebody"))
    make_track("Other spelling", artist=wrong.artist, canonical=wrong)
    correct_track(listener=listener, wrong=wrong, right=shown, at=NOW)
    merged = {"name": "Other spelling", "artists": ["Noise"]}
    another = {"name": "Another", "artists": ["Somebody"]}

    done = bring(
        listener,
        corrections=[
            CORRECTED,
            CORRECTED | {"wrong": RIGHT},
            CORRECTED | {"wrong": another, "right": merged},
            CORRECTED | {"wrong": {"name": "Without an artist"}},
            CORRECTED | {"wrong": "x"},
            CORRECTED | {"undone_at": "2024-06-01T00:00:00Z"},
        ],
    )

    assert done.counts == {"kept": 1, "rejected": 5}
    assert list(ImportRow.objects.order_by("number").values_list("reason", flat=True)) == [
        "You say something else of this track here.",
        "This is the track it is already.",
        "You said the opposite before. Undo that first.",
        "Nothing here goes by that name.",
        "no title",
    ]
    assert Correction.objects.count() == 1
    assert not Track.objects.filter(title="Salt Road").exists()


def test_any_number_costs_the_same_few_queries(listener, bring, django_assert_max_num_queries):
    mutes = [MADE | {"on": "artist", "name": f"Artist {n}"} for n in range(150)]
    corrections = [
        CORRECTED | {"wrong": {"name": f"Wrong {n}", "artists": ["Noise"]}} for n in range(150)
    ]

    with django_assert_max_num_queries(90):
        done = bring(listener, mutes=mutes, corrections=corrections)

    assert sum(done.counts.values()) == 300
    with django_assert_max_num_queries(150):
        undo(done)
