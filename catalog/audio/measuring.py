"""How one audio file sounds, on the scales of `catalog.features`.

What librosa can hear is measured; what it takes a listener to say (valence, whether it is live,
acoustic or spoken) is left open rather than made up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from catalog.audio.kinds import UNMEASURED
from catalog.audio.loudness import integrated_loudness
from catalog.audio.pitch import Key, key_of
from catalog.audio.reading import RATE, Samples, Unmeasurable, read_sound
from catalog.audio.rhythm import Rhythm, rhythm_of
from catalog.audio.timbre import timbre_of
from catalog.features import cleaned

BRIGHT_FROM = 1500.0  # Hz
LARGEST = 2 * 2**30  # bytes

Tell = Callable[[float, str], None]


@dataclass(frozen=True)
class Measures:
    seconds: float
    features: dict[str, float]  # of `catalog.features.FEATURES`, those that were heard
    brightness: float  # share of the power above 1,500 Hz
    onset_rate: float  # sounds that begin, per second
    timbre: list[float]


def measure(path: Path, tell: Tell = lambda share, words: None) -> Measures:
    """Listen to the file; a minute and a half from its middle says enough.

    :raises Unmeasurable: if there is nothing to hear
    """
    _refuse(path)
    tell(0.0, "Reading the file")
    sound = read_sound(path)
    tell(0.2, "Hearing its beat")
    rhythm = rhythm_of(sound.mono)
    tell(0.4, "Hearing its key")
    key = key_of(sound.mono)
    tell(0.8, "Hearing how it sounds")
    bright = brightness(sound.mono)
    loudness = integrated_loudness(sound.channels, sound.channel_rate)
    return Measures(
        seconds=round(sound.seconds, 3),
        features=cleaned(_features(rhythm, key, loudness, bright)),
        brightness=round(bright, 3),
        onset_rate=round(rhythm.onset_rate, 2),
        timbre=timbre_of(sound.mono),
    )


def _refuse(path: Path) -> None:
    if path.suffix.casefold() in UNMEASURED:
        raise Unmeasurable(f"Files of this kind ({path.suffix}) can be played, but not measured.")
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Unmeasurable(f"The file cannot be opened ({error.strerror}).") from error
    if not size:
        raise Unmeasurable("The file is empty.")
    if size > LARGEST:
        raise Unmeasurable("The file is larger than 2 GB.")


def _features(
    rhythm: Rhythm, key: Key | None, loudness: float | None, bright: float
) -> dict[str, float]:
    heard = {
        "tempo": rhythm.tempo and round(rhythm.tempo, 2),
        "key": key and key.key,
        "mode": key and key.mode,
        "loudness": loudness if loudness is None else round(loudness, 2),
        "energy": None if loudness is None else energy(loudness, rhythm.onset_rate, bright),
        "danceability": danceability(rhythm),
    }
    return {name: value for name, value in heard.items() if value is not None}


def brightness(mono: Samples) -> float:
    power = np.abs(np.fft.rfft(mono)) ** 2
    hertz = np.fft.rfftfreq(len(mono), 1 / RATE)
    return float(power[hertz >= BRIGHT_FROM].sum() / max(power.sum(), 1e-12))


def energy(loudness: float, onset_rate: float, bright: float) -> float:
    """From 0 to 1: mostly how loud it is, more where much happens and where it is bright.

    The curve over loudness is that of the catalogue's other sources: half at -11 dB, and the odds
    grow by a fifth with each dB (20,000 tracks of Kaggle's Spotify file).
    """
    odds = 0.2 * (loudness + 11.0)
    odds += 0.15 * min(max(onset_rate - 4.0, -3.0), 3.0) + min(max(bright - 0.25, -0.25), 0.25)
    return round(1 / (1 + math.exp(-odds)), 3)


def danceability(rhythm: Rhythm) -> float:
    """From 0 to 1: how plain the beat is, at a tempo that people dance to (about 115)."""
    if rhythm.tempo is None:
        return 0.1
    fit = math.exp(-0.5 * (math.log2(rhythm.tempo / 115.0) / 0.75) ** 2)
    return round((0.25 + 0.7 * min(rhythm.beat / 0.5, 1.0)) * (0.5 + 0.5 * fit), 3)
