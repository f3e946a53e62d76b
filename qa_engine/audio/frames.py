"""Compact tracks of a recording, one value per hop of 32 ms, made block by block so that eight hours fit into memory.

A hop is one chunk of the voice detector. Frames of the spectrum are `WINDOW` samples long and centred on their hop, so
that tones 15 Hz apart can be told (TELEPHONY 1.4 asks for 100 ms and more).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.grid import FINE_HOP, HOP, HOP_SECONDS, SAMPLE_RATE
from qa_engine.audio.silero_voice import hear_voice
from qa_engine.audio.spectrum import Spectrum, describe_spectrum
from qa_engine.domain.waveform import Waveform

__all__ = ["FINE_HOP", "HOP", "HOP_SECONDS", "SAMPLE_RATE", "Tracks", "decibels", "make_tracks"]

WINDOW = 1024  # samples of a spectrum, 128 ms, bins of 7.8 Hz
LEAD = (WINDOW - HOP) // 2  # samples of a window before its hop, and after it
FINE_WINDOW = 256  # samples, 32 ms: longer than one beat of any dual ringing tone but 383+417 Hz
RING_BINS = (375.0, 406.25, 437.5, 468.75, 500.0)  # Hz, the band of all ringback tones (TELEPHONY 1.3)
NUM_RECENT = 60  # blocks whose tracks are joined on the way: an hour
FLOOR = 1e-12  # power of digital silence, -120 dB


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """What is kept of a recording; arrays of shape ``(channel, hop)``, of `envelope` ``(channel, fine hop)``.

    `power` is the mean square per hop, full scale 1, `level_db` the same in dB; `envelope` the power in the band of the
    ringback tones; `voice` is the probability of speech.
    """

    num_samples: int
    power: NDArray[np.float32]
    envelope: NDArray[np.float32]
    voice: NDArray[np.float32]
    spectrum: Spectrum
    level_db: NDArray[np.float32] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "level_db", decibels(self.power))  # once: detectors ask for it at every event

    @property
    def num_channels(self) -> int:
        """Number of channels."""
        return int(self.power.shape[0])

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.num_samples / SAMPLE_RATE


def decibels(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Power as dB relative to full scale, never below -120."""
    return np.asarray(10 * np.log10(np.maximum(power, FLOOR)), dtype=np.float32)


def make_tracks(blocks: Iterable[Waveform]) -> Tracks:
    """Tracks of 8 kHz blocks that follow each other; raises ValueError for another rate or no blocks at all."""
    cutter = _Cutter()
    for block in blocks:
        if block.sample_rate != SAMPLE_RATE:
            raise ValueError(f"blocks of {SAMPLE_RATE} Hz are needed, not {block.sample_rate}")
        cutter.add(block.samples)
    return cutter.finish()


class _Cutter:
    """Cuts hops and overlapping frames out of a stream; keeps the samples that the next frames still need."""

    def __init__(self) -> None:
        self._num_samples = 0
        self._tail: NDArray[np.float32] | None = None  # begins LEAD samples before the next hop
        self._recent: dict[str, list[NDArray[np.float32]]] = {}
        self._parts: dict[str, list[NDArray[np.float32]]] = {}

    def add(self, samples: NDArray[np.float32]) -> None:
        self._num_samples += samples.shape[1]
        if self._tail is None:
            self._tail = np.zeros((samples.shape[0], LEAD), dtype=np.float32)
        self._consume(np.concatenate([self._tail, samples], axis=1))

    def finish(self) -> Tracks:
        if self._tail is None:
            raise ValueError("no sound: not a single block")
        missing = -self._num_samples % HOP
        end = np.zeros((self._tail.shape[0], missing + LEAD), dtype=np.float32)
        self._consume(np.concatenate([self._tail, end], axis=1))
        if not self._parts and not self._recent:
            self._keep(_describe(np.zeros((len(end), WINDOW), dtype=np.float32), 1))
        self._join_recent()
        # One after the other, so that eight hours are never held twice.
        joined = {name: np.concatenate(self._parts.pop(name), axis=1) for name in list(self._parts)}
        spectrum = Spectrum(**{one.name: joined.pop(one.name) for one in fields(Spectrum)})
        return Tracks(self._num_samples, spectrum=spectrum, **joined)

    def _consume(self, samples: NDArray[np.float32]) -> None:
        """Turn the whole hops whose windows are complete into tracks, keep the rest."""
        num_hops = max(0, (samples.shape[1] - WINDOW) // HOP + 1)
        self._tail = samples[:, num_hops * HOP :].copy()  # a view would hold the whole block
        if num_hops:
            self._keep(_describe(samples[:, : (num_hops - 1) * HOP + WINDOW], num_hops))

    def _keep(self, tracks: dict[str, NDArray[np.float32]]) -> None:
        for name, track in tracks.items():
            self._recent.setdefault(name, []).append(track)
        if len(self._recent["power"]) == NUM_RECENT:
            self._join_recent()

    def _join_recent(self) -> None:
        """Large arrays go back to the system when they are freed, thousands of small ones do not."""
        for name, tracks in self._recent.items():
            self._parts.setdefault(name, []).append(np.concatenate(tracks, axis=1))
        self._recent = {}


def _describe(samples: NDArray[np.float32], num_hops: int) -> dict[str, NDArray[np.float32]]:
    """The arrays of `Tracks` and its `Spectrum` by name; hop k begins at sample ``LEAD + k * HOP``."""
    own = samples[:, LEAD : LEAD + num_hops * HOP]
    hops = own.reshape(len(samples), num_hops, HOP)
    power = np.einsum("cht,cht->ch", hops, hops) / HOP
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW, axis=1)[:, ::HOP]
    spectrum = describe_spectrum(windows, SAMPLE_RATE)
    return {
        "power": power,
        "envelope": _ring_envelope(samples, num_hops),
        "voice": _voices(own, decibels(power)),
        **{one.name: getattr(spectrum, one.name) for one in fields(spectrum)},
    }


def _voices(samples: NDArray[np.float32], level_db: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probability of speech per hop; equal channels are heard once."""
    if len(samples) == 2 and np.array_equal(samples[0], samples[1]):
        return np.repeat(hear_voice(samples[:1], level_db[:1]), 2, axis=0)
    return hear_voice(samples, level_db)


def _ring_envelope(samples: NDArray[np.float32], num_hops: int) -> NDArray[np.float32]:
    """Power in the ringback band every 8 ms, from windows of 32 ms centred there, shape ``(channel, fine hop)``."""
    first = LEAD - (FINE_WINDOW - FINE_HOP) // 2
    last = first + num_hops * HOP - FINE_HOP + FINE_WINDOW
    windows = np.lib.stride_tricks.sliding_window_view(samples[:, first:last], FINE_WINDOW, axis=1)[:, ::FINE_HOP]
    bins = windows.reshape(-1, FINE_WINDOW) @ _RING_BASIS
    power = np.einsum("fb,fb->f", bins, bins)
    return np.asarray(power.reshape(len(samples), -1), dtype=np.float32)


def _ring_basis() -> NDArray[np.float32]:
    """Cosines and sines of the ringback band under a Hann window, shape ``(sample, 2 * bin)``."""
    phase = 2 * np.pi * np.outer(np.arange(FINE_WINDOW), RING_BINS) / SAMPLE_RATE
    window = np.hanning(FINE_WINDOW)[:, None] / np.hanning(FINE_WINDOW).sum()
    return np.asarray(np.concatenate([np.cos(phase), np.sin(phase)], axis=1) * window, dtype=np.float32)


_RING_BASIS = _ring_basis()
