"""Sounds made for tests, and where real ones may lie."""

import wave
from pathlib import Path

import numpy as np
import pytest

RATE = 22_050
REAL = Path(__file__).parents[4] / "shared" / "data" / "audio"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason=f"there is no {REAL}")

C_MAJOR = (0, 5, 7, 0)  # roots of chords above the tonic, each with its third
SEMITONE = 2 ** (1 / 12)


def real_file(words):
    return next(path for path in REAL.iterdir() if words in path.name and path.suffix != ".txt")


def write_wav(path, samples, *, rate=RATE, channels=1):
    """Store numbers from -1 to 1 as 16-bit sound."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = (np.clip(samples, -1, 1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(data, channels).tobytes())
    return path


def tone(hertz, seconds, *, overtones=4):
    """A plucked string: overtones that die away."""
    at = np.arange(int(seconds * RATE)) / RATE
    parts = [np.sin(2 * np.pi * hertz * n * at) / n for n in range(1, overtones + 1)]
    return np.sum(parts, axis=0) * np.exp(-at / 0.6)


def cadence(tonic, *, minor=False, seconds=12):
    """Tonic, subdominant, dominant, tonic, over and over; `tonic` 0 is C."""
    thirds = {0: 3, 5: 3, 7: 4} if minor else {0: 4, 5: 4, 7: 4}
    chords = [
        sum(tone(261.63 * SEMITONE ** (tonic + root + step), 0.75) for step in (0, thirds[root], 7))
        for root in C_MAJOR
    ]
    bar = np.concatenate(chords) / 8
    return np.tile(bar, seconds // 3 + 1)[: seconds * RATE]


def clicks(bpm, *, seconds=15, seed=1):
    """A metronome that stresses every fourth click, in a room that is not quite silent."""
    rng = np.random.default_rng(seed)
    samples = rng.normal(0, 1e-4, seconds * RATE)
    click = np.sin(2 * np.pi * 1000 * np.arange(1000) / RATE) * np.exp(-np.arange(1000) / 150)
    for number, start in enumerate(np.arange(0, seconds - 0.1, 60 / bpm)):
        at = int(start * RATE)
        samples[at : at + 1000] += click * (0.9 if number % 4 == 0 else 0.6)
    return samples


def noise(*, seconds=6, seed=1, level=0.2):
    return np.random.default_rng(seed).normal(0, level, seconds * RATE)
