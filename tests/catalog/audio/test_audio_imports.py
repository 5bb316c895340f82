"""Folders of audio files, from their tags to how they sound."""

import json
import os
import shutil
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.models import AudioFile, FeatureSet, Track, TrackImport, TrackImportRow
from catalog.services import audio, importing
from catalog.services.audio import taking_in
from jobs.models import Job, Queue, State
from jobs.services import run_next
from jobs.services.commands import CommandFailed
from tests.catalog.audio.sounds import cadence, clicks, noise, tone, write_wav
from tests.factories import NOON, SOUND, make_artist, make_features, make_track

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def music(tmp_path, settings):
    """A folder of the operator's that the site may play from."""
    settings.AUDIO_DIR = tmp_path / "music"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.AUDIO_DIR.mkdir()
    return settings.AUDIO_DIR


@pytest.fixture
def measured_at_once(monkeypatch):
    """Jobs measure in this process, which has librosa loaded already."""

    def measure(run, command, pk):
        assert command == "measure_audio"
        try:
            audio.measure_file(int(pk), at=NOON, tell=run.progress)
        except audio.NotMeasured as error:
            raise CommandFailed(str(error)) from error

    monkeypatch.setattr("catalog.tasks.run_command", measure)


def bring_in(folder, **options):
    track_import = importing.open_import(folder, format_="audio", columns={}, at=NOON, **options)
    return counts(importing.import_file(track_import, folder, at=NOON))


def counts(track_import):
    return {fate: count for fate, count in track_import.counts.items() if count}


def measure_all():
    while run_next(queue=Queue.AUDIO):
        pass


def database_of_this_test():
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def test_files_within_the_folder_stay_where_they_are(music):
    write_wav(music / "jazz" / "Nina Simone - Sinnerman.wav", tone(440, 2))

    assert bring_in(music) == {"new": 1}

    file = AudioFile.objects.get()
    assert (file.path, file.upload.name) == ("jazz/Nina Simone - Sinnerman.wav", "")
    assert (file.track.title, file.duration_ms, file.mime_type) == ("Sinnerman", 2000, "audio/wav")
    assert (file.audience, file.state, len(file.checksum)) == ("users", "waiting", 64)


def test_files_from_elsewhere_are_copied_into_the_storage(music, tmp_path):
    outside = write_wav(tmp_path / "outside" / "Nina Simone - Sinnerman.wav", tone(440, 2))

    bring_in(outside.parent)

    file = AudioFile.objects.get()
    assert file.path == ""
    with file.open() as stored:
        assert stored.read() == outside.read_bytes()
    shutil.rmtree(outside.parent)
    with file.on_disk() as place:
        assert place.is_file()


def test_reading_again_changes_nothing(music, tmp_path):
    write_wav(music / "A - B.wav", tone(440, 2))
    outside = write_wav(tmp_path / "outside" / "C - D.wav", tone(330, 2))
    bring_in(music)
    bring_in(outside.parent)
    before = list(AudioFile.objects.order_by("pk").values())
    jobs = Job.objects.filter(queue="audio").count()

    assert bring_in(music) == {"unchanged": 1}
    assert bring_in(outside.parent) == {"unchanged": 1}

    assert list(AudioFile.objects.order_by("pk").values()) == before
    assert Job.objects.filter(queue="audio").count() == jobs
    assert len(list((tmp_path / "media").rglob("*.wav"))) == 1


def test_each_file_is_accounted_for(music):
    make_track("Known", artist=make_artist("A"), duration_ms=2000)
    write_wav(music / "A - Known.wav", tone(440, 2))
    write_wav(music / "A - New.wav", tone(440, 2))
    (music / "A - Broken.flac").write_bytes(b"no music at all")
    write_wav(music / "nameless.wav", tone(440, 2))

    assert bring_in(music) == {"new": 1, "merged": 1, "rejected": 2}

    reasons = dict(
        TrackImportRow.objects.filter(fate="rejected").values_list("text", "reason")
    )  # fmt: skip
    assert reasons.keys() == {"A - Broken.flac", "nameless.wav"}
    assert "damaged" in reasons["A - Broken.flac"]
    assert AudioFile.objects.count() == 2


def test_a_file_that_was_written_anew_is_measured_anew(music, measured_at_once):
    path = write_wav(music / "A - B.wav", cadence(0, seconds=6))
    bring_in(music)
    measure_all()
    first = AudioFile.objects.get()

    write_wav(path, cadence(7, seconds=6))
    os.utime(path, (1, 1))
    bring_in(music)
    measure_all()

    second = AudioFile.objects.get()
    assert second.pk == first.pk
    assert second.checksum != first.checksum
    assert (first.features["key"], second.features["key"]) == (0, 7)
    assert FeatureSet.objects.get().key == 7


def test_a_file_that_moved_is_followed(music):
    path = write_wav(music / "A - B.wav", tone(440, 2))
    bring_in(music)
    pk = AudioFile.objects.get().pk

    (music / "new").mkdir()
    path.rename(music / "new" / "A - B.wav")

    assert bring_in(music) == {"merged": 1}
    file = AudioFile.objects.get()
    assert (file.pk, file.path) == (pk, "new/A - B.wav")


def test_the_same_file_twice_is_kept_once(music):
    path = write_wav(music / "A - B.wav", tone(440, 2))
    shutil.copy(path, music / "01 - A - B.wav")

    assert bring_in(music) == {"new": 1, "merged": 1}

    assert AudioFile.objects.count() == 1


def test_broken_off_while_taking_in_it_goes_on(music, monkeypatch):
    for number in range(3):
        write_wav(music / f"A - {number}.wav", tone(440 + number, 1))
    kept = taking_in._keep

    def break_off(*args, **options):
        if AudioFile.objects.exists():
            raise KeyboardInterrupt
        kept(*args, **options)

    monkeypatch.setattr(taking_in, "_keep", break_off)
    with pytest.raises(KeyboardInterrupt):
        bring_in(music)
    monkeypatch.undo()
    assert AudioFile.objects.count() == 1

    track_import = importing.open_import(music, format_="audio", columns={}, at=NOON)
    importing.import_file(track_import, music, at=NOON)

    assert TrackImport.objects.count() == 1
    assert counts(track_import) == {"new": 3}
    assert AudioFile.objects.count() == Job.objects.filter(queue="audio").count() == 3


def test_an_upload_is_kept_and_measured(music, as_curator, measured_at_once, tmp_path):
    content = write_wav(tmp_path / "up" / "Nina Simone - Sinnerman.wav", cadence(0)).read_bytes()
    importing.start_upload(
        file=ContentFile(content), name="Nina Simone - Sinnerman.wav", columns={}, at=NOON
    )

    while run_next(queue=Queue.IMPORTS):
        pass
    measure_all()

    file = AudioFile.objects.get()
    assert (file.track.title, file.state, file.features["key"]) == ("Sinnerman", "measured", 0)
    assert file.path == ""


def test_each_file_has_a_job_and_one_that_fails_stops_no_other(music, measured_at_once):
    write_wav(music / "A - Fine.wav", cadence(2, seconds=6))
    write_wav(music / "A - Silent.wav", noise(level=0))
    write_wav(music / "A - Short.wav", tone(440, 0.5))
    bring_in(music)
    (music / "A - Short.wav").unlink()
    assert Job.objects.filter(queue="audio", state=State.NEW).count() == 3

    measure_all()

    told = {file.track.title: (file.state, file.refusal) for file in AudioFile.objects.all()}
    assert told == {
        "Fine": ("measured", ""),
        "Silent": ("refused", "The file is silent."),
        "Short": ("refused", "The file cannot be opened (No such file or directory)."),
    }
    states = dict(Job.objects.filter(queue="audio").values_list("error", "state"))
    assert states["The file is silent."] == State.FAILED
    assert list(states.values()).count(State.DONE) == 1


def test_how_a_file_sounds_is_how_its_track_sounds(music, measured_at_once):
    write_wav(music / "A - B.wav", cadence(2, minor=True, seconds=12) + clicks(90, seconds=12) / 2)
    bring_in(music)

    measure_all()

    track = Track.objects.get()
    file = AudioFile.objects.get()
    assert track.features.source == "audio"
    assert (track.features.key, track.features.mode, track.features.valence) == (2, 0, None)
    assert track.features.tempo == file.features["tempo"]
    assert track.features.timbre == file.timbre
    assert Job.objects.filter(name="catalog.explore").exists()


def test_a_curators_word_on_the_sound_is_believed_first(music, measured_at_once):
    track = make_track("B", artist=make_artist("A"), duration_ms=6000)
    curated = make_features(track, source="curator")
    write_wav(music / "A - B.wav", cadence(2, seconds=6))
    bring_in(music)

    measure_all()

    track.refresh_from_db()
    assert all(getattr(track.features, name) == getattr(curated, name) for name in SOUND)
    assert FeatureSet.objects.filter(track=track, source="audio").exists()


def test_files_kept_from_training_teach_nobody(music, measured_at_once):
    write_wav(music / "A - B.wav", cadence(2, seconds=6))
    bring_in(music, may_train=False)

    measure_all()
    assert not FeatureSet.objects.get().may_train

    bring_in(music)
    assert FeatureSet.objects.get().may_train
    assert AudioFile.objects.get().may_train


def test_of_two_files_of_a_track_the_older_has_the_say(music, measured_at_once):
    write_wav(music / "1 - A - B.wav", cadence(2, seconds=6))
    write_wav(music / "2 - A - B.wav", cadence(9, seconds=6))
    bring_in(music)

    measure_all()

    assert AudioFile.objects.count() == 2
    assert FeatureSet.objects.get().key == 2


def test_similar_sounding_files_are_neighbours(music, measured_at_once):
    strings, beats, hiss = cadence(0, seconds=20), clicks(100, seconds=20), noise(seconds=20)
    for name, samples in {"Strings": strings, "Beats": beats, "Hiss": hiss}.items():
        middle = len(samples) // 2
        write_wav(music / f"{name} - One.wav", samples[:middle])
        write_wav(music / f"{name} - Two.wav", samples[middle:])
    bring_in(music)
    measure_all()

    for file in AudioFile.objects.select_related("track__artist"):
        nearest, second = audio.nearest_files(file, n=2)
        assert nearest.file.track.artist == file.track.artist
        assert nearest.distance < second.distance


def test_a_file_not_yet_measured_has_no_neighbours(music):
    write_wav(music / "A - B.wav", tone(440, 2))
    bring_in(music)

    assert audio.nearest_files(AudioFile.objects.get(), n=5) == []


def test_it_can_be_measured_again(music, measured_at_once):
    write_wav(music / "A - B.wav", noise(level=0))
    bring_in(music)
    measure_all()
    file = AudioFile.objects.get()
    assert file.state == "refused"

    write_wav(music / "A - B.wav", cadence(0, seconds=6))
    audio.measure_again(file)
    measure_all()

    file.refresh_from_db()
    assert (file.state, file.refusal) == ("measured", "")


@pytest.mark.slow
def test_the_job_measures_in_a_process_of_its_own(music, monkeypatch):
    """The real way: a worker's job, a child with its own librosa. One bad file, one good one."""
    write_wav(music / "A - Good.wav", cadence(2, seconds=6))
    write_wav(music / "A - Bad.wav", noise(level=0))
    bring_in(music)
    monkeypatch.setenv("AUDIO_DIR", str(music))
    monkeypatch.setenv("DATABASE_URL", database_of_this_test())

    measure_all()

    assert set(AudioFile.objects.values_list("track__title", "state")) == {
        ("Good", "measured"),
        ("Bad", "refused"),
    }
    assert Job.objects.get(queue="audio", state=State.FAILED).error.endswith("is silent.")


def test_a_child_that_dies_leaves_word(music, monkeypatch):
    def die(run, *arguments):
        raise CommandFailed("exit code -11")

    monkeypatch.setattr("catalog.tasks.run_command", die)
    write_wav(music / "A - B.wav", tone(440, 2))
    bring_in(music)

    measure_all()

    assert (
        AudioFile.objects.get().refusal == "The program that measures it broke off: exit code -11"
    )


def test_the_command_tells_what_became_of_the_files(music, capsys):
    write_wav(music / "A - B.wav", tone(440, 2))
    write_wav(music / "nameless.wav", tone(440, 2))

    call_command("import_tracks", "audio", str(music), json=True)

    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["rows"], told["new"], told["rejected"]) == ("audio", 2, 1, 1)


def test_the_command_refuses_what_is_not_there(music):
    with pytest.raises(CommandError, match="no file"):
        call_command("import_tracks", "audio", str(music / "nowhere"))
    with pytest.raises(CommandError, match="no audio file here"):
        call_command("import_tracks", "audio", str(music))
    with pytest.raises(CommandError, match="no audio file 7"):
        call_command("measure_audio", 7)
