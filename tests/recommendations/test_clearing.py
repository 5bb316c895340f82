"""What goes from storage: what was replaced long ago, and what belongs to no version."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now

from jobs import services as jobs
from jobs.models import Job
from recommendations import pipeline, serving
from recommendations.models import ModelVersion
from recommendations.pipeline import clearing, publishing, training
from tests.factories import NOON, make_model_version, make_track
from tests.recommendations.buckets import use_bucket

pytestmark = pytest.mark.django_db

State = ModelVersion.State


@pytest.fixture(params=["folder", "bucket"])
def storage(request, settings):
    """Where models are stored: in a folder of this machine, or in S3."""
    return use_bucket(settings) if request.param == "bucket" else default_storage


@pytest.fixture
def bucket(settings):
    return use_bucket(settings)


@pytest.fixture(autouse=True)
def _music():
    make_track()


def half_stored(number):
    """What a training leaves that is killed while it publishes."""
    default_storage.save(f"models/{number}/popularity.npy", ContentFile(b"half"))


def stored():
    return set(default_storage.listdir("models")[0])


def clear(*, after):
    """Do the job of each day, so long from now; return what it says."""
    job = jobs.enqueue("recommendations.forget_lost")
    jobs.run_next(queue="sync", clock=lambda: now() + after)
    job.refresh_from_db()
    return job.result


def test_what_a_killed_training_had_stored_goes_after_a_day(storage):
    live = pipeline.train(at=NOON)
    killed = make_model_version(state=State.TRAINING, held_by="elsewhere/1/2", heartbeat_at=NOON)
    half_stored(killed.pk)

    clear(after=timedelta(days=2))
    assert stored() == {str(live.pk), str(killed.pk)}  # nobody has said that it is over

    pipeline.release_stale(at=now())
    clear(after=timedelta(hours=23))
    assert stored() == {str(live.pk), str(killed.pk)}

    assert clear(after=timedelta(hours=25)) == "1 folders of no version are deleted."
    assert stored() == {str(live.pk)}
    assert pipeline.damage_of(live) == ""


def test_what_belongs_to_no_version_at_all_goes_too_and_what_is_not_ours_stays(storage):
    half_stored(90_000)
    half_stored("kept by an operator")

    clear(after=timedelta(days=2))

    assert stored() == {"kept by an operator"}


def test_waiting_and_retired_versions_stay(storage):
    rows = [pipeline.train(at=NOON) for _ in range(2)]
    ModelVersion.objects.filter(pk=rows[1].pk).update(state=State.READY)

    clear(after=timedelta(days=2))

    assert stored() == {str(row.pk) for row in rows}


def test_an_empty_storage_has_nothing_to_clear(storage):
    assert clear(after=timedelta(days=2)) == "0 folders of no version are deleted."


def test_while_storage_is_away_it_is_tried_again(bucket):
    bucket.error = ConnectionError("gone")

    clear(after=timedelta(0))

    waiting = Job.objects.get(name="recommendations.forget_lost")
    assert (waiting.state, waiting.tries) == ("new", 1)
    assert "cannot be reached just now: gone" in waiting.error


def test_what_breaks_while_it_is_stored_is_deleted_at_once(storage, monkeypatch):
    def half(folder, name):
        half_stored(name.removeprefix("models/"))
        raise ZeroDivisionError("half way")

    monkeypatch.setattr(publishing, "_store", half)

    with pytest.raises(ZeroDivisionError):
        pipeline.train(at=NOON)

    row = ModelVersion.objects.get()
    assert (row.state, row.message) == (State.FAILED, "Publishing: half way")
    assert default_storage.exists(f"models/{row.pk}/popularity.npy") is False


def test_a_training_that_storage_stops_says_so(bucket, monkeypatch):
    def go_away(*arguments, **options):
        bucket.error = ConnectionError("gone")
        return {}

    monkeypatch.setattr(training, "draw_map", go_away)

    with pytest.raises(clearing.Unreachable):
        pipeline.train(at=NOON)

    row = ModelVersion.objects.get()
    assert row.state == State.FAILED
    assert row.message == "Publishing: Its arrays cannot be reached just now: gone"


def test_a_version_is_live_although_what_is_old_cannot_be_deleted(bucket, monkeypatch):
    monkeypatch.setattr(clearing, "KEPT", 0)
    first = pipeline.train(at=NOON)

    def cannot(name):
        raise OSError("not now")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(bucket, "delete", cannot)
        second = pipeline.train(at=NOON)

    assert ModelVersion.objects.live().get() == second
    first.refresh_from_db()
    assert first.artifact == ""
    clear(after=timedelta(days=2))
    assert stored() == {str(second.pk)}


def test_a_new_version_is_whole_where_an_earlier_life_had_one_of_its_number(storage):
    number = make_model_version(state=State.FAILED).pk + 1
    default_storage.save(f"models/{number}/manifest.json", ContentFile(b"{}"))

    row = pipeline.train(at=NOON)

    assert row.pk == number
    assert pipeline.damage_of(row) == ""
    assert serving.current_version() == number
