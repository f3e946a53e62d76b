"""The spectrum of each hop, boiled down to a few numbers: how tonal it is and where, how steady, how it changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Spectrum", "describe_spectrum"]

LOWEST_HZ = 200.0  # hum and rumble stay out
HIGHEST_HZ = 3400.0  # the end of the telephone band
RING_BAND_HZ = (372.0, 508.0)
PEAK_HALF_WIDTH = 3  # bins; the main lobe of a Hann window is two bins to each side

LAG, LONG_LAG = 4, 16  # hops, 128 ms: one window further, and 512 ms: longer than most sounds of speech
BAND_HZ = (200.0, 400.0, 650.0, 950.0, 1350.0, 1850.0, 2500.0)  # where the bands of the flux begin, about 2 Bark each
BAND_POWER = 1e-4  # keeps the logarithm of a silent band finite
BAND_RANGE_DB = 45.0  # what is further below the strongest band of its hop counts as this: codecs leave bands empty
ENVELOPE_BINS = 21  # 164 Hz; what is wider is the envelope (formants), not fine structure
QUIET_POWER = 1e-6  # keeps the logarithm of digital silence finite
BATCH = 64  # windows transformed at once: what they need stays in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """Numbers per hop, arrays of shape ``(channel, hop)``.

    `ring_share` 0..1: energy in the ringback band over all above 200 Hz. `peak_share` 0..1: energy in the two
    strongest peaks over all above 200 Hz. `first_hz`, `second_hz`: where those peaks are; `second_db` (at most 0): how
    far the second is below the first. `steadiness` -1..1: how alike the fine structure is two hops before and two hops
    after: notes hold their partials, the partials of a voice glide and break; `long_steadiness` the same eight hops
    before and after. `flux` in dB: how much the balance of the bands changes over four hops.
    """

    ring_share: NDArray[np.float32]
    peak_share: NDArray[np.float32]
    first_hz: NDArray[np.float32]
    second_hz: NDArray[np.float32]
    second_db: NDArray[np.float32]
    steadiness: NDArray[np.float32]
    long_steadiness: NDArray[np.float32]
    flux: NDArray[np.float32]


def describe_spectrum(windows: NDArray[np.float32], sample_rate: int) -> Spectrum:
    """The numbers of windows of shape ``(channel, hop, time)``; steadiness at both ends is that of the neighbours."""
    shape, size = windows.shape[:2], windows.shape[-1]
    resolution = sample_rate / size
    power = _power(windows)
    power[..., : int(LOWEST_HZ / resolution)] = 0
    heard = power[..., int(LOWEST_HZ / resolution) : int(HIGHEST_HZ / resolution)]
    fine = _fine_structure(heard)
    alike, long_alike = (_self_similarity(fine, lag) for lag in (LAG, LONG_LAG))
    flux = _flux(heard, resolution)
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
        steadiness=alike,
        long_steadiness=long_alike,
        flux=flux,
    )


def _power(windows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Power spectra under a Hann window, shape ``(channel, hop, bin)``."""
    from scipy.fft import rfft

    num_channels, num_hops, size = windows.shape
    taper = np.hanning(size).astype(np.float32)
    power = np.empty((num_channels, num_hops, size // 2 + 1), dtype=np.float32)
    for channel in range(num_channels):
        for first in range(0, num_hops, BATCH):
            spectrum = rfft(windows[channel, first : first + BATCH] * taper, axis=-1)
            power[channel, first : first + BATCH] = spectrum.real**2 + spectrum.imag**2
    return power


def _fine_structure(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logarithm of the spectrum without its envelope, unit length per hop, shape ``(channel, hop, bin)``."""
    from scipy.ndimage import uniform_filter1d

    level = 10 * np.log10(power + QUIET_POWER)
    fine = level - uniform_filter1d(level, ENVELOPE_BINS, axis=-1)
    fine /= np.sqrt(np.einsum("chb,chb->ch", fine, fine) + 1e-9)[..., None]
    return np.asarray(fine, dtype=np.float32)


def _self_similarity(fine: NDArray[np.float32], lag: int) -> NDArray[np.float32]:
    """Correlation of the fine structure over `lag` hops, at the hop in the middle, shape ``(channel, hop)``."""
    return _in_the_middle(np.einsum("chb,chb->ch", fine[:, lag:], fine[:, :-lag]), fine.shape[1])


def _flux(power: NDArray[np.float32], resolution: float) -> NDArray[np.float32]:
    """Mean change of the bands over `LAG` hops, their common level apart, dB, shape ``(channel, hop)``."""
    first = [int(hz / resolution) - int(BAND_HZ[0] / resolution) for hz in BAND_HZ]
    bands = 10 * np.log10(np.add.reduceat(power, first, axis=-1) + BAND_POWER)
    bands = np.maximum(bands, bands.max(axis=-1, keepdims=True) - BAND_RANGE_DB)
    bands -= bands.mean(axis=-1, keepdims=True)
    return _in_the_middle(np.abs(bands[:, LAG:] - bands[:, :-LAG]).mean(axis=-1), power.shape[1])


def _in_the_middle(values: NDArray[np.float32], num_hops: int) -> NDArray[np.float32]:
    """`values` of pairs of hops at the hop between them, continued to both ends; 0 where there are none."""
    if not values.shape[1]:
        return np.zeros((len(values), num_hops), dtype=np.float32)
    missing = num_hops - values.shape[1]
    sides = (missing // 2, missing - missing // 2)
    return np.asarray(np.pad(values, ((0, 0), sides), mode="edge"), dtype=np.float32)


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
