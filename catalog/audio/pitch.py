"""In which key a piece stands.

How much of each of the twelve pitch classes sounds (constant-Q chroma of what is no drum, after
the tuning was found) is compared with what a piece in each of the 24 keys has on average, as
Albrecht and Shanahan (2013) counted it; the likest is the key. Where no profile fits, where hardly
anything has a pitch, or of less than five seconds, there is none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from catalog.audio.compiled import librosa
from catalog.audio.reading import RATE, Samples

MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
FITS = 0.6  # correlation from which a key is believed
PITCHED = 0.35  # share of the sound that must be no drum
SHORTEST = 5.0  # seconds
MARGIN = 2.0  # how much stronger than the drums a tone has to be to count


class Key(NamedTuple):
    key: int  # 0 is C
    mode: int  # 1 major, 0 minor


def key_of(mono: Samples) -> Key | None:
    if len(mono) < SHORTEST * RATE:
        return None
    tones = librosa.effects.harmonic(mono, margin=MARGIN)
    if np.sqrt(np.mean(tones**2)) < PITCHED * np.sqrt(np.mean(mono**2)):
        return None
    chroma = librosa.feature.chroma_cqt(y=tones, sr=RATE, hop_length=1024)
    return key_of_classes(chroma.mean(axis=1))


def key_of_classes(classes: NDArray[np.float64]) -> Key | None:
    """Return the key in which these amounts of the twelve pitch classes are most usual."""
    if not classes.std():
        return None
    fits = {
        Key(key, mode): float(np.corrcoef(classes, np.roll(profile, key))[0, 1])
        for mode, profile in ((1, MAJOR), (0, MINOR))
        for key in range(12)
    }
    best = max(fits, key=fits.__getitem__)
    return best if fits[best] >= FITS else None
