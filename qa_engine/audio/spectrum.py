"""The spectrum of each hop, boiled down to a few numbers: how tonal it is and where, how steady, how it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

__all__ = ["Spectrum", "describe_spectrum"]

LOWEST_HZ = 200.0  # hum and rumble stay out
HIGHEST_HZ = 3400.0  # the end of the telephone band
RING_BAND_HZ = (372.0, 508.0)
PEAK_HALF_WIDTH = 3  # bins; the main lobe of a Hann window is two bins to each side

LAG = 4  # hops, 128 ms: one window further
ENVELOPE_BINS = 21  # 164 Hz; what is wider is the envelope (formants), not fine structure
QUIET_POWER = 1e-6  # keeps the logarithm of digital silence finite


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """Numbers per hop, arrays of shape ``(channel, hop)``.

    `ring_share` 0..1: energy in the ringback band over all above 200 Hz. `peak_share` 0..1: energy in the two
    strongest peaks over all above 200 Hz. `first_hz`, `second_hz`: where those peaks are; `second_db` (at most 0): how
    far the second is below the first. `steadiness` -1..1: how alike the fine structure is two hops before and two hops
    after: notes hold their partials, the partials of a voice glide and break.
    """

    ring_share: NDArray[np.float32]
    peak_share: NDArray[np.float32]
    first_hz: NDArray[np.float32]
    second_hz: NDArray[np.float32]
    second_db: NDArray[np.float32]
    steadiness: NDArray[np.float32]

    @classmethod
    def join(cls, parts: Sequence[Spectrum]) -> Spectrum:
        """The parts one after the other."""
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts], axis=-1) for field in fields(cls)))


def describe_spectrum(windows: NDArray[np.float32], sample_rate: int) -> Spectrum:
    """The numbers of windows of shape ``(channel, hop, time)``; steadiness at both ends is that of the neighbours."""
    from scipy.fft import rfft

    shape, size = windows.shape[:2], windows.shape[-1]
    resolution = sample_rate / size
    spectrum = rfft(windows * np.hanning(size).astype(np.float32), axis=-1)
    power = spectrum.real**2 + spectrum.imag**2
    power[..., : int(LOWEST_HZ / resolution)] = 0
    steadiness = _steadiness(power[..., int(LOWEST_HZ / resolution) : int(HIGHEST_HZ / resolution)])
    power = power.reshape(-1, power.shape[-1])
    total = power.sum(axis=1) + 1e-9
    low, high = (round(hz / resolution) for hz in RING_BAND_HZ)
    ring = power[:, low : high + 1].sum(axis=1)
    first_hz, first = _take_peak(power, resolution)
    second_hz, second = _take_peak(power, resolution)
    return Spectrum(
        ring_share=(ring / total).reshape(shape),
        peak_share=((first + second) / total).reshape(shape),
        first_hz=first_hz.reshape(shape),
        second_hz=second_hz.reshape(shape),
        second_db=(10 * np.log10((second + 1e-9) / (first + 1e-9))).reshape(shape),
        steadiness=steadiness,
    )


def _steadiness(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Correlation of the fine structure over `LAG` hops (windows that do not overlap), shape ``(channel, hop)``."""
    from scipy.ndimage import uniform_filter1d

    level = 10 * np.log10(power + QUIET_POWER)
    fine = level - uniform_filter1d(level, ENVELOPE_BINS, axis=-1)
    fine /= np.sqrt(np.einsum("chb,chb->ch", fine, fine) + 1e-9)[..., None]
    alike = np.einsum("chb,chb->ch", fine[:, LAG:], fine[:, :-LAG])
    if not alike.shape[1]:
        return np.zeros(power.shape[:2], dtype=np.float32)
    return np.asarray(np.pad(alike, ((0, 0), (LAG // 2, LAG // 2)), mode="edge"), dtype=np.float32)


def _take_peak(power: NDArray[np.float32], resolution: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Frequency and energy of the strongest peak per row; takes the peak out of `power`."""
    rows = np.arange(len(power))
    best = power[:, PEAK_HALF_WIDTH:-PEAK_HALF_WIDTH].argmax(axis=1) + PEAK_HALF_WIDTH
    around = best[:, None] + np.arange(-PEAK_HALF_WIDTH, PEAK_HALF_WIDTH + 1)
    near = np.take_along_axis(power, around, axis=1)
    low, mid, high = (np.log(power[rows, best + k] + 1e-12) for k in (-1, 0, 1))
    bend = low - 2 * mid + high
    shift = np.where(bend < 0, 0.5 * (low - high) / np.minimum(bend, -1e-9), 0.0)
    energy = near.sum(axis=1)
    np.put_along_axis(power, around, 0, axis=1)
    return ((best + np.clip(shift, -1, 1)) * resolution).astype(np.float32), energy
