"""From a trained model to a listener's list."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from listening.models import FeedbackKind
from recommendations import pipeline, serving
from recommendations.models import ModelVersion, Slate
from recommendations.serving import live
from tests.factories import (
    NOON,
    make_feedback,
    make_listener,
    make_model_version,
    make_play,
    make_track,
)
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """Three tracks: heard by three, by two and by one; and the model that has learnt so."""
    tracks = [make_track("First"), make_track("Second"), make_track("Third")]
    for listeners, track in zip((3, 2, 1), tracks, strict=True):
        for _ in range(listeners):
            make_play(make_listener(shares_taste=True), track)
    pipeline.train(at=NOON)
    return tracks


def titles(listener, **options):
    return [row.track.title for row in serving.recommend(listener=listener, at=NOON, **options)]


def test_most_heard_first(heard):
    assert titles(make_listener()) == ["First", "Second", "Third"]


def test_says_the_true_reason(heard):
    first, *_ = serving.recommend(listener=make_listener(), at=NOON)

    assert str(first.because.terms[0]) == "3 of 6 listeners here play it"


def test_leaves_out_what_was_heard_hidden_or_disliked(heard):
    listener = make_listener()
    make_play(listener, heard[0])
    make_feedback(listener, kind=FeedbackKind.DISLIKE, track=heard[1])

    assert titles(listener) == ["Third"]


def test_leaves_out_the_survivor_of_what_was_heard(heard):
    listener = make_listener()
    make_play(listener, make_track(canonical=heard[0]))

    assert titles(listener) == ["Second", "Third"]


def test_leaves_out_explicit_tracks_where_they_are_not_wanted(heard):
    heard[0].is_explicit = True
    heard[0].save()

    assert titles(make_listener(wants_explicit=False)) == ["Second", "Third"]
    assert titles(make_listener(wants_explicit=True)) == ["First", "Second", "Third"]


def test_leaves_out_what_a_curator_hid_after_the_training(heard):
    heard[0].hidden_at = NOON
    heard[0].save()

    assert titles(make_listener(), n=2) == ["Second", "Third"]


def test_remembers_what_was_shown(heard):
    listener = make_listener(taste_version=7)

    serving.recommend(listener=listener, at=NOON, n=2)

    slate = Slate.objects.get(listener=listener)
    assert slate.tracks == [heard[0].pk, heard[1].pk]
    assert slate.taste_version == 7
    assert slate.model_id == serving.current_version()


def test_costs_the_same_however_long_the_list(heard, django_assert_max_num_queries):
    listener = make_listener()
    make_play(listener, heard[0])
    serving.current()
    with CaptureQueriesContext(connection) as short:
        serving.recommend(listener=listener, at=NOON, n=1)

    with django_assert_max_num_queries(len(short)):
        serving.recommend(listener=listener, at=NOON, n=2)


def test_without_a_model_it_says_so():
    with pytest.raises(serving.NoModel):
        serving.recommend(listener=make_listener(), at=NOON)

    assert serving.current_version() is None


def test_a_damaged_model_is_refused_and_the_last_good_one_goes_on(heard, monkeypatch):
    good = serving.current_version()
    bad = pipeline.train(at=NOON)
    whole = last_byte(bad, b"\xff")
    monkeypatch.setattr(live, "LOOK_AGAIN", 0)

    assert serving.current_version() == good
    last_byte(bad, whole)
    assert serving.current_version() == good
    live._process.refused.clear()  # a minute later
    assert serving.current_version() == bad.pk


def last_byte(version, value):
    """Write the last byte of an array; return what it was."""
    with default_storage.open(f"{version.artifact}/popularity.npy", "r+b") as file:
        file.seek(-1, 2)
        before = file.read(1)
        file.seek(-1, 2)
        file.write(value)
    return before


def test_a_machine_keeps_no_model_that_storage_has_given_up(heard, settings):
    first = ModelVersion.objects.get(pk=serving.current_version())
    second = go_live(heard)
    serving.current()
    assert folders(settings) == {str(first.pk), str(second.pk)}

    ModelVersion.objects.filter(pk=first.pk).update(artifact="")
    third = go_live(heard)
    serving.current()

    assert folders(settings) == {str(second.pk), str(third.pk)}
    assert len(serving.recommend(listener=make_listener(), at=NOON)) == 3


def test_a_machine_that_cannot_delete_serves_all_the_same(heard, monkeypatch):
    def cannot(*arguments, **options):
        raise PermissionError("not yours")

    monkeypatch.setattr(live.artifacts, "forget", cannot)
    row = go_live(heard)

    assert serving.current_version() == row.pk


def folders(settings):
    return {path.name for path in settings.MODELS_DIR.iterdir() if path.is_dir()}


def test_a_new_process_falls_back_to_the_last_good_model(heard, monkeypatch):
    good = serving.current_version()
    pipeline.promote(
        make_model_version(state="ready", artifact="models/gone", checksum="x"), at=NOON
    )
    monkeypatch.setattr(live, "_process", live._Process())

    assert serving.current_version() == good


def test_a_new_version_is_noticed_without_a_restart(heard, monkeypatch):
    before = serving.current_version()
    monkeypatch.setattr(live, "LOOK_AGAIN", 0)

    after = pipeline.train(at=NOON)

    assert serving.current_version() == after.pk != before


def test_names_what_the_listener_did_and_the_shares_add_up():
    first, second, third = make_track("First"), make_track("Second"), make_track("Third")
    for _ in range(12):
        teacher = make_listener(shares_taste=True)
        for track in (first, second, third):
            make_play(teacher, track)
        make_play(make_listener(shares_taste=True), make_track())
    pipeline.train(at=NOON)
    listener = make_listener()
    make_play(listener, first)
    make_play(listener, first, started_at=NOON - timedelta(days=1))
    make_feedback(listener, track=second)

    row = serving.recommend(listener=listener, at=NOON)[0]

    said = {str(term) for term in row.because.terms}
    assert row.track == third
    assert {"you liked Second", "you played First 2 times"} <= said
    assert sum(term.share for term in row.because.terms) == 100
    assert sum(row.because.shares) == 100


def test_a_process_warms_up_with_and_without_a_model(heard, monkeypatch):
    serving.warm_up()
    assert live._process.live is not None

    monkeypatch.setattr(live, "_process", live._Process())
    ModelVersion.objects.all().delete()
    serving.warm_up()
    assert live._process.live is None
