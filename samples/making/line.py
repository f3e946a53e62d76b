"""The telephone line: 8 kHz, 300-3400 Hz, noise, ring tones as the networks send them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt

__all__ = ["CADENCES", "SAMPLE_RATE", "Cadence", "Samples", "band_limit", "line_noise", "ring_tones"]

Samples: TypeAlias = npt.NDArray[np.float64]

SAMPLE_RATE = 8000  # Hz, ITU-T G.711
BAND_HZ = (300.0, 3400.0)  # the telephone band, ITU-T G.712
TONE_DB = -16.0  # level of a ring tone; Russia allows -15 to -5 dB, North America sends -19 dBm
RAMP = 0.005  # s, a tone does not start with a click


@dataclass(frozen=True, slots=True)
class Cadence:
    """A country's ring: tones of `hz` together, sounding and resting by `pattern` (on, off, on, off ... seconds)."""

    name: str
    hz: tuple[float, ...]
    pattern: tuple[float, ...]

    @property
    def cycle(self) -> float:
        """Seconds from one ring to the next."""
        return sum(self.pattern)

    @property
    def sounding(self) -> float:
        """Seconds from the beginning of a ring to the end of its last tone."""
        return sum(self.pattern[:-1])


# Asterisk indications.conf (ru, us, uk) and FreeSWITCH ru-ring (0.8/3.2)
CADENCES = {
    "ru": Cadence("425 Hz 1.0/4.0", (425.0,), (1.0, 4.0)),
    "ru-equipment": Cadence("425 Hz 0.8/3.2", (425.0,), (0.8, 3.2)),
    "us": Cadence("440+480 Hz 2.0/4.0", (440.0, 480.0), (2.0, 4.0)),
    "uk": Cadence("400+450 Hz 0.4/0.2/0.4/2.0", (400.0, 450.0), (0.4, 0.2, 0.4, 2.0)),
}


def ring_tones(cadence: Cadence, rings: int, seconds: float) -> Samples:
    """`rings` rings, cut or followed by silence to be `seconds` long: (time,)."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tone = sum(np.sin(2 * np.pi * hz * time) for hz in cadence.hz)
    tone = np.asarray(tone) * 10 ** (TONE_DB / 20) * np.sqrt(2 / len(cadence.hz))
    return np.asarray(tone * _gate(cadence, rings, time, seconds))


def _gate(cadence: Cadence, rings: int, time: Samples, seconds: float) -> Samples:
    gate = np.zeros_like(time)
    for ring in range(rings):
        at = ring * cadence.cycle
        for on, off in zip(cadence.pattern[::2], cadence.pattern[1::2], strict=True):
            end = min(at + on, seconds)
            gate = np.maximum(gate, np.clip(np.minimum(time - at, end - time) / RAMP, 0.0, 1.0))
            at += on + off
    return gate


def line_noise(length: int, level_db: float, rng: np.random.Generator) -> Samples:
    """Hiss of a line, a little louder at the low end, at `level_db` dB full scale: (time,)."""
    white = rng.standard_normal(length)
    brown = sosfilt(butter(1, 500.0, btype="low", fs=SAMPLE_RATE, output="sos"), rng.standard_normal(length))
    noise = band_limit(white + 2.0 * np.asarray(brown))
    return np.asarray(noise / np.sqrt((noise**2).mean()) * 10 ** (level_db / 20))


def band_limit(samples: Samples) -> Samples:
    """What the telephone band leaves of `samples`: (time,)."""
    bank = butter(4, BAND_HZ, btype="bandpass", fs=SAMPLE_RATE, output="sos")
    return np.asarray(sosfilt(bank, samples))
