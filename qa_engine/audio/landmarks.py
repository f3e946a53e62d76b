"""Landmarks of a recording: pairs of spectral peaks, by which the same tune or announcement is known again elsewhere.

The scheme of Wang (2003, "An industrial-strength audio search algorithm"): a peak and one of the peaks that follow it
make a number out of both frequencies and the time between them. Nobody says a sentence twice so alike that its peaks
fall into the same bins; a sound file that a phone system plays does at every call. Landmarks hold no voice print:
a sentence spoken by a person matches nothing, not even the same person.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.grid import SAMPLE_RATE
from qa_engine.domain.waveform import Waveform

__all__ = ["FRAME_SECONDS", "Landmarks", "find_landmarks"]

WINDOW, HOP = 512, 256  # samples: 64 ms, bins of 15.6 Hz; a frame every 32 ms
FRAME_SECONDS = HOP / SAMPLE_RATE
LOWEST_BIN, HIGHEST_BIN = 13, 218  # 200 to 3400 Hz, the telephone band
NEAR_BINS, NEAR_FRAMES = 25, 25  # a peak is the highest point of so large a field: five a second at most
AUDIBLE_DB = -62.0  # of the frame's strongest line; below is line noise, which never repeats
FAN_OUT = 3  # following peaks each peak is paired with
MOST_FRAMES, MOST_BINS = 63, 127  # between the two of a pair
LEVEL_FLOOR = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """Numbers of pairs and the frames (of `FRAME_SECONDS`) they begin at, both of shape ``(landmark,)``, by frame."""

    values: NDArray[np.uint32]
    frames: NDArray[np.uint32]

    def to_bytes(self) -> bytes:
        """A compact form to keep."""
        steps = np.diff(self.frames, prepend=np.uint32(0)).astype("<u4")
        return zlib.compress(self.values.astype("<u4").tobytes() + steps.tobytes(), 6)

    @classmethod
    def from_bytes(cls, kept: bytes) -> Landmarks:
        """What `to_bytes` made; none for empty or damaged bytes."""
        try:
            numbers = np.frombuffer(zlib.decompress(kept), dtype="<u4") if kept else np.zeros(0, "<u4")
        except (zlib.error, ValueError):
            numbers = np.zeros(0, "<u4")
        half = len(numbers) // 2
        return cls(numbers[:half].astype(np.uint32), np.cumsum(numbers[half : 2 * half], dtype=np.uint32))


def find_landmarks(blocks: Iterable[Waveform]) -> Landmarks:
    """Landmarks of the loudest channel mix of 8 kHz blocks that follow each other; raises ValueError for another rate.

    Both channels are added: what is played on either side is found, whichever it is in another call.
    """
    frames: list[NDArray[np.int64]] = []
    bins: list[NDArray[np.int64]] = []
    tail = np.zeros(0, dtype=np.float32)
    done = 0  # frames before `tail`
    for block in blocks:
        if block.sample_rate != SAMPLE_RATE:
            raise ValueError(f"blocks of {SAMPLE_RATE} Hz are needed, not {block.sample_rate}")
        samples = np.concatenate([tail, block.samples.sum(axis=0, dtype=np.float32)])
        first, last = (0 if not done else NEAR_FRAMES), (len(samples) - WINDOW) // HOP + 1 - NEAR_FRAMES
        if last <= first:
            tail = samples
            continue
        _add_peaks(samples, slice(first, last), done, (frames, bins))
        keep = max(0, last - NEAR_FRAMES)  # frames that the next block's fields still reach into
        tail, done = samples[keep * HOP :], done + keep
    if len(tail) >= WINDOW:
        first = min(NEAR_FRAMES, done)
        _add_peaks(tail, slice(first, (len(tail) - WINDOW) // HOP + 1), done, (frames, bins))
    if not frames:
        return Landmarks(np.zeros(0, np.uint32), np.zeros(0, np.uint32))
    return _pair(np.concatenate(frames), np.concatenate(bins))


def _add_peaks(
    samples: NDArray[np.float32], wanted: slice, offset: int, found: tuple[list[NDArray[np.int64]], ...]
) -> None:
    """Adds frames and bins of the peaks in the `wanted` frames of a stretch that begins at frame `offset`."""
    from scipy.ndimage import maximum_filter

    level = _spectrogram(samples)
    field = (NEAR_FRAMES, NEAR_BINS)
    highest = maximum_filter(level, size=field, mode="constant", cval=-np.inf)
    is_peak = (level == highest) & (level > AUDIBLE_DB)
    frames, bins = np.nonzero(is_peak[wanted])
    found[0].append(frames.astype(np.int64) + wanted.start + offset)
    found[1].append(bins.astype(np.int64) + LOWEST_BIN)


def _spectrogram(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Level in dB, shape ``(frame, bin)``, of the telephone band."""
    from scipy.fft import rfft

    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    window = np.hanning(WINDOW).astype(np.float32)
    spectrum = rfft(windows * (window / window.sum() * 2), axis=-1)[:, LOWEST_BIN:HIGHEST_BIN]
    return np.asarray(10 * np.log10(spectrum.real**2 + spectrum.imag**2 + LEVEL_FLOOR), dtype=np.float32)


def _pair(frames: NDArray[np.int64], bins: NDArray[np.int64]) -> Landmarks:
    """Each peak with the next `FAN_OUT` peaks of later frames that lie near enough."""
    values, starts = [], []
    partners = np.zeros(len(frames), dtype=np.int64)
    for step in range(1, 4 * FAN_OUT):
        if step >= len(frames):
            break
        gap = frames[step:] - frames[:-step]
        jump = bins[step:] - bins[:-step]
        fits = (gap > 0) & (gap <= MOST_FRAMES) & (np.abs(jump) <= MOST_BINS) & (partners[:-step] < FAN_OUT)
        partners[:-step] += fits
        value = (bins[:-step] << 16 | (jump + MOST_BINS + 1) << 8 | gap)[fits]
        values.append(value)
        starts.append(frames[:-step][fits])
    if not values:
        return Landmarks(np.zeros(0, np.uint32), np.zeros(0, np.uint32))
    value, start = np.concatenate(values), np.concatenate(starts)
    order = np.lexsort((value, start))
    return Landmarks(value[order].astype(np.uint32), start[order].astype(np.uint32))
