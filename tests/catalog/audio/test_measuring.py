"""How files sound, by sounds whose tempo, key and loudness are known."""

import numpy as np
import pytest
import soundfile

from catalog.audio.kinds import MIME_TYPES
from catalog.audio.loudness import integrated_loudness
from catalog.audio.measuring import brightness, danceability, energy, measure
from catalog.audio.nearness import LENGTH, nearest
from catalog.audio.pitch import Key, key_of, key_of_classes
from catalog.audio.reading import LONGEST, Unmeasurable, read_sound
from catalog.audio.rhythm import Rhythm, rhythm_of
from catalog.audio.timbre import timbre_of
from tests.catalog.audio.sounds import (
    RATE,
    cadence,
    clicks,
    needs_real_files,
    noise,
    real_file,
    tone,
    write_wav,
)


def octave_free(found, wanted):
    """How far off a tempo is, were twice or half of it as good."""
    return min(abs(found * times / wanted - 1) for times in (0.5, 1, 2))


@pytest.mark.parametrize("bpm", [60, 72, 90, 104, 120, 128, 140, 174])
def test_a_metronome_goes_as_fast_as_it_was_set(bpm):
    assert rhythm_of(clicks(bpm).astype(np.float32)).tempo == pytest.approx(bpm, rel=0.01)


def test_each_click_is_an_onset():
    assert rhythm_of(clicks(120).astype(np.float32)).onset_rate == pytest.approx(2, rel=0.05)


def test_noise_has_no_tempo_and_no_key():
    sound = noise(seconds=12).astype(np.float32)

    assert rhythm_of(sound).tempo is None
    assert key_of(sound) is None


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("minor", [False, True])
def test_a_cadence_stands_in_its_key(tonic, minor):
    found = key_of(cadence(tonic, minor=minor, seconds=6).astype(np.float32))

    assert found == Key(tonic, 0 if minor else 1)


def test_an_instrument_tuned_low_stands_in_the_same_key():
    """A quarter of a semitone below: the tuning is found first."""
    sound = cadence(9, seconds=9)
    slower = np.interp(np.arange(0, 6 * RATE, 0.9857), np.arange(len(sound)), sound)

    assert key_of(slower.astype(np.float32)) == Key(9, 1)


def test_without_pitch_or_time_there_is_no_key():
    assert key_of_classes(np.ones(12)) is None
    assert key_of(cadence(0, seconds=3).astype(np.float32)) is None
    assert key_of(clicks(120).astype(np.float32)) is None


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_a_tone_is_as_loud_as_the_standard_says(rate):
    """EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dB below full scale is -23 LUFS."""
    sine = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * np.arange(20 * rate) / rate)

    loudness = integrated_loudness(np.stack([sine, sine], axis=1).astype(np.float32), rate)

    assert loudness == pytest.approx(-23, abs=0.1)


def test_pauses_do_not_make_a_piece_less_loud():
    """EBU Tech 3341, case 3: what is 10 dB below the rest is left out by the gate."""
    loud = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * np.arange(30 * RATE) / RATE)
    sound = np.concatenate([loud * 0.05, loud, np.zeros(10 * RATE)])

    loudness = integrated_loudness(np.stack([sound, sound], axis=1).astype(np.float32), RATE)

    assert loudness == pytest.approx(-23, abs=0.2)


def test_what_is_high_is_bright():
    low, high = tone(200, 2, overtones=1), tone(4000, 2, overtones=1)

    assert brightness(low.astype(np.float32)) < 0.05
    assert brightness(high.astype(np.float32)) > 0.95


def test_energy_grows_with_loudness_activity_and_brightness():
    assert energy(-11, 4, 0.25) == pytest.approx(0.5, abs=0.001)
    assert energy(-6, 4, 0.25) > energy(-11, 4, 0.25) > energy(-25, 4, 0.25)
    assert energy(-11, 7, 0.25) > energy(-11, 1, 0.25)
    assert energy(-11, 4, 0.5) > energy(-11, 4, 0.0)


def test_a_plain_beat_at_the_tempo_of_dancing_is_danced_to():
    disco, waltz, free = Rhythm(118, 0.6, 4), Rhythm(60, 0.6, 4), Rhythm(None, 0, 1)

    assert danceability(disco) > 0.9 > danceability(waltz) > danceability(free)
    assert danceability(disco) > danceability(Rhythm(118, 0.1, 4))


def test_a_file_gives_all_measures_on_the_catalogues_scales(tmp_path):
    file = write_wav(tmp_path / "a.wav", cadence(2) + clicks(120, seconds=12) / 3, channels=2)

    found = measure(file)

    assert found.seconds == 12
    assert (found.features["key"], found.features["mode"]) == (2, 1)
    assert octave_free(found.features["tempo"], 120) < 0.01
    assert -40 < found.features["loudness"] < 0
    assert 0 < found.features["energy"] < 1
    assert 0 < found.features["danceability"] < 1
    assert 0 < found.brightness < 1
    assert found.onset_rate > 1
    assert len(found.timbre) == LENGTH
    assert "valence" not in found.features


def test_progress_is_told(tmp_path):
    told = []

    measure(write_wav(tmp_path / "a.wav", cadence(0)), lambda share, words: told.append(share))

    assert told == sorted(told)
    assert len(told) > 2


def test_of_a_long_file_the_middle_is_measured(tmp_path):
    quiet = np.zeros(200 * RATE)
    middle = slice(70 * RATE, 130 * RATE)
    quiet[middle] = cadence(4, seconds=60)

    sound = read_sound(write_wav(tmp_path / "long.wav", quiet))

    assert sound.seconds == 200
    assert len(sound.mono) == LONGEST * RATE
    assert np.abs(sound.mono).max() > 0.01


@pytest.mark.parametrize("ending", [".flac", ".mp3", ".ogg", ".opus", ".aiff"])
def test_every_kind_is_heard_alike(tmp_path, ending):
    path = tmp_path / f"a{ending}"
    codec = {".opus": ("OGG", "OPUS"), ".ogg": ("OGG", "VORBIS"), ".mp3": ("MP3", "MPEG_LAYER_III")}
    kind, subtype = codec.get(ending, (None, None))
    rate = 48_000 if ending == ".opus" else RATE  # all that Opus knows
    samples = np.interp(
        np.arange(0, 6 * RATE, RATE / rate), np.arange(6 * RATE), cadence(2, seconds=6)
    )
    soundfile.write(path, samples, rate, format=kind, subtype=subtype)

    found = measure(path)

    assert (found.features["key"], found.features["mode"]) == (2, 1)
    assert found.seconds == pytest.approx(6, abs=0.1)


DAMAGE = {
    "empty": (b"", "empty"),
    "text": (b"This is no music at all. " * 100, "damaged"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(5000), "damaged"),
    "only zeros": (bytes(20_000), "damaged"),
    "header alone": (b"RIFF\x24\x00\x00\x00WAVEfmt ", "damaged"),
}


@pytest.mark.parametrize("ending", sorted(set(MIME_TYPES) - {".m4a"}))
@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_told_whatever_it_is_called(tmp_path, damage, ending):
    content, words = DAMAGE[damage]
    path = tmp_path / f"bad{ending}"
    path.write_bytes(content)

    with pytest.raises(Unmeasurable, match=f"{words}|less than a second|silent"):
        measure(path)


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (np.zeros(5 * RATE), "silent"),
        (np.zeros(0), "less than a second"),
        (np.ones(RATE // 2) * 0.5, "less than a second"),
    ],
    ids=["silence", "nothing", "half a second"],
)
def test_where_nothing_can_be_heard_it_is_said(tmp_path, samples, words):
    with pytest.raises(Unmeasurable, match=words):
        measure(write_wav(tmp_path / "a.wav", samples))


def test_a_header_that_promises_hours_costs_no_memory(tmp_path):
    """It claims to hold 4 GB, and ends after two seconds."""
    whole = write_wav(tmp_path / "a.wav", cadence(0, seconds=2)).read_bytes()
    path = tmp_path / "liar.wav"
    path.write_bytes(
        whole[:4] + b"\xff\xff\xff\xff" + whole[8:40] + b"\xf0\xff\xff\xff" + whole[44:]
    )

    assert read_sound(path).seconds <= 3


def test_a_kind_that_plays_but_cannot_be_measured_is_named(tmp_path):
    path = tmp_path / "a.m4a"
    path.write_bytes(b"\x00\x00\x00\x20ftypM4A ")

    with pytest.raises(Unmeasurable, match="played, but not measured"):
        measure(path)


def test_a_file_that_is_gone_is_told(tmp_path):
    with pytest.raises(Unmeasurable, match="cannot be opened"):
        measure(tmp_path / "gone.wav")


def test_excerpts_of_one_piece_are_nearest():
    pieces = {
        "strings": cadence(0, seconds=20),
        "clicks": clicks(100, seconds=20),
        "hiss": noise(seconds=20),
        "hum": tone(80, 1)[: RATE // 2].repeat(2)[np.arange(20 * RATE) % RATE],
    }
    names, rows = [], []
    for name, samples in pieces.items():
        for half in np.array_split(samples.astype(np.float32), 2):
            names.append(name)
            rows.append(timbre_of(half))

    for place, row in enumerate(rows):
        others = rows[:place] + rows[place + 1 :]
        found, _ = nearest(row, others, 1)[0]
        assert (names[:place] + names[place + 1 :])[found] == names[place]


@needs_real_files
def test_excerpts_of_one_real_piece_are_nearest():
    names, rows = [], []
    for words in ("Hungarian", "Sugar_Plum", "Vibe_Ace", "Drum-bass", "drums-sample.wav"):
        for half in np.array_split(read_sound(real_file(words)).mono, 2):
            names.append(words)
            rows.append(timbre_of(half))

    for place, row in enumerate(rows):
        (first, _), (second, _) = nearest(row, rows, 2)
        assert first == place
        assert names[second] == names[place]


@needs_real_files
def test_the_drums_go_as_fast_as_they_were_annotated():
    half, whole, _ = real_file("drums-sample.tempo").read_text().splitlines()[-1].split()

    tempo = rhythm_of(read_sound(real_file("drums-sample.wav")).mono).tempo

    assert min(abs(tempo / float(half) - 1), abs(tempo / float(whole) - 1)) < 0.04


@needs_real_files
def test_vibe_ace_goes_as_fast_as_its_tag_says():
    assert rhythm_of(read_sound(real_file("Vibe_Ace")).mono).tempo == pytest.approx(130, rel=0.01)


@needs_real_files
@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Sugar_Plum", Key(4, 0)),  # E minor, as Tchaikovsky wrote it
        # Its title names the key of Brahms' piano duet. Orchestras play it in G minor, and so does
        # this one: its strongest tones lie within a tenth of a semitone of G, B flat, C and D.
        ("Hungarian", Key(7, 0)),
        ("Drum-bass", None),
        ("drums-sample.wav", None),
    ],
)
def test_real_pieces_stand_in_their_keys(words, key):
    assert key_of(read_sound(real_file(words)).mono) == key
