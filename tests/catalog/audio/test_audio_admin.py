"""Audio files as the staff sees them."""

import pytest

from catalog.models import AudioFile
from jobs.models import Job, State
from tests.catalog.audio.test_streaming import make_audio
from tests.factories import NOON, make_artist, make_track

pytestmark = pytest.mark.django_db
LIST = "/admin/catalog/audiofile/"


@pytest.fixture
def files(tmp_path, settings):
    """One measured, one that waits, one that could not be measured."""
    settings.AUDIO_DIR = tmp_path
    made = []
    for name in ("Measured", "Waiting", "Broken"):
        place = tmp_path / f"{name}.wav"
        place.write_bytes(name.encode())
        made.append(make_audio(place, track=make_track(name, artist=make_artist("Björk"))))
    sound = {"features": {"tempo": 120.0}, "brightness": 0.25, "onset_rate": 2.0}
    AudioFile.objects.filter(pk=made[0].pk).update(
        state="measured", measured_at=NOON, timbre=[0.0] * 109, **sound
    )
    AudioFile.objects.filter(pk=made[2].pk).update(
        state="refused", refusal="The file is silent."
    )  # fmt: skip
    found = AudioFile.objects.in_bulk([file.pk for file in made])
    return {file.pk: found[file.pk] for file in made}


def test_the_list_tells_how_far_each_file_is(as_curator, files):
    waiting = AudioFile.objects.get(track__title="Waiting")
    Job.objects.create(
        name="catalog.measure_audio", subject=waiting.subject, queue="audio", progress=0.4,
        words="Hearing its key", state=State.RUNNING, claim="1", heartbeat=NOON,
    )  # fmt: skip

    page = as_curator.get(LIST).content.decode()

    assert "40% Hearing its key" in page
    assert "The file is silent." in page
    assert "Measured.wav" in page


def test_the_list_asks_no_more_for_more_files(as_curator, files, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        as_curator.get(LIST)


def test_a_file_shows_how_it_sounds_and_what_sounds_like_it(as_curator, files):
    one, two, _ = files.values()
    AudioFile.objects.filter(pk=two.pk).update(
        state="measured", measured_at=NOON, timbre=[1.0] + [0.0] * 108
    )

    page = as_curator.get(f"{LIST}{one.pk}/change/").content.decode()

    assert "tempo 120" in page
    assert "Björk – Waiting (1.0)" in page


def test_who_may_listen_is_changed_and_nothing_else(as_curator, files):
    file = next(iter(files.values()))

    as_curator.post(f"{LIST}{file.pk}/change/", {"audience": "staff", "path": "/etc/passwd"})

    file.refresh_from_db()
    assert (file.audience, file.path) == ("staff", "Measured.wav")


def test_files_are_measured_again(as_curator, files):
    broken = AudioFile.objects.get(track__title="Broken")

    as_curator.post(LIST, {"action": "measure_again", "_selected_action": [broken.pk]})

    broken.refresh_from_db()
    assert (broken.state, broken.refusal) == ("waiting", "")
    assert Job.objects.get(subject=broken.subject).name == "catalog.measure_audio"


def test_only_the_staff_sees_them(as_listener, files):
    assert as_listener.get(LIST).status_code in (302, 403)
