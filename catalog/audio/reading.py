"""From an audio file to numbers: one channel at one rate, and no more of it than need be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from catalog.audio.compiled import librosa

Samples = NDArray[np.float32]

RATE = 22_050  # samples a second, all that is measured goes by
LONGEST = 60.0  # seconds, from the middle, that are measured
SHORTEST = 1.0
SILENCE = 1e-4  # full scale is 1: what stays below -80 dB is not heard
MOST_CHANNELS = 8


class Unmeasurable(Exception):
    """The file holds nothing that can be measured; the message is for people."""


@dataclass(frozen=True)
class Sound:
    """The part of a file that is measured."""

    channels: Samples  # samples x channels, as they stand in the file
    channel_rate: int
    mono: Samples  # at RATE
    seconds: float  # of the whole file


def read_sound(path: Path) -> Sound:
    """Read the middle of the file.

    :raises Unmeasurable: if it is damaged, empty, silent, too short, or of no known kind
    """
    try:
        with soundfile.SoundFile(path) as file:
            channels, rate, seconds = _middle(file), file.samplerate, len(file) / file.samplerate
    except OSError as error:
        raise Unmeasurable(f"The file cannot be opened ({error.strerror}).") from error
    except RuntimeError as error:  # of soundfile, and of what is under it
        raise Unmeasurable(
            f"The file is damaged, or of a kind that cannot be measured ({error})."
        ) from error
    _check(channels, rate)
    mono = librosa.resample(channels.mean(axis=1), orig_sr=rate, target_sr=RATE, res_type="soxr_hq")
    return Sound(channels, rate, mono.astype(np.float32), seconds)


def _middle(file: soundfile.SoundFile) -> Samples:
    """Only so much is ever in memory, however long the file is or claims to be."""
    if file.channels > MOST_CHANNELS:
        raise Unmeasurable(f"The file has {file.channels} channels; {MOST_CHANNELS} is the most.")
    wanted = min(len(file), int(LONGEST * file.samplerate))
    if file.seekable():
        file.seek((len(file) - wanted) // 2)
    samples: Samples = file.read(wanted, dtype="float32", always_2d=True)
    return samples


def _check(channels: Samples, rate: int) -> None:
    if len(channels) < SHORTEST * rate:
        raise Unmeasurable("There is less than a second of sound in the file.")
    if not np.isfinite(channels).all():
        raise Unmeasurable("The file is damaged: it holds numbers that are no sound.")
    if np.abs(channels).max() < SILENCE:
        raise Unmeasurable("The file is silent.")
