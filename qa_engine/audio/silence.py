"""Silence of the line: stretches where no channel carries any signal, as against a pause in a live room.

Digital zero, the idle pattern of a codec, or comfort noise: very low, or much lower than the rest of the call and
perfectly even (TELEPHONY 4.4). Room noise, breath and typing go on at the old level and are not silence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import HOP_SECONDS
from qa_engine.audio.tones import runs_of
from qa_engine.domain.audio_event import EventKind, SoundEvent

__all__ = ["find_silences", "idle_mask"]

SHORTEST = 4.0  # seconds
IDLE_DB = -72.0  # G.711 idle: one step of mu-law is 8/32768, -72 dB
STEP_DB = 6.0  # comfort noise is at least so much below the room noise of the same channel
EVEN_DB = 1.2  # ... and its level wavers less than this (32 ms of white noise: 0.4 dB; rooms: 2 dB and more)
EVEN_HOPS = 31  # hops over which evenness is judged, 1 s
CLICK_HOPS = 3  # a click of up to 0.1 s does not end a silence


def find_silences(tracks: Tracks) -> tuple[SoundEvent, ...]:
    """Stretches of at least 4 s in which no channel carries a signal, edges to one hop (32 ms)."""
    idle = np.logical_and.reduce([idle_mask(level) for level in tracks.level_db])
    idle = _close(idle, CLICK_HOPS)
    return tuple(
        SoundEvent(EventKind.SILENCE, first * HOP_SECONDS, min(last * HOP_SECONDS, tracks.duration))
        for first, last in runs_of(idle)
        if (last - first) * HOP_SECONDS >= SHORTEST
    )


def idle_mask(level_db: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Hops in which one channel carries no signal, shape ``(hop,)``, from its levels in dB."""
    low = np.asarray(level_db <= IDLE_DB, dtype=np.bool_)
    even = _is_even(level_db)
    live = level_db[~low & ~even]
    if live.size < EVEN_HOPS:
        return low
    floor = float(np.percentile(live, 10))  # the level of the pauses of a live line
    return np.asarray(low | (even & (level_db < floor - STEP_DB)), dtype=np.bool_)


def _is_even(level_db: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Hops that belong to a second in which the level hardly wavers."""
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    levels = level_db.astype(np.float64)
    mean = uniform_filter1d(levels, EVEN_HOPS, mode="nearest")
    square = uniform_filter1d(levels**2, EVEN_HOPS, mode="nearest")
    even = np.sqrt(np.maximum(square - mean**2, 0)) < EVEN_DB
    # A window at the edge of a stretch reaches beside it: every hop of an even window is even.
    return np.asarray(maximum_filter1d(even, EVEN_HOPS, mode="nearest"), dtype=np.bool_)


def _close(mask: NDArray[np.bool_], hops: int) -> NDArray[np.bool_]:
    """Fill gaps of up to `hops` hops."""
    closed = mask.copy()
    for first, last in runs_of(~mask):
        if first > 0 and last < len(mask) and last - first <= hops:
            closed[first:last] = True
    return closed
