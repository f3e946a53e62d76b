"""Rings: tones as the rings they make (a double ring is two tones), and what sounds around a ring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import HOP_SECONDS
from qa_engine.audio.tones import Tone

__all__ = ["CUT", "QUIET_DB", "QUIET_SHARE", "Ring", "hop_at", "is_answered_over", "rings_of"]

PAIR_ON = (0.28, 0.55)  # seconds of each half of a double ring (0.4 s)
PAIR_GAP = (0.1, 0.32)  # between its halves (0.2 s)
CUT = 0.08  # seconds by which a ring must be short to count as cut
QUIET_DB = 8.0  # what is this much below the tone is quiet
QUIET_SHARE = 0.85  # of a pause must be quiet, so that a click or a breath does no harm
TAKEN_OVER_HOPS = (4, 10)  # hops behind a tone in which it is still loud where the answer came; GSM rings on for four


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring, possibly of two halves (`gap` seconds between them, 0 for a single one); `half` is the longer one."""

    start: float
    end: float
    tone: Tone
    half: float = 0.0
    gap: float = 0.0

    @property
    def on(self) -> float:
        """Seconds from its beginning to its end."""
        return self.end - self.start

    @property
    def is_second_cut(self) -> bool:
        """Whether the second half is cut short."""
        return self.gap > 0 and self.end - (self.start + self.tone.on + self.gap) < self.half - CUT


def rings_of(tones: Sequence[Tone]) -> list[Ring]:
    """Tones as rings: two short ones close together are one double ring."""
    rings: list[Ring] = []
    i = 0
    while i < len(tones):
        one = tones[i]
        two = tones[i + 1] if i + 1 < len(tones) else None
        if two and _is_pair(one, two, following=tones[i + 2] if i + 2 < len(tones) else None):
            rings.append(Ring(one.start, two.end, one, half=max(one.on, two.on), gap=two.start - one.end))
            i += 2
        else:
            rings.append(Ring(one.start, one.end, one))
            i += 1
    return rings


def is_answered_over(ring: Ring, tracks: Tracks, channel: int) -> bool:
    """Whether other sound takes over within a tenth of a second of the tone's end: the answer came during the ring."""
    loud = ring.tone.level_db - QUIET_DB
    begin, end = TAKEN_OVER_HOPS
    after = tracks.level_db[channel, hop_at(ring.end) + 1 : hop_at(ring.end) + end]
    return after.size > begin and float(np.min(after[:begin])) > loud and float(np.median(after[begin:])) > loud


def hop_at(second: float) -> int:
    """The hop nearest to `second`."""
    return round(second / HOP_SECONDS)


def _is_pair(one: Tone, two: Tone, *, following: Tone | None) -> bool:
    """Whether two tones are the halves of a double ring; either may be cut short by the recording or the answer."""
    gap = two.start - one.end
    pause = following.start - two.end if following else 9.0
    halves_fit = max(one.on, two.on) <= PAIR_ON[1] and max(one.on, two.on) >= PAIR_ON[0]
    return PAIR_GAP[0] <= gap <= PAIR_GAP[1] and halves_fit and pause > 3 * gap
