from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Artist, ExternalId, Source, Track
from jobs.models import Job
from listening.arrivals import Arrival, Fate
from listening.models import Import, Play, PrivateSession, Sighting, StaleDay
from listening.services.recording import record_plays
from tests.factories import NOON, make_artist, make_listener, make_track

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)
SPOTIFY, LASTFM = Play.Source.SPOTIFY_FILE, Play.Source.LASTFM_FILE


def arrive(title="Halo", artist="Beyoncé", *, after=0.0, **fields):
    fields.setdefault("ms_played", 200_000)
    return Arrival(NOON + timedelta(seconds=after), artist, title, **fields)


def record(listener, *arrivals, source=SPOTIFY, at=LATER, **options):
    return record_plays(listener=listener, arrivals=arrivals, source=source, at=at, **options)


def fates(outcomes):
    return [outcome.fate for outcome in outcomes]


@pytest.fixture
def listener():
    return make_listener()


@pytest.fixture
def halo():
    return make_track("Halo", artist=make_artist("Beyoncé"))


def test_a_play_is_stored_for_the_track_it_names(listener, halo):
    (outcome,) = record(listener, arrive())

    play = Play.objects.get()
    assert (outcome.fate, outcome.play, outcome.track) == (Fate.NEW, play.pk, halo.pk)
    assert (play.listener, play.track, play.started_at) == (listener, halo, NOON)
    assert (play.ms_played, play.skipped, play.source) == (200_000, False, SPOTIFY)


def test_it_says_what_changed(listener, halo):
    record(listener, arrive(), arrive(after=24 * 60 * 60))

    listener.refresh_from_db()
    assert listener.taste_version == 1
    days = StaleDay.objects.filter(listener=listener).order_by("day").values_list("day", flat=True)
    assert list(days) == [NOON.date(), LATER.date()]
    assert list(Job.objects.values_list("name", "args")) == [("listening.roll_up", [listener.pk])]


def test_it_says_nothing_where_nothing_changed(listener, halo):
    record(listener, arrive())
    StaleDay.objects.all().delete()

    assert fates(record(listener, arrive())) == [Fate.KNOWN]

    listener.refresh_from_db()
    assert listener.taste_version == 1
    assert not StaleDay.objects.exists()


def test_a_track_nobody_knows_is_made_once(listener):
    outcomes = record(
        listener,
        arrive("Night Bus", "Low (feat. Somebody)", album="Late", ids=(("isrc", "GBAYE0601498"),)),
        arrive("night bus", "LOW", after=500),
        arrive("Night Bus", "Low (feat. Somebody)", after=1000),
    )

    track = Track.objects.get()
    assert fates(outcomes) == [Fate.CREATED, Fate.NEW, Fate.NEW]
    assert {outcome.track for outcome in outcomes} == {track.pk}
    assert (track.title, track.artist.name, track.byline) == (
        "Night Bus",
        "Low",
        "Low (feat. Somebody)",
    )
    assert (track.is_verified, track.source, track.album.title) == (False, Source.LISTENER, "Late")
    assert ExternalId.objects.get(track=track).value == "GBAYE0601498"
    assert Job.objects.filter(name="catalog.index_tracks", args=[[track.pk]]).exists()


def test_every_artist_that_the_source_names_is_credited(listener):
    record(listener, arrive("Duet", "Ana & Bo", artists=("Ana", "Bo")))

    track = Track.objects.get()
    assert [credit.artist.name for credit in track.credits.order_by("position")] == ["Ana", "Bo"]
    assert (track.artist.name, track.byline) == ("Ana", "Ana & Bo")


def test_the_guests_of_a_by_line_hide_no_track(listener, halo):
    (outcome,) = record(listener, arrive("Halo", "Beyoncé feat. Somebody"))

    assert (outcome.fate, outcome.track) == (Fate.NEW, halo.pk)


def test_an_id_alone_names_a_track_that_is_here(listener, halo):
    ExternalId.objects.create(kind="isrc", value="GBAYE0601498", track=halo, source=Source.CSV)

    outcomes = record(
        listener,
        arrive("", "", ids=(("isrc", "GBAYE0601498"),)),
        arrive("", "", ids=(("isrc", "USAAA0000000"),), after=500),
    )

    assert fates(outcomes) == [Fate.NEW, Fate.REJECTED]
    assert outcomes[1].reason == "No title or no artist."


def test_less_than_half_a_minute_is_kept_as_a_skip(listener, halo):
    outcomes = record(
        listener,
        arrive(ms_played=29_999),
        arrive(ms_played=30_000, after=60),
        arrive(ms_played=None, after=600),
        arrive(ms_played=None, skipped=True, after=1200),
        arrive(ms_played=150_000, skipped=True, after=1800),
    )

    assert fates(outcomes) == [Fate.SHORT, Fate.NEW, Fate.NEW, Fate.SHORT, Fate.NEW]
    plays = Play.objects.order_by("started_at").values_list("skipped", flat=True)
    assert list(plays) == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("started_at", "reason"),
    [
        (datetime(1970, 1, 1, 0, 5, tzinfo=UTC), "The player’s clock was not set."),
        (LATER + timedelta(minutes=61), "It lies in the future."),
    ],
)
def test_a_moment_that_cannot_be_is_rejected_with_the_reason(listener, halo, started_at, reason):
    (outcome,) = record(listener, Arrival(started_at, "Beyoncé", "Halo"))

    assert (outcome.fate, outcome.reason, outcome.play) == (Fate.REJECTED, reason, None)
    assert not Play.objects.exists()


def test_a_clock_may_be_a_little_fast(listener, halo):
    (outcome,) = record(listener, Arrival(LATER + timedelta(minutes=59), "Beyoncé", "Halo"))

    assert outcome.fate is Fate.NEW


def test_a_private_session_records_nothing_whenever_it_is_told(listener, halo):
    begins, ends = NOON, NOON + timedelta(hours=1)
    PrivateSession.objects.create(listener=listener, starts_at=begins, ends_at=ends)
    PrivateSession.objects.create(listener=listener, starts_at=NOON + timedelta(hours=3))

    outcomes = record(
        listener,
        arrive(after=-1000),
        arrive(),
        arrive("Unknown", after=3599),
        arrive(after=3600),
        arrive(after=4 * 3600),
        at=LATER,
    )

    assert fates(outcomes) == [Fate.NEW, Fate.INCOGNITO, Fate.INCOGNITO, Fate.NEW, Fate.INCOGNITO]
    assert Track.objects.get() == halo


def test_numbers_that_no_column_holds_lose_no_play(listener):
    outcomes = record(
        listener,
        arrive("A" * 900, "B" * 900, ms_played=2**40, duration_ms=2**40, album="C" * 900),
        arrive("Minus", ms_played=-5, duration_ms=-5, after=600),
        arrive("Other ids", ids=(("nonsense", "1"), ("spotify", "x" * 500)), after=1200),
    )

    assert fates(outcomes) == [Fate.CREATED] * 3


def test_names_found_are_remembered_until_their_track_is_gone(listener):
    names = {}
    record(listener, arrive("Night Bus", "Low"), names=names)
    first = Track.objects.get()
    Play.objects.all().delete()
    first.delete()

    (outcome,) = record(listener, arrive("Night Bus", "Low"), names=names)

    assert (outcome.fate, outcome.track) == (Fate.CREATED, Track.objects.get().pk)


def test_any_number_costs_the_same_queries(listener, halo):
    def queries(*arrivals):
        with CaptureQueriesContext(connection) as queries:
            record(listener, *arrivals)
        return len(queries)

    def bring(n, hour):
        new = [arrive(f"New {n} {k}", f"Artist {n} {k}", after=3600 * hour) for k in range(n)]
        return [*new, *(arrive(after=3600 * hour + k) for k in range(n))]

    queries(*bring(2, 0))
    assert queries(*bring(40, 10)) <= queries(*bring(3, 20))


def test_two_artists_of_one_name_in_two_spellings_are_one(listener):
    record(listener, arrive("One", "Sigur Rós"), arrive("Two", "SIGUR ROS", after=600))

    assert Artist.objects.count() == 1


def test_a_track_known_by_an_import_is_told_of_by_both(listener, halo):
    first = Import.objects.create(listener=listener, created_at=NOON)
    second = Import.objects.create(listener=listener, created_at=NOON)
    record(listener, arrive(), source_import=first)

    assert fates(record(listener, arrive(), source_import=first)) == [Fate.KNOWN]
    assert fates(record(listener, arrive(), arrive(), source_import=second)) == [Fate.KNOWN] * 2

    assert Play.objects.get().source_import == first
    assert Sighting.objects.get().source_import == second
