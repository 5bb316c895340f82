"""A listener's history as the engine sees it."""

from datetime import timedelta

import pytest

from listening.models import FeedbackKind, Mute, Play
from recommendations.serving.history import history_of
from tests.factories import (
    NOON,
    make_artist,
    make_feedback,
    make_genre,
    make_listener,
    make_play,
    make_track,
)

pytestmark = pytest.mark.django_db


def weights(listener):
    history = history_of(listener, at=NOON)
    return dict(zip(history.tracks.tolist(), history.weights.tolist(), strict=True))


def test_plays_opinions_and_skips_are_weighed_together():
    listener, loved, skipped = make_listener(), make_track(), make_track()
    make_play(listener, loved)
    make_feedback(listener, track=loved)
    make_play(listener, skipped, skipped=True)

    assert weights(listener) == {loved.pk: pytest.approx(3.0), skipped.pk: pytest.approx(-0.5)}


def test_plays_of_a_merged_track_count_for_the_survivor():
    listener, survivor = make_listener(), make_track()
    make_play(listener, survivor)
    make_play(listener, make_track(canonical=survivor))
    make_play(listener, make_track(canonical=survivor))

    assert weights(listener) == {survivor.pk: pytest.approx(2.0)}


def test_others_plays_do_not_count():
    listener = make_listener()
    make_play()

    assert weights(listener) == {}


def test_an_old_play_weighs_less():
    listener, old, new = make_listener(), make_track(), make_track()
    make_play(listener, old, started_at=NOON - timedelta(days=700))
    make_play(listener, new)

    assert weights(listener)[old.pk] < weights(listener)[new.pk] / 2


def mute_of(kind, play):
    artist, genre = play.track.artist, play.track.genre
    return {
        "play": {"play": play},
        "track": {"track": play.track},
        "survivor": {"track": play.track.canonical or play.track},
        "artist": {"artist": artist},
        "genre": {"genre": genre},
        "source": {"source": play.source},
        "range": {"starts_at": NOON - timedelta(hours=1), "ends_at": NOON + timedelta(hours=1)},
    }[kind]


@pytest.mark.parametrize(
    "kind", ["play", "track", "survivor", "artist", "genre", "source", "range"]
)
def test_what_is_muted_does_not_count_until_the_mute_is_lifted(kind):
    listener = make_listener()
    track = make_track(genre=make_genre(), artist=make_artist(), canonical=make_track())
    muted = make_play(listener, track)
    kept = make_play(listener, started_at=NOON - timedelta(days=3), source=Play.Source.LASTFM_FILE)
    mute = Mute.objects.create(listener=listener, made_at=NOON, **mute_of(kind, muted))

    assert weights(listener).keys() == {kept.track_id}

    mute.lifted_at = NOON
    mute.save()
    assert weights(listener).keys() == {kept.track_id, track.canonical_id}


def test_somebody_elses_mute_changes_nothing():
    listener = make_listener()
    play = make_play(listener)
    Mute.objects.create(listener=make_listener(), track=play.track, made_at=NOON)

    assert weights(listener).keys() == {play.track_id}


def test_a_muted_artists_likes_do_not_count():
    listener, liked = make_listener(), make_track()
    make_feedback(listener, kind=FeedbackKind.LIKE, track=liked)
    Mute.objects.create(listener=listener, artist=liked.artist, made_at=NOON)

    assert weights(listener) == {}


def test_synced_plays_count_unless_the_operator_says_otherwise(settings):
    listener = make_listener()
    make_play(listener, source=Play.Source.SPOTIFY_API)

    assert weights(listener)

    settings.RECOMMEND_FROM_SPOTIFY_API_DATA = False
    assert not weights(listener)


def test_costs_two_queries_however_long(django_assert_num_queries):
    listener = make_listener()
    for _ in range(5):
        make_play(listener)

    with django_assert_num_queries(2):
        history_of(listener, at=NOON)
