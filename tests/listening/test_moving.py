from datetime import timedelta

import pytest

from accounts.models import Listener
from listening.arrivals import Fate
from listening.models import Import, Mute, Play, PlayingNow, PrivateSession, Sighting, StaleDay
from listening.services.moving import NotMoved, move_plays, undo_move
from listening.services.private import NotPrivate, end_private, go_private
from listening.services.removing import delete_plays
from listening.services.undoing import undo_import
from tests.factories import NOON, make_artist, make_listener, make_track
from tests.listening.test_recording import LASTFM, LATER, arrive, fates, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def listener():
    return make_listener()


@pytest.fixture
def kids(listener):
    return make_listener("Kids", user=listener.user)


@pytest.fixture
def halo():
    return make_track("Halo", artist=make_artist("Beyoncé"))


def move(listener, to, **chosen):
    return move_plays(listener=listener, plays=Play.objects.filter(**chosen), to=to, at=LATER)


def homes():
    return list(Play.objects.order_by("started_at").values_list("listener", flat=True))


def test_plays_go_to_another_profile_and_come_back(listener, kids, halo):
    record(listener, arrive(), arrive(after=500))
    StaleDay.objects.all().delete()

    moved = move(listener, kids, started_at=NOON)

    assert homes() == [kids.pk, listener.pk]
    versions = Listener.objects.order_by("pk").values_list("taste_version", flat=True)
    assert list(versions) == [2, 1]
    assert set(StaleDay.objects.values_list("listener", flat=True)) == {listener.pk, kids.pk}

    assert undo_move(move=moved, at=LATER)
    assert homes() == [listener.pk, listener.pk]
    assert not undo_move(move=moved, at=LATER)


def test_what_is_there_already_stays_one_play_and_is_two_when_it_goes_back(listener, kids, halo):
    record(listener, arrive())
    record(kids, arrive(after=20), source=LASTFM)

    moved = move(listener, kids)
    assert homes() == [kids.pk]

    undo_move(move=moved, at=LATER)
    assert homes() == [listener.pk, kids.pk]
    assert not Sighting.objects.exists()


def test_an_export_that_comes_again_does_not_bring_them_back(listener, kids, halo):
    first = Import.objects.create(listener=listener, created_at=NOON, state=Import.State.DONE)
    again = Import.objects.create(listener=listener, created_at=NOON, state=Import.State.DONE)
    record(listener, arrive(), source_import=first)
    moved = move(listener, kids)

    assert fates(record(listener, arrive(), source_import=again)) == [Fate.KNOWN]
    assert fates(record(listener, arrive(after=9), source=LASTFM)) == [Fate.ECHO]
    assert homes() == [kids.pk]

    undo_import(import_=first, at=LATER)
    assert homes() == [kids.pk]
    assert Play.objects.get().source_import == again

    undo_move(move=moved, at=LATER)
    assert homes() == [listener.pk]


def test_an_undone_import_takes_back_what_was_moved(listener, kids, halo):
    brought = Import.objects.create(listener=listener, created_at=NOON, state=Import.State.DONE)
    record(listener, arrive(), source_import=brought)
    move(listener, kids)

    undo_import(import_=brought, at=LATER)

    assert not Play.objects.exists()


def test_a_mute_goes_with_its_play(listener, kids, halo):
    record(listener, arrive())
    mute = Mute.objects.create(listener=listener, play=Play.objects.get(), made_at=NOON)

    move(listener, kids)

    mute.refresh_from_db()
    assert (mute.play, mute.listener) == (Play.objects.get(), kids)


def test_plays_go_to_no_stranger(listener, halo):
    record(listener, arrive())

    with pytest.raises(NotMoved, match="another profile of yours"):
        move(listener, make_listener())

    assert homes() == [listener.pk]


def test_nobody_elses_plays_are_moved(listener, kids, halo):
    record(make_listener(), arrive())

    with pytest.raises(NotMoved, match="no play"):
        move(listener, kids)


def test_deleted_plays_are_gone_with_all_that_was_told_of_them(listener, halo):
    record(listener, arrive(), arrive("Nobody knows", after=500))
    record(listener, arrive(after=5), source=LASTFM)
    other = make_listener()
    record(other, arrive())
    StaleDay.objects.all().delete()

    assert delete_plays(listener=listener, plays=Play.objects.all(), at=LATER) == 2

    assert homes() == [other.pk]
    assert not Sighting.objects.exists()
    assert not type(halo).objects.filter(title="Nobody knows").exists()
    assert StaleDay.objects.filter(listener=listener, day=NOON.date()).exists()


def test_deleted_plays_come_back_only_if_they_are_told_again(listener, halo):
    record(listener, arrive())
    delete_plays(listener=listener, plays=Play.objects.all(), at=LATER)

    assert fates(record(listener, arrive())) == [Fate.NEW]


def test_a_private_session_lasts_until_it_is_switched_off(listener, halo):
    hour = timedelta(hours=1)
    PlayingNow.objects.create(
        listener=listener, title="Halo", artist_name="B", started_at=NOON, expires_at=LATER
    )

    go_private(listener=listener, at=NOON)
    assert not PlayingNow.objects.exists()
    assert fates(record(listener, arrive(after=60))) == [Fate.INCOGNITO]

    assert end_private(listener=listener, at=NOON + hour)
    assert not end_private(listener=listener, at=NOON + hour)
    assert fates(record(listener, arrive(after=3000), arrive(after=3600))) == [
        Fate.INCOGNITO,
        Fate.NEW,
    ]


def test_a_private_session_may_have_an_end_and_it_may_change(listener):
    go_private(listener=listener, at=NOON, until=NOON + timedelta(hours=1))
    go_private(listener=listener, at=NOON + timedelta(minutes=5), until=NOON + timedelta(hours=2))

    session = PrivateSession.objects.get()
    assert (session.starts_at, session.ends_at) == (NOON, NOON + timedelta(hours=2))
    with pytest.raises(NotPrivate):
        go_private(listener=listener, at=NOON, until=NOON)
