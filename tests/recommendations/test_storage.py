"""Storage that is away, slow or full keeps nobody from a list, and no process from its start."""

import boto3.exceptions
import botocore.exceptions
import pytest
import s3transfer.exceptions
from django.core.files.storage import default_storage
from storages.backends.s3 import S3Storage

from recommendations import pipeline, serving
from recommendations.models import Experiment, ModelVersion
from recommendations.services import promoting
from recommendations.serving import live
from tests.factories import NOON, make_curator, make_listener, make_model_version, make_track
from tests.recommendations.buckets import use_bucket
from tests.services import free_port

pytestmark = pytest.mark.django_db

REFUSED = {"Error": {"Code": "503", "Message": "Slow down"}}
AWAY = [
    ConnectionError("gone"),
    FileNotFoundError("no such key"),
    OSError("a disk"),
    botocore.exceptions.EndpointConnectionError(endpoint_url="http://s3.example"),
    botocore.exceptions.ClientError(REFUSED, "GetObject"),
    boto3.exceptions.Boto3Error("nothing"),
    s3transfer.exceptions.RetriesExceededError(OSError("again and again")),
    s3transfer.exceptions.S3DownloadFailedError("changed meanwhile"),
]


@pytest.fixture
def bucket(settings):
    return use_bucket(settings)


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass when a test says so; each is enough to look again."""
    clock = Clock()
    monkeypatch.setattr(live.time, "monotonic", lambda: clock.now)
    return clock


class Clock:
    now = 1000.0

    def passes(self, seconds):
        self.now += seconds


@pytest.fixture
def served(bucket, clock):
    """The version that is served; another is live already, but nobody has looked."""
    make_track()
    first = pipeline.train(at=NOON)
    assert serving.current_version() == first.pk
    pipeline.promote(another(first, bucket), at=NOON)
    clock.passes(live.LOOK_AGAIN)
    return ModelVersion.objects.get(pk=first.pk)


def another(version, bucket):
    row = make_model_version(checksum=version.checksum)
    row.artifact = f"models/{row.pk}"
    row.save()
    for file in bucket.listdir(f"models/{version.pk}")[1]:
        bucket.kept[f"{row.artifact}/{file}"] = bucket.kept[f"models/{version.pk}/{file}"]
    return row


def lists():
    return serving.recommend(listener=make_listener(), at=NOON)


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_while_storage_is_away_the_last_good_version_goes_on(served, bucket, clock, error):
    bucket.error = error

    assert len(lists()) == 1
    assert serving.current_version() == served.pk

    bucket.error = None
    clock.passes(live.ASK_AGAIN)
    assert serving.current_version() == ModelVersion.objects.live().get().pk != served.pk


def test_s3_that_does_not_answer_is_storage_that_is_away(served, bucket, monkeypatch):
    nobody = S3Storage(
        bucket_name="segue",
        endpoint_url=f"http://127.0.0.1:{free_port()}",
        access_key="nobody",
        secret_key="nothing",
        region_name="eu-west-1",
        client_config=botocore.config.Config(retries={"total_max_attempts": 1}),
    )
    monkeypatch.setattr(default_storage, "_wrapped", nobody)

    assert serving.current_version() == served.pk


def test_storage_that_is_away_is_left_alone_for_a_while(served, bucket, clock):
    bucket.error = ConnectionError("gone")
    serving.current()
    asked = bucket.asked

    for _look in range(3):
        clock.passes(live.LOOK_AGAIN)
        serving.current()
    assert bucket.asked == asked

    clock.passes(live.ASK_AGAIN)
    serving.current()
    assert bucket.asked == asked + 1


def test_what_else_an_error_may_be_is_told(served, bucket):
    bucket.error = ZeroDivisionError("ours")

    with pytest.raises(ZeroDivisionError):
        serving.current()


def no_space(*arguments, **options):
    raise OSError("No space left on device")


def test_a_full_disk_is_no_reason_to_serve_nothing(served, monkeypatch):
    monkeypatch.setattr(live.artifacts, "adopt", no_space)

    assert serving.current_version() == served.pk


def test_a_process_starts_while_storage_is_away(served, bucket, monkeypatch):
    monkeypatch.setattr(live, "_process", live._Process())
    bucket.error = ConnectionError("gone")

    serving.warm_up()

    assert serving.current_version() == served.pk


def test_a_process_of_a_machine_without_any_model_starts_too(served, bucket, monkeypatch, settings):
    monkeypatch.setattr(live, "_process", live._Process())
    settings.MODELS_DIR /= "new"
    bucket.error = ConnectionError("gone")

    serving.warm_up()

    assert serving.current_version() is None


@pytest.mark.timeout(30, func_only=True)
def test_while_one_copies_a_new_version_the_others_go_on(served):
    with live._process.lock:
        assert serving.current_version() == served.pk


def test_what_cannot_be_reached_is_not_promoted(served, bucket):
    bucket.error = ConnectionError("gone")

    with pytest.raises(promoting.NotPromoted, match="cannot be reached just now: gone"):
        promoting.promote(version=served, by=make_curator(), at=NOON)


def test_what_a_disk_does_not_give_is_not_promoted(served, monkeypatch):
    monkeypatch.setattr(live.artifacts, "verify", no_space)

    with pytest.raises(promoting.NotPromoted, match="No space left"):
        promoting.promote(version=served, by=make_curator(), at=NOON)


def test_an_experiment_rests_while_storage_is_away(served, bucket, clock, settings):
    settings.MODELS_DIR /= "new"
    Experiment.objects.create(
        name="Two",
        model_a=served,
        model_b=ModelVersion.objects.live().get(),
        started_at=NOON,
    )
    assert serving.current_version() != served.pk
    bucket.error = ConnectionError("gone")
    asked = bucket.asked

    assert len(lists()) == len(lists()) == 1
    assert bucket.asked == asked + 1
