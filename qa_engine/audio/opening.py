"""The moment a line opens: after the last ring the background changes, because somebody has picked up.

While it rings the caller hears the network; from the answer on the other party's room. The step is often there before
the first word and makes the answer exact (TELEPHONY 1.6). A word is no step: behind it the old background returns.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import HOP_SECONDS
from qa_engine.domain.audio_event import Ringback

__all__ = ["with_opening"]

STEP_DB = 1.5  # change of level that counts: the other room adds its noise to that of the line
STEP_SPREADS = 2.0  # ... and so many times the most by which the level wanders while it rings
DOWN_DB = 4.0  # a fall must be greater: codecs and noise suppressors settle by themselves
SMOOTH_HOPS = 12  # hops, 0.4 s, over which the level is taken
FLOOR_HOPS = 125  # hops, 4 s, behind the step in which speech pauses at least for a moment
FLOOR_SHARE = 5  # per cent of them that are such pauses
IDLE_DB = -72.0  # G.711 idle, as in `silence`: a side that carries nothing before the answer
EDGE_HOPS = 3  # hops next to a tone that still hold some of it
FEWEST = 8  # hops of quiet needed to know the background, a quarter of a second


def with_opening(ring: Ringback, tracks: Tracks) -> Ringback:
    """The ringback with `opened` set, where the background of the line changes after its last tone.

    The side that rings tells; the other one only where it carried nothing before: noises in the caller's room are no
    answer.
    """
    if ring.cut:
        return ring
    quiet = _quiet_hops(ring)
    rings_here = [ring.channel in (None, channel) for channel in range(tracks.num_channels)]
    sides = zip(tracks.level_db, rings_here, strict=True)
    moments = [_first_change(level, quiet, ring, below=0.0 if here else IDLE_DB) for level, here in sides]
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


def _first_change(level: NDArray[np.float32], quiet: slice, ring: Ringback, *, below: float) -> float | None:
    """The second from which the level of one channel stays away from what it was while it rang (under `below` dB)."""
    if quiet.start < 0 or quiet.stop - quiet.start < FEWEST or quiet.stop > len(level):
        return None
    before = level[quiet]
    usual = float(np.median(before))
    if usual >= below:
        return None
    step = max(STEP_DB, STEP_SPREADS * float(np.max(np.abs(_smooth(before) - usual))))
    first, last = _hop(ring.end) + EDGE_HOPS, min(_hop(ring.end + ring.cycle - ring.on), len(level))
    for i in np.flatnonzero(np.abs(_smooth(level[first : last + SMOOTH_HOPS]) - usual) > step)[: last - first]:
        edge = _edge(level[first + i :], usual, step)
        if edge is not None and first + i + edge < last and _lasts(level[first + i + edge :], before, step):
            return float((first + i + edge) * HOP_SECONDS)
    return None


def _smooth(level: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean level of the hops from each hop on."""
    size = min(SMOOTH_HOPS, len(level))
    return np.asarray(np.convolve(level, np.ones(size) / size, mode="valid"), np.float32) if size else level


def _edge(level: NDArray[np.float32], usual: float, step: float) -> int | None:
    """The hop at which the level goes half the way to what it is later, None where it comes back."""
    change = float(np.median(level[SMOOTH_HOPS : 2 * SMOOTH_HOPS])) - usual if len(level) > SMOOTH_HOPS else 0.0
    if not (change > step or change < -max(step, DOWN_DB)):
        return None
    passed = np.flatnonzero((level[: 2 * SMOOTH_HOPS] - usual) / change >= 0.5)
    return int(passed[0]) if passed.size else None


def _lasts(level: NDArray[np.float32], before: NDArray[np.float32], step: float) -> bool:
    """Whether the background itself is another one: fainter, or louder even in the pauses of what follows."""
    if float(np.median(level[:SMOOTH_HOPS])) < float(np.median(before)):
        return True
    floor = float(np.percentile(before, FLOOR_SHARE))
    return float(np.percentile(level[:FLOOR_HOPS], FLOOR_SHARE)) > floor + step / 2


def _hop(second: float) -> int:
    return round(second / HOP_SECONDS)
