"""The moment a line opens: after the last ring the background changes, because somebody has picked up.

While it rings the caller hears the network; from the answer on the other party's room. The step is often there before
the first word and makes the answer exact (TELEPHONY 1.6).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import HOP_SECONDS
from qa_engine.domain.audio_event import Ringback

__all__ = ["with_opening"]

STEP_DB = 4.0  # change of level that counts
STEP_SPREADS = 4.0  # ... and so many times what the level wavers by while it rings
LASTS_HOPS = 16  # hops, half a second, through most of which the change must last
MOST = 0.8
EDGE_HOPS = 3  # hops next to a tone that still hold some of it
FEWEST = 8  # hops of quiet needed to know the background, a quarter of a second


def with_opening(ring: Ringback, tracks: Tracks) -> Ringback:
    """The ringback with `opened` set, where the background of any channel changes after its last tone."""
    if ring.cut:
        return ring
    quiet = _quiet_hops(ring)
    moments = [_first_change(level, quiet, ring) for level in tracks.level_db]
    known = [moment for moment in moments if moment is not None]
    return replace(ring, opened=round(min(known), 3)) if known else ring


def _quiet_hops(ring: Ringback) -> slice:
    """Hops in which it still rings for sure: the pause between the last two rings, else before or right after it."""
    first_ring, last_ring = ring.end - ring.on - (ring.rings - 1) * ring.cycle, ring.end - ring.on
    if ring.rings > 1:
        return slice(_hop(last_ring - (ring.cycle - ring.on)) + EDGE_HOPS, _hop(last_ring) - EDGE_HOPS)
    before = slice(0, max(0, _hop(first_ring) - EDGE_HOPS))
    after = _hop(ring.end) + EDGE_HOPS
    return before if before.stop >= FEWEST else slice(after, after + FEWEST)


def _first_change(level: NDArray[np.float32], quiet: slice, ring: Ringback) -> float | None:
    """The second from which the level of one channel stays away from what it was while it rang."""
    if quiet.start < 0 or quiet.stop - quiet.start < FEWEST or quiet.stop > len(level):
        return None
    usual = float(np.median(level[quiet]))
    step = max(STEP_DB, STEP_SPREADS * float(np.median(np.abs(level[quiet] - usual))))
    first, last = _hop(ring.end) + EDGE_HOPS, min(_hop(ring.end + ring.cycle - ring.on), len(level))
    changed = np.abs(level[first : last + LASTS_HOPS] - usual) > step
    for i in range(max(0, last - first)):
        if changed[i] and float(np.mean(changed[i : i + LASTS_HOPS])) >= MOST:
            return (first + i) * HOP_SECONDS
    return None


def _hop(second: float) -> int:
    return round(second / HOP_SECONDS)
