"""Two players that tell of one listening: each key is a clock, and the listening is one play."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils.timezone import now

from catalog.models import Track
from listening.arrivals import Arrival
from listening.models import Import, Play, Sighting
from listening.scrobbling.msid import msid_of
from listening.services.recording import record_plays
from listening.services.undoing import undo_import
from tests.factories import make_artist, make_listener, make_play, make_track
from tests.listening.scrobbling.conftest import Player

pytestmark = pytest.mark.django_db

LENGTH = 200
START = now().replace(microsecond=0) - timedelta(hours=2)


@pytest.fixture
def track():
    return make_track("Glass Harbour", artist=make_artist("Mira Vale"), duration_ms=LENGTH * 1000)


@pytest.fixture
def server(track):
    return Player(make_listener(handle="mira"), name="Navidrome")


@pytest.fixture
def phone(server):
    return Player(server.listener, name="Phone")


def tell(player, *seconds):
    for after in seconds:
        at = int(START.timestamp()) + after
        names = {"artist_name": "Mira Vale", "track_name": "Glass Harbour"}
        player.submit({"listened_at": at, "track_metadata": names})


def starts(listener):
    """When the plays began, in seconds from the start."""
    moments = listener.plays.order_by("started_at").values_list("started_at", flat=True)
    return [(moment - START).total_seconds() for moment in moments]


@pytest.mark.parametrize("gap", [2, -2, LENGTH - 1, 1 - LENGTH])
def test_what_two_players_tell_of_one_listening_is_one_play(server, phone, gap):
    tell(server, 0)
    tell(phone, gap)

    assert starts(server.listener) == [0]
    assert [fate for _title, fate in phone.fates] == ["echo", "new"]
    assert Sighting.objects.get().key == phone.token.pk


@pytest.mark.parametrize("gap", [LENGTH, -LENGTH])
def test_what_began_a_whole_track_away_was_heard_again(server, phone, gap):
    tell(server, 0)
    tell(phone, gap)

    assert starts(server.listener) == sorted([0, gap])


def test_what_was_heard_twice_and_told_by_both_is_two_plays(server, phone):
    tell(server, 0, LENGTH)
    tell(phone, 3, LENGTH + 3)

    assert starts(server.listener) == [0, LENGTH]
    assert Sighting.objects.count() == 2


def test_told_again_it_stays_one_play(server, phone):
    for _ in range(2):
        tell(server, 0)
        tell(phone, 2)

    assert starts(server.listener) == [0]
    assert Sighting.objects.count() == 1


def test_one_player_hears_a_track_as_often_as_it_says(server):
    tell(server, 0, 2, 50)

    assert starts(server.listener) == [0, 2, 50]


def test_one_key_is_one_clock_whatever_it_speaks(server):
    tell(server, 0)
    song = {"artist": "Mira Vale", "track": "Glass Harbour"}
    song["timestamp"] = int(START.timestamp()) + 2
    form = {"method": "track.scrobble", "sk": server.key} | song
    server.ask("POST", "/2.0/", urlencode(form))

    assert starts(server.listener) == [0, 2]


def test_a_play_whose_key_nobody_knows_may_be_of_the_same_player(server, track):
    make_play(server.listener, track, started_at=START, source=Play.Source.SCROBBLE)

    tell(server, 0, 2)

    assert starts(server.listener) == [0, 2]


def test_a_play_is_deleted_by_the_moment_that_either_told(server, phone, track):
    tell(server, 0)
    tell(phone, 2)
    told = {"listened_at": int(START.timestamp()) + 2, "recording_msid": str(msid_of(track.pk))}

    phone.post("/1/delete-listen", told)

    assert starts(server.listener) == []
    assert not Sighting.objects.exists()
    assert not Track.objects.filter(is_verified=False).exists()


def test_an_import_taken_back_leaves_one_play_to_both(server, phone):
    brought = Import.objects.create(
        listener=server.listener, created_at=START, state=Import.State.DONE
    )
    heard = Arrival(START, "Mira Vale", "Glass Harbour", ms_played=180_000)
    record_plays(
        listener=server.listener,
        arrivals=[heard],
        source=Play.Source.LASTFM_FILE,
        source_import=brought,
        at=now(),
    )
    tell(server, 1)
    tell(phone, 3)
    assert starts(server.listener) == [0]

    undo_import(import_=brought, at=now())

    assert starts(server.listener) == [1]
    assert Sighting.objects.get().key == phone.token.pk
