from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import MatchHint, Track
from catalog.services import merging, reviewing
from listening.arrivals import Fate
from listening.models import Correction, Import, Mute, Play, Sighting, StaleDay
from listening.services.correcting import (
    NotCorrected,
    correct_play,
    correct_track,
    restore_play,
    track_named,
    undo_correction,
)
from listening.services.undoing import undo_import
from tests.factories import NOON, make_artist, make_listener, make_track
from tests.listening.test_recording import LASTFM, LATER, arrive, fates, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def listener():
    return make_listener()


@pytest.fixture
def halo():
    return make_track("Halo", artist=make_artist("Beyoncé"))


@pytest.fixture
def live():
    return make_track("Halo - Live", artist=make_artist("Beyoncé Live"))


def correct(listener, wrong, right):
    return correct_track(listener=listener, wrong=wrong, right=right, at=LATER)


def tracks():
    return [play.track for play in Play.objects.select_related("track").order_by("started_at")]


def test_a_correction_holds_for_past_and_future_plays(listener, halo, live):
    record(listener, arrive(), arrive(after=500))
    StaleDay.objects.all().delete()

    correct(listener, halo, live)
    (outcome,) = record(listener, arrive(after=1000))

    assert tracks() == [live] * 3
    assert outcome.track == live.pk
    assert StaleDay.objects.exists()
    listener.refresh_from_db()
    assert listener.taste_version == 3


def test_it_is_the_listeners_alone(listener, halo, live):
    other = make_listener()
    record(other, arrive())

    correct(listener, halo, live)
    record(other, arrive(after=500))

    assert tracks() == [halo, halo]


def test_curators_see_how_many_say_so_first_of_all(listener, halo):
    other = make_listener()
    for one in (listener, other):
        record(one, arrive("Hallo", "Bjonce"))
    came = Track.objects.get(title="Hallo")

    said = [correct(one, came, halo) for one in (listener, other)]
    (found,) = reviewing.suggestions(came)
    assert (found.track, found.listeners) == (halo, 2)

    undo_correction(correction=said[0], at=LATER)
    assert reviewing.suggestions(came)[0].listeners == 1
    undo_correction(correction=said[1], at=LATER)
    assert not MatchHint.objects.exists()


def test_undone_it_leaves_all_as_it_was_told(listener, halo, live):
    record(listener, arrive(), arrive("Halo - Live", "Beyoncé Live", after=9000))
    correction = correct(listener, halo, live)
    record(listener, arrive(after=500))

    assert undo_correction(correction=correction, at=LATER)

    assert tracks() == [halo, halo, live]
    assert not undo_correction(correction=correction, at=LATER)
    assert fates(record(listener, arrive(), arrive(after=500))) == [Fate.KNOWN] * 2


def test_one_may_lead_to_another_and_either_may_go(listener, halo, live):
    third = make_track("Third")
    record(listener, arrive())
    first = correct(listener, halo, live)
    second = correct(listener, live, third)
    assert tracks() == [third]

    undo_correction(correction=first, at=LATER)
    assert tracks() == [halo]

    correct(listener, halo, live)
    undo_correction(correction=second, at=LATER)
    assert tracks() == [live]


def test_a_later_word_on_the_same_track_replaces_the_earlier(listener, halo, live):
    third = make_track("Third")
    record(listener, arrive())
    correct(listener, halo, live)

    correct(listener, halo, third)

    assert tracks() == [third]
    assert Correction.objects.holding().count() == 1


@pytest.mark.parametrize("circle", [False, True])
def test_a_correction_to_itself_or_in_a_circle_is_refused(listener, halo, live, circle):
    if circle:
        correct(listener, live, halo)

    with pytest.raises(NotCorrected):
        correct(listener, halo, live if circle else halo)


def test_it_holds_for_what_was_merged_into_the_wrong_track(listener, halo, live):
    single = make_track("Halo (Single)", artist=halo.artist)
    merging.merge_tracks(survivor=halo, tracks=[single], by=None, at=NOON)
    record(listener, arrive("Halo (Single)"))

    correct(listener, Track.objects.get(pk=single.pk), live)
    record(listener, arrive("Halo (Single)", after=500))

    assert tracks() == [live, live]


def test_what_becomes_one_play_becomes_two_again(listener, halo, live):
    record(listener, arrive())
    record(listener, arrive("Halo - Live", "Beyoncé Live", after=20), source=LASTFM)

    correction = correct(listener, halo, live)
    assert Play.objects.count() == Sighting.objects.count() == 1

    undo_correction(correction=correction, at=LATER)
    assert tracks() == [halo, live]


def test_a_mute_stays_on_its_play(listener, halo, live):
    record(listener, arrive())
    mute = Mute.objects.create(listener=listener, play=Play.objects.get(), made_at=NOON)

    correct(listener, halo, live)

    mute.refresh_from_db()
    assert mute.play == Play.objects.get()


def test_one_play_is_corrected_by_itself(listener, halo, live):
    record(listener, arrive(), arrive(after=500))
    first = Play.objects.get(started_at=NOON)

    became = correct_play(play=first, right=live, at=LATER)

    assert became.track == live
    assert tracks() == [live, halo]
    assert fates(record(listener, arrive())) == [Fate.KNOWN]
    assert fates(record(listener, arrive(after=30), source=LASTFM)) == [Fate.ECHO]
    assert restore_play(play=became, at=LATER).track == halo
    assert Play.objects.count() == 2


def test_a_correction_of_the_track_leaves_a_play_that_has_its_own(listener, halo, live):
    third = make_track("Third")
    record(listener, arrive(), arrive(after=500))
    correct_play(play=Play.objects.get(started_at=NOON), right=third, at=LATER)

    correct(listener, halo, live)
    assert tracks() == [third, live]

    restored = restore_play(play=Play.objects.get(track=third), at=LATER)
    assert restored.track == live


def test_artist_and_title_may_be_given_for_a_track_that_is_not_here(listener, halo):
    record(listener, arrive())

    correct(listener, halo, track_named(artist="Somebody", title="Night Bus", at=LATER))

    (track,) = tracks()
    assert (track.title, track.is_verified) == ("Night Bus", False)


def test_a_name_without_an_artist_is_refused():
    with pytest.raises(NotCorrected, match="artist and the title"):
        track_named(artist=" ", title="Night Bus", at=LATER)


def test_an_undone_import_takes_its_corrected_plays_along(listener, halo, live):
    brought = Import.objects.create(listener=listener, created_at=NOON, state=Import.State.DONE)
    record(listener, arrive(), source_import=brought)
    correct(listener, halo, live)

    undo_import(import_=brought, at=LATER)

    assert not Play.objects.exists()


def test_any_number_of_plays_costs_the_same_queries(listener, halo, live):
    def queries(n, hour):
        record(listener, *(arrive(after=3600 * hour + k) for k in range(n)))
        with CaptureQueriesContext(connection) as queries:
            undo_correction(correction=correct(listener, halo, live), at=LATER)
        return len(queries)

    assert queries(2, 0) == queries(40, 5)


def test_a_plain_day_is_marked_for_what_came_and_what_went(listener, halo, live):
    record(listener, arrive(after=timedelta(days=3).total_seconds()), at=LATER + timedelta(days=9))
    StaleDay.objects.all().delete()

    correct(listener, halo, live)

    assert StaleDay.objects.get().day == (NOON + timedelta(days=3)).date()
