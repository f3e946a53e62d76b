"""Keys pressed during a call (DTMF): that there were some and how many, never which: they may be a card number.

A key is two sines, one of four rows and one of four columns (ITU-T Q.23), for 40 ms and more. Speech now and then has
two strong partials there ("talk-off"); it does not hold both to within 2 per cent while nothing else sounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.grid import SAMPLE_RATE
from qa_engine.audio.tones import runs_of
from qa_engine.domain.audio_event import EventKind, SoundEvent
from qa_engine.domain.waveform import Waveform

__all__ = ["KeyListener"]

ROWS_HZ, COLUMNS_HZ = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
WINDOW, HOP = 160, 64  # samples, 20 and 8 ms: the shortest key is seen thrice, and rows 73 Hz apart are told
HOP_SECONDS = HOP / SAMPLE_RATE
PURE = 0.85  # share of the energy in the two sines; S/N of 15 dB leaves 0.97 (TELEPHONY 1.5), low-rate codecs 0.9
OFF = 0.02  # share by which a sine may be off: 1.5 per cent must be accepted, 3.5 rejected
TWIST_DB = (-8.0, 10.0)  # columns over rows: 8 and 4 dB by the standard, and what codecs add
AUDIBLE_DB = -50.0
FEWEST = 3  # hops of a key
BETWEEN = 0.5  # seconds between two keys of one event: nobody speaks there

_NO_KEY = -1


class KeyListener:
    """Listens to blocks of 8 kHz as they pass by."""

    def __init__(self) -> None:
        self._tail: NDArray[np.float32] | None = None
        self._keys: list[NDArray[np.int8]] = []

    def listen(self, blocks: Iterable[Waveform]) -> Iterator[Waveform]:
        """The same blocks, one after the other."""
        for block in blocks:
            self._add(block.samples)
            yield block

    def events(self) -> tuple[SoundEvent, ...]:
        """Keys heard so far, those pressed quickly one after the other as one tone event, in time order."""
        if not self._keys:
            return ()
        keys = np.concatenate(self._keys, axis=1)
        sides = [_events(row, i if len(keys) > 1 else None) for i, row in enumerate(keys)]
        return tuple(sorted((event for side in sides for event in side), key=lambda event: event.start))

    def _add(self, samples: NDArray[np.float32]) -> None:
        sound = samples if self._tail is None else np.concatenate([self._tail, samples], axis=1)
        hops = max(0, (sound.shape[1] - WINDOW) // HOP + 1)
        self._tail = sound[:, hops * HOP :].copy()
        if hops:
            self._keys.append(np.stack([_keys(channel[: (hops - 1) * HOP + WINDOW]) for channel in sound]))


def _events(keys: NDArray[np.int8], channel: int | None) -> list[SoundEvent]:
    presses = [run for key in np.unique(keys[keys != _NO_KEY]) for run in runs_of(keys == key)]
    times = sorted((first, last) for first, last in presses if last - first >= FEWEST)
    groups: list[list[tuple[int, int]]] = []
    for press in times:
        if groups and (press[0] - groups[-1][-1][1]) * HOP_SECONDS <= BETWEEN:
            groups[-1].append(press)
        else:
            groups.append([press])
    return [_event(group, channel) for group in groups]


def _event(presses: Sequence[tuple[int, int]], channel: int | None) -> SoundEvent:
    start = presses[0][0] * HOP_SECONDS
    end = (presses[-1][1] - 1) * HOP_SECONDS + WINDOW / SAMPLE_RATE
    count = f"{len(presses)} key{'s' if len(presses) > 1 else ''}"
    return SoundEvent(EventKind.TONE, round(start, 3), round(end, 3), channel, 1.0, f"DTMF, {count}")


def _keys(samples: NDArray[np.float32]) -> NDArray[np.int8]:
    """The key that sounds in each window of ``(time,)`` samples, 0 to 15, -1 where none does."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    energy = np.einsum("wt,wt->w", windows, windows) + 1e-12
    sines = windows @ _BASIS
    off_hz = _off_hz(sines)
    strength = (sines.real**2 + sines.imag**2) / np.sinc(np.minimum(off_hz, OFF * _HZ) * WINDOW / SAMPLE_RATE) ** 2
    rows, columns = strength[:, :4], strength[:, 4:]
    row, column = rows.argmax(axis=1), columns.argmax(axis=1)
    low, high = rows.max(axis=1), columns.max(axis=1)
    twist = 10 * np.log10((high + 1e-12) / (low + 1e-12))
    is_key = ((low + high) * (2 / WINDOW) >= PURE * energy) & (energy / WINDOW > 10 ** (AUDIBLE_DB / 10))
    is_key &= (twist >= TWIST_DB[0]) & (twist <= TWIST_DB[1])
    near = off_hz <= OFF * _HZ
    each = np.arange(len(sines))
    is_key &= near[each, row] & near[each, column + 4]
    return np.where(is_key, row * 4 + column, _NO_KEY).astype(np.int8)


def _off_hz(sines: NDArray[np.complex64]) -> NDArray[np.float64]:
    """How far the true frequency is off each of the eight, Hz, from how far its phase moves in a hop."""
    if len(sines) < 2:
        return np.full(sines.shape, np.inf)
    turn = np.angle(sines[1:] * np.conj(sines[:-1]) * _HOP_TURN)
    hz = np.abs(turn) * SAMPLE_RATE / (2 * np.pi * HOP)
    before, after = np.concatenate([hz[:1], hz]), np.concatenate([hz, hz[-1:]])
    return np.asarray(np.minimum(before, after), dtype=np.float64)


_HZ = np.array([*ROWS_HZ, *COLUMNS_HZ], dtype=np.float64)
_BASIS = np.exp(-2j * np.pi * np.outer(np.arange(WINDOW), _HZ) / SAMPLE_RATE).astype(np.complex64)
_HOP_TURN = np.exp(-2j * np.pi * _HZ * HOP / SAMPLE_RATE)
