"""What a listener's taste is made of, and what happens when some of it shall not count."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Listener
from listening.counting.sessions import sessions_of
from listening.models import FeedbackKind, Mute, Play
from listening.pipeline.heard import plays_of
from recommendations.serving.history import history_of
from recommendations.serving.portrait import portrait_of, preview
from tests.factories import (
    NOON,
    make_artist,
    make_feedback,
    make_genre,
    make_listener,
    make_play,
    make_track,
)
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

TASTE, MUTE = "/taste/", "/taste/mute/"
LATER = NOON + timedelta(days=1)


def text(response):
    return " ".join(response.content.decode().split())


def play_at(listener, hours, **fields):
    return make_play(listener, started_at=NOON + timedelta(hours=hours), **fields)


@pytest.fixture
def listener():
    return make_listener()


def shares(parts):
    return {part.name: round(part.share) for part in parts}


def test_shares_of_each_kind_add_up_to_the_whole(listener):
    fado, artist = make_genre("fado"), make_artist("Ana")
    heard = make_track(artist=artist, genre=fado, year=1994)
    twice = make_track(artist=artist, genre=fado, year=2003)
    play_at(listener, 0, track=heard)
    play_at(listener, -9000, track=twice, source=Play.Source.SCROBBLE)
    play_at(listener, 1, track=twice)
    make_feedback(listener, track=make_track(artist=make_artist("Bo")))
    make_feedback(listener, track=make_track(), kind=FeedbackKind.DISLIKE)

    portrait = portrait_of(listener, at=LATER)

    assert (portrait.tracks, portrait.against) == (3, 1)
    for parts in (portrait.artists, portrait.sources):
        assert sum(part.share for part in parts) == pytest.approx(100)
    assert list(shares(portrait.artists)) == ["Ana", "Bo"]
    assert list(shares(portrait.genres)) == ["fado"]
    assert list(shares(portrait.decades)) == ["1990s", "2000s"]
    assert list(shares(portrait.years)) == ["2025", "2026"]
    assert set(shares(portrait.sources)) == {"this site", "a player", ""}


def test_the_weight_of_a_track_is_spread_over_its_plays(listener):
    track = make_track()
    play_at(listener, 0, track=track)
    for hour in (1, 2, 3):
        play_at(listener, hour, track=track, source=Play.Source.SCROBBLE)

    assert shares(portrait_of(listener, at=LATER).sources) == {"a player": 75, "this site": 25}


def test_what_is_muted_is_no_part_of_it(listener):
    play_at(listener, 0, track=make_track(artist=make_artist("Ana")))
    muted = play_at(listener, 1, track=make_track(artist=make_artist("Bo")))
    Mute.objects.create(listener=listener, artist=muted.track.artist, made_at=NOON)

    assert shares(portrait_of(listener, at=LATER).artists) == {"Ana": 100}


THINGS = ["play", "track", "artist", "genre", "source", "starts_at"]


@given(
    heard=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), max_size=8),
    liked=st.sets(st.integers(0, 3)),
    thing=st.sampled_from(THINGS),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_preview_says_what_then_happens(heard, liked, thing, db):
    listener = make_listener()
    artist, genre = make_artist(), make_genre()
    tracks = [make_track(artist=artist), make_track(genre=genre), make_track(), make_track()]
    tracks[0].canonical = tracks[3]
    tracks[0].save()
    for number, hours in set(heard):
        source = Play.Source.SCROBBLE if hours % 2 else Play.Source.SITE
        play_at(listener, hours, track=tracks[number], source=source)
    for number in liked:
        make_feedback(listener, track=tracks[number])
    first = play_at(listener, -1, track=tracks[2])
    of = {
        "play": {"play": first},
        "track": {"track": tracks[3]},
        "artist": {"artist": artist},
        "genre": {"genre": genre},
        "source": {"source": "scrobble"},
        "starts_at": {"starts_at": NOON, "ends_at": NOON + timedelta(hours=20)},
    }[thing]
    mute = Mute(listener=listener, made_at=NOON, **of)
    before = positive(listener)
    counting = Mute.objects.in_force().left_of(Play.objects.filter(listener=listener))
    plays = counting.count()

    said = preview(mute, at=LATER)
    mute.save()

    assert said.plays == plays - counting.count()
    assert said.share == pytest.approx(100 * (1 - positive(listener) / before), abs=1e-4)


def positive(listener):
    weights = history_of(listener, at=LATER).weights
    return float(weights[weights > 0].sum())


def test_the_page_says_it_in_words(as_listener):
    make_play(as_listener.listener, track=make_track(artist=make_artist("Ana")))

    said = text(as_listener.get(TASTE))

    assert "1 track speaks for what you like." in said
    assert "All weight lies on Ana." in said


def test_a_new_listener_is_told_what_to_do(as_listener):
    assert "Nothing speaks for your taste yet" in text(as_listener.get(TASTE))


def test_it_needs_a_login(client, db):
    assert client.get(TASTE).status_code == client.get(MUTE).status_code == 302


def test_muting_shows_what_it_would_change_and_changes_nothing(as_listener):
    play = make_play(as_listener.listener)

    said = text(as_listener.get(f"{MUTE}?track={play.track_id}"))

    assert "100.0 %" in said
    assert not Mute.objects.exists()


def test_a_mute_is_made_lifted_and_made_again(as_listener):
    play = make_play(as_listener.listener)
    as_listener.get(TASTE)

    as_listener.post(MUTE, {"artist": play.track.artist_id})
    muted = Mute.objects.get()
    assert "Nothing speaks for your taste yet" in text(as_listener.get(TASTE))

    response = as_listener.post(reverse("lift_mute", args=[muted.pk]), follow=True)
    assert "it counts again" in text(response)
    assert not Mute.objects.in_force().exists()

    as_listener.post(reverse("mute_again", args=[muted.pk]))
    assert Mute.objects.in_force().get().artist == play.track.artist
    assert Listener.objects.get(pk=as_listener.listener.pk).taste_version == 3


def test_muting_twice_is_one_mute(as_listener):
    play = make_play(as_listener.listener)

    for _ in range(2):
        as_listener.post(MUTE, {"play": play.pk})

    assert Mute.objects.count() == 1
    assert Listener.objects.get(pk=as_listener.listener.pk).taste_version == 1


def test_a_session_ends_where_half_an_hour_is_silent(as_listener):
    listener = as_listener.listener
    plays = [play_at(listener, hours) for hours in (-1, 0, 0.4, 0.8, 1.4)]

    as_listener.post(MUTE, {"session": plays[2].pk})

    left = Mute.objects.in_force().left_of(Play.objects.all()).order_by("started_at")
    assert list(left) == [plays[0], plays[4]]


def test_a_session_of_long_tracks_is_the_one_that_the_pictures_show(as_listener):
    """The silence counts from where the play before has ended."""
    listener, hour = as_listener.listener, 3_600_000
    plays = [play_at(listener, hours, ms_played=hour) for hours in (0, 1.4, 2.9)]
    unsaid = play_at(listener, 4.5, track=make_track(duration_ms=hour), ms_played=None)
    after = play_at(listener, 6.1, ms_played=hour)
    assert sessions_of(plays_of(listener)).sessions == 3

    as_listener.post(MUTE, {"session": plays[1].pk})

    left = Mute.objects.in_force().left_of(Play.objects.all()).order_by("started_at")
    assert list(left) == [unsaid, after]


@pytest.mark.parametrize(
    ("asked", "left"),
    [(0, [1, 2, 3, 4]), (1, [0, 3, 4]), (2, [0, 3, 4]), (3, [0, 1, 2, 4]), (4, [0, 1, 2, 3])],
)
def test_skips_are_in_the_session_before_them_and_join_no_two(as_listener, asked, left):
    listener = as_listener.listener
    plays = [
        play_at(listener, hours, ms_played=ms_played, skipped=ms_played < 30_000)
        for hours, ms_played in ((-1, 9), (0, 200_000), (0.4, 9), (0.7, 9), (0.8, 200_000))
    ]

    as_listener.post(MUTE, {"session": plays[asked].pk})

    counting = Mute.objects.in_force().left_of(Play.objects.all()).order_by("started_at")
    assert [plays.index(play) for play in counting] == left


def test_days_are_those_of_the_listener(as_listener):
    listener = as_listener.listener
    listener.time_zone = "Pacific/Auckland"  # NOON is midnight there
    listener.save()
    plays = [play_at(listener, hours) for hours in (-1, 1, 23, 25)]

    as_listener.post(MUTE, {"first": "2026-05-15"})

    left = Mute.objects.in_force().left_of(Play.objects.all()).order_by("started_at")
    assert list(left) == [plays[0], plays[3]]


@pytest.mark.parametrize(
    "given",
    [
        "",
        "track=x",
        "track=99",
        "source=x",
        "play=99",
        "first=x",
        "last=2026-05-14",
        "first=2026-05-15&last=2026-05-14",
        "first=9999-12-31&last=9999-12-31",
        "source=site&genre=1",
    ],
)
def test_what_names_no_one_thing_mutes_nothing(as_listener, given):
    response = as_listener.get(f"{MUTE}?{given}", follow=True)

    assert "Say one thing that shall not count." in text(response)


def test_nobody_elses_plays_or_mutes_are_touched(as_listener):
    play = make_play()
    theirs = Mute.objects.create(listener=play.listener, play=play, made_at=NOON)

    as_listener.post(MUTE, {"play": play.pk})
    assert as_listener.post(reverse("lift_mute", args=[theirs.pk])).status_code == 404

    assert list(Mute.objects.in_force()) == [theirs]


def test_a_long_history_costs_the_same_queries(as_listener):
    listener = as_listener.listener

    def add(n):
        for _ in range(n):
            track = make_track(genre=make_genre(), year=1990)
            make_play(listener, track=track)
            Mute.objects.create(listener=listener, track=make_track(), made_at=NOON)
            Mute.objects.create(listener=listener, artist=make_artist(), made_at=NOON)

    add(2)
    before = count_queries(as_listener, TASTE)
    add(10)
    assert count_queries(as_listener, TASTE) == before
