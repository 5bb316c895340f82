"""Training: who may teach, what is published, and which version is live."""

from datetime import timedelta

import numpy as np
import pytest

from accounts.models import Partner
from catalog.models import Source, TrackGenre, TrackTag
from listening.models import Mute, Play
from recommendations import pipeline, serving
from recommendations.models import ModelVersion
from tests.factories import (
    NOON,
    make_artist,
    make_features,
    make_feedback,
    make_genre,
    make_listener,
    make_play,
    make_tag,
    make_track,
)

pytestmark = pytest.mark.django_db


def make_teacher(**fields):
    return make_listener(shares_taste=True, **fields)


def taught_pairs():
    interactions = pipeline.read_interactions(at=NOON)
    rows, columns = interactions.matrix.nonzero()
    return {
        (interactions.user_ids[row], interactions.item_ids[column])
        for row, column in zip(rows, columns, strict=True)
    }


def test_learns_from_listeners_who_share_their_taste():
    sharer, keeper, unasked = make_teacher(), make_listener(shares_taste=False), make_listener()
    track = make_track()
    for listener in (sharer, keeper, unasked):
        make_play(listener, track)

    assert taught_pairs() == {(sharer.pk, track.pk)}


def test_learns_from_a_partners_customers_only_by_contract():
    signed = Partner.objects.create(name="Signed", contact_email="a@example.org", may_train=True)
    closed = Partner.objects.create(name="Closed", contact_email="b@example.org")
    teacher = make_teacher(partner=signed, external_id="1")
    make_play(teacher, track := make_track())
    make_play(make_teacher(partner=closed, external_id="1"), track)

    assert taught_pairs() == {(teacher.pk, track.pk)}


def test_never_learns_from_spotifys_api_unless_the_operator_says_so(settings):
    listener = make_teacher()
    synced = make_play(listener, source=Play.Source.SPOTIFY_API)
    exported = make_play(listener, source=Play.Source.SPOTIFY_FILE)

    assert taught_pairs() == {(listener.pk, exported.track_id)}

    settings.TRAIN_ON_SPOTIFY_API_DATA = True
    assert taught_pairs() == {(listener.pk, exported.track_id), (listener.pk, synced.track_id)}


def test_learns_nothing_from_what_was_muted():
    listener = make_teacher()
    heard, muted = make_play(listener), make_play(listener)
    make_feedback(listener, track=muted.track)
    Mute.objects.create(listener=listener, track=muted.track, made_at=NOON)

    assert taught_pairs() == {(listener.pk, heard.track_id)}


def test_measures_only_by_who_may_teach():
    teacher, keeper = make_teacher(), make_listener(shares_taste=False)
    for listener in (teacher, keeper):
        for days in range(10):
            make_play(listener, started_at=NOON - timedelta(days=days))
    ids = pipeline.read_interactions(at=NOON).item_ids

    split = pipeline.read_split(ids, at=NOON)

    assert list(split.train.user_ids) == [teacher.pk]


def known_features(**fields):
    track = make_track()
    make_features(track, **fields)
    return np.isfinite(pipeline.read_catalogue(np.array([track.pk])).features).any()


def test_learns_from_values_that_may_train():
    assert known_features(may_train=True)
    assert not known_features(may_train=False)


def test_learns_from_values_of_spotifys_api_only_where_the_operator_says_so(settings):
    assert not known_features(source=Source.SPOTIFY_API)

    settings.TRAIN_ON_SPOTIFY_API_DATA = True
    assert known_features(source=Source.SPOTIFY_API)


def test_learns_from_genres_and_tags_of_spotifys_api_only_where_the_operator_says_so(settings):
    track = make_track()
    TrackGenre.objects.create(track=track, genre=make_genre("fado"), source=Source.SPOTIFY_API)
    TrackTag.objects.create(track=track, tag=make_tag("sea"), source=Source.SPOTIFY_API, weight=1)

    assert pipeline.read_catalogue(np.array([track.pk])).tags.nnz == 0

    settings.TRAIN_ON_SPOTIFY_API_DATA = True
    found = pipeline.read_catalogue(np.array([track.pk]))
    assert set(found.tag_names) == {"genre: fado", "sea"}


def test_counts_the_plays_of_merged_tracks_for_the_survivor():
    listener, survivor = make_teacher(), make_track()
    merged = make_track(canonical=survivor)
    make_play(listener, merged)
    make_play(listener, merged, started_at=NOON + timedelta(hours=1))

    assert taught_pairs() == {(listener.pk, survivor.pk)}


def test_a_skip_teaches_against():
    make_play(make_teacher(), skipped=True)

    assert (pipeline.read_interactions(at=NOON).matrix.data < 0).all()


def test_leaves_out_tracks_that_may_not_be_recommended():
    listener = make_teacher()
    make_play(listener, make_track(hidden_at=NOON))
    make_play(listener, make_track(is_verified=False))
    make_play(listener, make_track(artist=make_artist(hidden_at=NOON)))

    assert taught_pairs() == set()


def test_has_a_column_for_tracks_nobody_has_played():
    unheard = make_track()
    make_play(make_teacher())

    assert unheard.pk in pipeline.read_interactions(at=NOON).item_ids


def test_training_publishes_a_version_and_makes_it_live():
    make_play(make_teacher())

    row = pipeline.train(at=NOON)

    row.refresh_from_db()
    assert row.state == ModelVersion.State.LIVE
    assert row.data["listeners"] == row.data["tracks"] == row.data["pairs"] == 1
    assert serving.current_version() == row.pk


def test_a_second_training_retires_the_first():
    make_play(make_teacher())
    first = pipeline.train(at=NOON)

    second = pipeline.train(at=NOON)

    first.refresh_from_db()
    assert first.state == ModelVersion.State.RETIRED
    assert ModelVersion.objects.live().get() == second


def test_with_nothing_to_recommend_nothing_changes():
    make_play(make_listener(), make_track(hidden_at=NOON))

    with pytest.raises(pipeline.NothingToTrainOn):
        pipeline.train(at=NOON)

    assert not ModelVersion.objects.exists()
