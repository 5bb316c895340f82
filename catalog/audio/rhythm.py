"""How fast a piece goes, how many sounds begin in it, and how plain its beat is.

The tempo: where the sound grows, the curve of onsets rises. Its autocorrelation has peaks at the
beat and at its multiples, its spectrum at the beat and its subdivisions; the product of both
(Peeters 2007) has them at the beat itself. What is left open, the octave, is decided by where
people tap: near 110 beats a minute, twice or half as fast being about half as likely.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from catalog.audio.compiled import librosa
from catalog.audio.reading import RATE, Samples

HOP = 128  # samples between two points of the curve of onsets
FRAMES = RATE / HOP  # of them a second
LOCAL = 0.4  # seconds: an onset is what rises above its surroundings
WINDOW, STEP = 15.0, 7.5  # seconds: the tempo may drift from one window to the next
BPM = np.geomspace(45.0, 220.0, 1600)  # steps of a tenth of a percent
TAPPED, OCTAVES = 110.0, 0.8  # the middle and the width of where people tap
MULTIPLES = (1, 2, 3, 4)  # beats after which a curve is like itself
SUBDIVISIONS = (1, 2, 4)  # of a beat
NO_BEAT = 0.05  # likeness after a beat: below it there is none to be heard

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Rhythm:
    tempo: float | None  # beats per minute; None where no beat is heard
    beat: float  # 0 to 1, how much the sound of one beat is like the next
    onset_rate: float  # per second


def rhythm_of(mono: Samples) -> Rhythm:
    curve = onset_curve(mono)
    tempo, beat = _tempo(curve)
    onsets = librosa.onset.onset_detect(
        onset_envelope=curve, sr=RATE, hop_length=HOP, units="time", delta=0.1
    )
    return Rhythm(tempo, beat, len(onsets) / (len(mono) / RATE))


def onset_curve(mono: Samples) -> Curve:
    """How much louder the sound grows, over all pitches, above what is usual around."""
    mel = librosa.feature.melspectrogram(
        y=mono, sr=RATE, n_fft=1024, hop_length=HOP, n_mels=96, fmax=10_000
    )
    loud = librosa.power_to_db(mel, top_db=60)
    growth = np.maximum(0, loud[:, 2:] - loud[:, :-2]).mean(axis=0)
    return np.maximum(0, growth - uniform_filter1d(growth, int(LOCAL * FRAMES))).astype(float)


def _tempo(curve: Curve) -> tuple[float | None, float]:
    windows = [one for one in _windows(curve) if one.any()]
    if not windows:
        return None, 0.0
    likeness, pulse = (np.mean(both, axis=0) for both in zip(*map(_both, windows), strict=True))
    taps = np.exp(-0.5 * (np.log2(BPM / TAPPED) / OCTAVES) ** 2)
    best = int(np.argmax(likeness * pulse**2 * taps))
    if likeness[best] < NO_BEAT:
        return None, 0.0
    return float(BPM[best]), float(min(likeness[best], 1.0))


def _windows(curve: Curve) -> list[Curve]:
    size, step = int(WINDOW * FRAMES), int(STEP * FRAMES)
    return [curve[start : start + size] for start in range(0, max(len(curve) - size, 0) + 1, step)]


def _both(curve: Curve) -> tuple[Curve, Curve]:
    """For each tempo: how like itself the curve is beats later, and how strongly it pulses."""
    around = curve - curve.mean()
    return _likeness(around), _pulse(around)


def _likeness(curve: Curve) -> Curve:
    size = len(curve)
    spectrum = np.abs(np.fft.rfft(curve, 2 * size)) ** 2
    alike = np.fft.irfft(spectrum)[:size] / (size - np.arange(size)) * size
    alike /= alike[0]
    beat = 60 * FRAMES / BPM
    found = [
        np.where(
            beat * times < 0.75 * size, np.interp(beat * times, np.arange(size), alike), np.nan
        )
        for times in MULTIPLES
    ]
    known = np.stack(found)
    counted = np.isfinite(known).sum(axis=0)
    return np.maximum(np.nansum(known, axis=0) / np.maximum(counted, 1), 0)


def _pulse(curve: Curve) -> Curve:
    size = len(curve)
    padded = 2 ** int(np.ceil(np.log2(16 * size)))
    strength = np.abs(np.fft.rfft(curve * np.hanning(size), padded))
    strength /= max(strength.max(), 1e-12)
    hertz = np.fft.rfftfreq(padded, 1 / FRAMES)
    return np.sum([np.interp(BPM / 60 * part, hertz, strength) for part in SUBDIVISIONS], axis=0)
