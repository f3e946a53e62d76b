"""Whether one tone alone is a ring: answered before the second one, or the only one behind a machine's greeting.

There is no cadence to tell, so the tone itself must be cleaner than one of a series, and there must be quiet before it.
"""

from __future__ import annotations

import numpy as np

from qa_engine.audio.cadence import CYCLE
from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import HOP_SECONDS
from qa_engine.audio.rings import QUIET_DB, QUIET_SHARE, Ring, hop_at, is_answered_over

__all__ = ["AT_FIRST_SAMPLE", "is_lone_ring"]

AT_FIRST_SAMPLE = 0.03  # seconds: a tone that is on by then was on before the recording began
PURITY = 0.85
ON = 0.3  # seconds, and longer
WHOLE_ON = 0.6  # seconds a lone ring must last unless its beginning or its end was cut off
CLEAN_ON = 0.45  # ... or it is clean
CLEAN_PURITY, CLEAN_FLAT_DB = 0.95, 0.5  # nobody sings so purely and evenly
QUIET_BEFORE = 0.3  # seconds between speech and a lone ring
SHORT_ON, SHORT_HZ, SHORT_QUIET = (0.2, 0.3), (425, 450), 2.0  # Germany's first ring: 0.25 s, then a pause of 4 s
SHORT_WITHIN_HZ = 5


def is_lone_ring(ring: Ring, tracks: Tracks, channel: int, *, is_first: bool) -> bool:
    """Whether a tone that is not one of a series is a ring; `is_first`: no other tone came before it."""
    if not ring.tone.frequencies or ring.tone.purity < PURITY:
        return False
    if is_first and ring.start <= CYCLE[1] and _is_quiet(ring, tracks, channel, since=0.0):
        return _is_long_enough(ring, tracks, channel) or _is_short_first(ring, tracks, channel)
    return _is_late_ring(ring, tracks, channel)


def _is_long_enough(ring: Ring, tracks: Tracks, channel: int) -> bool:
    is_part = ring.start <= AT_FIRST_SAMPLE or is_answered_over(ring, tracks, channel)
    shortest = ON if ring.gap > 0 or is_part else CLEAN_ON if _is_clean(ring) else WHOLE_ON
    return ring.on >= shortest


def _is_short_first(ring: Ring, tracks: Tracks, channel: int) -> bool:
    """Whether this is Germany's short first ring, answered before the second one."""
    if not SHORT_ON[0] <= ring.on <= SHORT_ON[1] or ring.start <= AT_FIRST_SAMPLE:
        return False
    fits = any(abs(hz - known) <= SHORT_WITHIN_HZ for hz in ring.tone.frequencies for known in SHORT_HZ)
    after = tracks.level_db[channel, hop_at(ring.end) + 2 : hop_at(ring.end + SHORT_QUIET)]
    quiet = after < ring.tone.level_db - QUIET_DB
    return fits and _is_clean(ring) and len(quiet) * HOP_SECONDS > SHORT_QUIET / 2 and bool(quiet.all())


def _is_late_ring(ring: Ring, tracks: Tracks, channel: int) -> bool:
    """Whether a tone behind speech is a ring: clean, and quiet before it."""
    return _is_clean(ring) and ring.on >= WHOLE_ON and _is_quiet(ring, tracks, channel, since=ring.start - QUIET_BEFORE)


def _is_clean(ring: Ring) -> bool:
    return ring.tone.purity >= CLEAN_PURITY and ring.tone.wavering_db <= CLEAN_FLAT_DB


def _is_quiet(ring: Ring, tracks: Tracks, channel: int, *, since: float) -> bool:
    """Whether there is quiet from `since` to the ring."""
    level = tracks.level_db[channel, hop_at(max(since, 0.0)) : max(0, hop_at(ring.start) - 1)]
    return not level.size or float(np.mean(level < ring.tone.level_db - QUIET_DB)) >= QUIET_SHARE
