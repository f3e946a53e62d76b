"""How far each moment sounds like music and not like talk: measures over three seconds, and over a third of one.

Each measure has a curve that turns it into log-odds; the log-odds of all are added up (TELEPHONY 4.3 lists what tells
hold music from speech). The curves are a logistic regression over hat functions, fitted to 288 calls joined of speech,
music (72 pieces, 14 of them with few single notes, and 8 sung ones) and speech, to 240 calls without music (with a
radio behind the talk, typing, traffic, humming, babble), through mu-law, GSM and mp3 at 16 kbit/s, the music 14 dB
below to 3 dB above the speech, and to the holds and traps of the tuning set of `tests/benchmark`; no piece and no voice
of its test set is among them. Of the joins of pieces left out in turn, 80 % had both edges within 1 s, 6 % were missed;
humming of up to ten seconds was taken for music in 3 of 30 calls, one of 30 with babble.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.frames import Tracks

__all__ = ["weigh_edges", "weigh_music"]

Curve = tuple[tuple[float, ...], tuple[float, ...]]  # values of the measure, and the log-odds there

WINDOW = 94  # hops, three seconds
NEAR = 125  # hops, four seconds: within which the loudest hop says what is loud
LOUD_DB = 12.0  # below the loudest hop near by: the sound itself, not the noise in its pauses
PAUSE_DB = 20.0  # further below it is a pause
DEEPEST_DB = 30.0  # pauses are not told apart by how deep they are
AUDIBLE_DB = -55.0
SHORT, SHORTER, LONGER = 9, 3, 17  # hops, 0.3 s, 0.1 s and 0.5 s: of the measures that find edges

# In this order: steadiness over half a second (of what is loud), voice, share of pauses, flux (of what is loud) in dB,
# deviation of the level in dB.
MUSIC_BIAS = -3.33
MUSIC: tuple[Curve, ...] = (
    ((-0.02, 0.02, 0.08, 0.3, 0.64), (-4.15, -2.5, -1.72, 2.68, 3.68)),
    ((0.0, 0.03, 0.37, 0.64, 0.85), (4.71, 2.04, -2.86, -2.66, -3.24)),
    ((0.0, 0.15, 0.43, 0.68, 0.96), (1.23, -0.16, 0.79, -0.28, -3.59)),
    ((0.0, 2.82, 4.36, 6.05, 7.49), (-6.42, 2.97, 1.06, 0.63, -0.25)),
    ((0.51, 5.67, 9.13, 10.58, 12.77), (0.84, 1.84, -0.2, -1.27, -3.23)),
)
# In this order: voice, steadiness over an eighth and over half a second, level in dB relative to the music, flux in dB,
# deviation of the level in dB. They differ since the voice detector is deaf for a while behind music (TELEPHONY 4.2).
BEGINNING_BIAS = -0.33
BEGINNING: tuple[Curve, ...] = (
    ((0.0, 0.01, 0.05, 0.52, 0.91), (3.2, 2.61, 1.31, -2.92, -4.42)),
    ((-0.03, 0.06, 0.18, 0.35, 0.74), (-2.5, -1.28, -0.45, 0.11, 3.88)),
    ((-0.03, 0.03, 0.1, 0.25, 0.63), (-0.86, -0.8, -0.8, -0.32, 2.57)),
    ((-30.0, -7.36, -0.7, 3.62, 18.72), (-1.93, 0.44, 2.05, 0.93, -1.7)),
    ((0.81, 2.11, 3.38, 5.43, 9.71), (-1.47, 0.84, 1.38, 0.27, -1.24)),
    ((0.0, 1.42, 3.36, 7.03, 14.42), (-0.19, 0.5, -0.06, 0.18, -0.66)),
)
END_BIAS = -0.67
END: tuple[Curve, ...] = (
    ((0.0, 0.01, 0.02, 0.49, 0.91), (3.65, 3.64, 1.03, -4.55, -4.28)),
    ((-0.03, 0.07, 0.19, 0.37, 0.76), (-2.74, -0.93, -0.59, 0.37, 3.38)),
    ((-0.03, 0.03, 0.11, 0.25, 0.64), (-1.79, -0.7, -0.53, 0.62, 1.88)),
    ((-30.0, -5.89, -0.07, 3.99, 18.09), (-2.89, 0.91, 2.07, 1.4, -1.99)),
    ((0.84, 2.22, 3.49, 5.52, 9.42), (-1.81, 0.59, 0.68, 0.31, -0.28)),
    ((0.31, 1.54, 3.43, 7.2, 14.67), (-0.26, 0.67, -0.03, 0.39, -1.28)),
)
SUREST = 4.0  # log-odds that one instant can give for or against an edge


def weigh_music(tracks: Tracks, channel: int) -> NDArray[np.float64]:
    """Log-odds that the three seconds around each hop are music, shape ``(hop,)``."""
    return _weigh(measure_moments(tracks, channel), MUSIC, MUSIC_BIAS)


def weigh_edges(tracks: Tracks, channel: int, music_db: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-odds per hop that music of that level sounds in this very instant: where it begins, and where it ends."""
    measures = measure_instants(tracks, channel, music_db)
    both = (_weigh(measures, BEGINNING, BEGINNING_BIAS), _weigh(measures, END, END_BIAS))
    beginning, end = (np.clip(odds, -SUREST, SUREST) for odds in both)
    return beginning, end


def _weigh(measures: NDArray[np.float64], curves: tuple[Curve, ...], bias: float) -> NDArray[np.float64]:
    each = (np.interp(measures[:, i], *curve) for i, curve in enumerate(curves))
    return np.asarray(sum(each, np.full(len(measures), bias)), dtype=np.float64)


def measure_moments(tracks: Tracks, channel: int) -> NDArray[np.float64]:
    """Measures over three seconds, shape ``(hop, 5)``, in the order of `MUSIC`."""
    from scipy.ndimage import maximum_filter1d

    level = tracks.level_db[channel].astype(np.float64)
    near = maximum_filter1d(level, NEAR, mode="nearest")
    loud = (level > near - LOUD_DB) & (level > AUDIBLE_DB)
    share = _mean(loud, WINDOW) + 0.05
    return np.stack(
        [
            _mean(loud * tracks.spectrum.long_steadiness[channel], WINDOW) / share,
            _mean(tracks.voice[channel], WINDOW),
            _mean(level < near - PAUSE_DB, WINDOW),
            _mean(loud * tracks.spectrum.flux[channel], WINDOW) / share,
            _deviation(np.maximum(level, near - DEEPEST_DB), WINDOW),
        ],
        axis=1,
    )


def measure_instants(tracks: Tracks, channel: int, music_db: float) -> NDArray[np.float64]:
    """Measures over about a third of a second, shape ``(hop, 6)``, in the order of `BEGINNING` and `END`."""
    level = tracks.level_db[channel].astype(np.float64)
    spectrum = tracks.spectrum
    return np.stack(
        [
            _mean(tracks.voice[channel], SHORT),
            _mean(spectrum.steadiness[channel], SHORT),
            _mean(spectrum.long_steadiness[channel], LONGER),
            np.clip(_mean(level, SHORTER) - music_db, -DEEPEST_DB, PAUSE_DB),
            _mean(spectrum.flux[channel], SHORT),
            _deviation(np.maximum(level, music_db - DEEPEST_DB), SHORT),
        ],
        axis=1,
    )


def _mean(values: NDArray[np.generic], size: int) -> NDArray[np.float64]:
    from scipy.ndimage import uniform_filter1d

    return np.asarray(uniform_filter1d(values.astype(np.float64), size, mode="nearest"), dtype=np.float64)


def _deviation(values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    mean = _mean(values, size)
    return np.asarray(np.sqrt(np.maximum(_mean(values**2, size) - mean**2, 0)), dtype=np.float64)
