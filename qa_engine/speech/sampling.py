"""Sound at the rate a model wants."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from qa_engine.domain.waveform import Waveform

__all__ = ["resample"]


def resample(waveform: Waveform, sample_rate: int) -> NDArray[np.float32]:
    """The waveform's channels averaged, at `sample_rate` Hz, shape ``(time,)``, contiguous float32."""
    samples = waveform.mix().samples[0]
    if waveform.sample_rate != sample_rate and samples.size:
        from scipy.signal import resample_poly

        divisor = math.gcd(sample_rate, waveform.sample_rate)
        samples = resample_poly(samples, sample_rate // divisor, waveform.sample_rate // divisor)
    return np.ascontiguousarray(samples, dtype=np.float32)
