"""What a piece sounds like, as a row of numbers: files that sound alike have rows that are near.

The shape of its mean spectrum in 64 mel bands; and for 19 mel-frequency cepstral coefficients (the
first, loudness, is left out) how much each spreads and how much it moves from moment to moment;
and how far the peaks stand above the ground in seven bands. Each kind is divided by how much it
differs between pieces, the shape counting twice, so that the plain distance is the measure.
Moments 30 dB below the loudest are not listened to, and how loud it all is says nothing.
"""

from __future__ import annotations

import numpy as np

from catalog.audio.compiled import librosa
from catalog.audio.reading import RATE, Samples

BANDS, COEFFICIENTS = 64, 20
QUIET = 30.0  # dB
SHAPE, SPREAD, MOVES, PEAKS = 5.0, 6.0, 1.4, 8.0


def timbre_of(mono: Samples) -> list[float]:
    """Return `nearness.LENGTH` numbers."""
    loud = librosa.power_to_db(
        librosa.feature.melspectrogram(y=mono, sr=RATE, n_mels=BANDS, fmax=10_000)
    )
    level = loud.mean(axis=0)
    heard = level > level.max() - QUIET
    mfcc = librosa.feature.mfcc(S=loud, n_mfcc=COEFFICIENTS)[1:]
    moves = np.abs(np.diff(mfcc, axis=1, prepend=mfcc[:, :1]))
    contrast = librosa.feature.spectral_contrast(y=mono, sr=RATE)
    kinds = (
        (loud - level)[:, heard].mean(axis=1) / SHAPE,
        mfcc[:, heard].std(axis=1) / SPREAD,
        moves[:, heard].mean(axis=1) / MOVES,
        contrast[:, heard].mean(axis=1) / PEAKS,
    )
    return [round(float(number), 3) for number in np.concatenate(kinds)]
