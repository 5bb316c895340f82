from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Album, Artist, Track
from listening.arrivals import Fate
from listening.models import Import, Mute, Play, Sighting, StaleDay
from listening.services.undoing import NotUndone, undo_import
from tests.factories import NOON, make_artist, make_feedback, make_listener, make_track
from tests.listening.test_recording import LASTFM, LATER, arrive, fates, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def listener():
    return make_listener()


@pytest.fixture
def halo():
    return make_track("Halo", artist=make_artist("Beyoncé"))


def make_import(listener, **fields):
    fields = {"created_at": NOON, "state": Import.State.DONE} | fields
    return Import.objects.create(listener=listener, **fields)


def undo(import_):
    return undo_import(import_=import_, at=LATER)


def test_what_only_the_import_told_is_gone(listener, halo):
    brought = make_import(listener)
    record(listener, arrive(after=9000))
    record(listener, arrive(), arrive(after=500), source_import=brought)
    StaleDay.objects.all().delete()

    assert undo(brought) == 2

    assert Play.objects.get().started_at == NOON + timedelta(seconds=9000)
    assert brought.state == Import.State.UNDONE
    assert StaleDay.objects.filter(listener=listener, day=NOON.date()).exists()
    listener.refresh_from_db()
    assert listener.taste_version == 3


def test_undoing_again_changes_nothing(listener, halo):
    brought = make_import(listener)
    record(listener, arrive(), source_import=brought)
    undo(brought)
    record(listener, arrive())

    assert undo(brought) == 0
    assert Play.objects.count() == 1


def test_tracks_that_only_the_import_knew_go_with_it(listener):
    brought = make_import(listener)
    record(
        listener,
        arrive("Duet", "Ana & Bo", artists=("Ana", "Bo"), album="Late", ids=(("isrc", "X1"),)),
        source_import=brought,
    )

    undo(brought)

    assert not Track.objects.exists()
    assert not Album.objects.exists()
    assert not Artist.objects.exists()


def test_a_track_that_somebody_uses_stays(listener):
    brought = make_import(listener)
    record(listener, arrive("Liked"), arrive("Heard"), arrive("Neither"), source_import=brought)
    liked, heard = Track.objects.get(title="Liked"), Track.objects.get(title="Heard")
    make_feedback(listener, track=liked)
    record(make_listener(), arrive("Heard"))

    undo(brought)

    assert set(Track.objects.all()) == {liked, heard}
    assert Artist.objects.get().name == "Beyoncé"


def test_a_play_that_another_import_knew_too_is_that_imports(listener, halo):
    first, second = make_import(listener), make_import(listener)
    record(listener, arrive(), source_import=first)
    assert fates(record(listener, arrive(ms_played=90_000), source_import=second)) == [Fate.KNOWN]

    undo(first)

    play = Play.objects.get()
    assert (play.source_import, play.ms_played) == (second, 90_000)
    undo(second)
    assert not Play.objects.exists()


def test_two_plays_that_one_hid_are_two_again(listener, halo):
    brought = make_import(listener)
    record(listener, arrive(), source_import=brought)
    echoes = record(listener, arrive(after=-150), arrive(after=150), source=LASTFM)
    assert fates(echoes) == [Fate.ECHO, Fate.ECHO]

    undo(brought)

    assert Play.objects.filter(source=LASTFM).count() == 2
    assert not Sighting.objects.exists()


def test_a_mute_stays_on_what_becomes_of_its_play(listener, halo):
    brought = make_import(listener)
    record(listener, arrive(), source_import=brought)
    record(listener, arrive(after=20), source=LASTFM)
    mute = Mute.objects.create(listener=listener, play=Play.objects.get(), made_at=NOON)

    undo(brought)

    mute.refresh_from_db()
    assert mute.play == Play.objects.get()
    assert mute.play.source == LASTFM


def test_an_import_under_way_is_not_undone(listener, halo):
    brought = make_import(listener, state=Import.State.RUNNING)
    record(listener, arrive(), source_import=brought)

    with pytest.raises(NotUndone, match="Stop this import first"):
        undo(brought)

    assert Play.objects.count() == 1


def test_any_number_costs_the_same_queries(listener):
    def queries(n):
        brought = make_import(listener)
        record(
            listener,
            *(arrive(f"Night {k}", f"Artist {k}", album="Late", after=k) for k in range(n)),
            source_import=brought,
        )
        record(
            listener,
            *(arrive(f"Night {k}", f"Artist {k}", after=k + 5) for k in range(0, n, 2)),
            source=LASTFM,
        )
        with CaptureQueriesContext(connection) as queries:
            undo(brought)
        Play.objects.all().delete()
        return len(queries)

    queries(2)
    assert queries(40) == queries(4)
