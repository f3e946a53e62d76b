"""Cadences of ringback as the world's networks have them: used only where too little of a ring was heard to measure.

Everything here is TELEPHONY 1.3 (Asterisk's indications, FreeSWITCH, E.180 Supplement 2 by way of spandsp).
"""

from __future__ import annotations

__all__ = ["CYCLE", "is_cycle", "is_known", "is_whole", "usual_cycle", "whole_ring"]

CYCLE = (2.4, 6.8)  # seconds from ring to ring: double rings 3 s, Austria, Portugal, North America 6 s
SLOW_CYCLE, SLOW_ON = (9.0, 11.0), (0.9, 1.2)  # Germany, Bulgaria and Sweden also ring 1.0/9.0

# Seconds a ring sounds and seconds from ring to ring; a double ring (0.4/0.2/0.4) sounds for 1.0.
KNOWN = (
    *((1.0, cycle) for cycle in (3.0, 3.6, 4.0, 5.0, 6.0, 10.0)),
    (0.8, 4.0),
    (1.2, 4.9),
    (1.2, 5.8),
    (1.25, 5.0),
    (1.5, 4.5),
    (1.5, 5.0),
    (1.83, 4.83),
    (1.85, 6.0),
    (2.0, 3.0),
    (2.0, 6.0),
)
SAME_ON, SAME_CYCLE = 0.05, 0.03  # how far a measured ring and cycle may be off, as a share
FIRST_SHORT = (0.25, 0.5)  # seconds: the first ring of a series in Germany
WHOLE_WITHIN = 0.04  # seconds: edges of tones are measured to 0.02
# The likeliest cycle by the length of a ring, for one frequency and for two.
CYCLES_SINGLE = ((0.8, 4.0), (1.0, 5.0), (1.25, 5.0), (1.5, 5.0), (2.0, 6.0))
CYCLES_DUAL = ((1.0, 4.0), (2.0, 6.0))
DOUBLE_CYCLE = 3.0
UNKNOWN_CYCLE = 5.0  # of a single ring of which only a part was heard: Russia's law and most of Europe


def is_cycle(cycle: float, on: float) -> bool:
    """Whether rings of `on` seconds may come back every `cycle` seconds."""
    slow = SLOW_CYCLE[0] <= cycle <= SLOW_CYCLE[1] and SLOW_ON[0] <= on <= SLOW_ON[1]
    return slow or CYCLE[0] <= cycle <= CYCLE[1]


def is_known(on: float, cycle: float) -> bool:
    """Whether some network has this very cadence."""
    return any(
        abs(on - known_on) <= SAME_ON * known_on and abs(cycle - known) <= SAME_CYCLE * known
        for known_on, known in KNOWN
    )


def whole_ring(first: float, second: float, step: float) -> float | None:
    """Seconds of a whole ring where a recording begins inside a ring, `first` seconds before its end.

    `second` seconds of the next ring were heard, which the answer may have cut, `step` seconds later; None where no
    network has such a cadence.
    """
    longest = max(first, second) * (1 - SAME_ON)
    fits = [
        (abs(step + on - first - cycle), on)
        for on, cycle in KNOWN
        if on >= longest and abs(step + on - first - cycle) <= SAME_CYCLE * cycle
    ]
    return min(fits)[1] if fits else None


def is_whole(on: float) -> bool:
    """Whether some network's rings are as long; what is not was cut short."""
    return any(abs(on - known) <= WHOLE_WITHIN for known in (*FIRST_SHORT, *(known for known, _ in KNOWN)))


def usual_cycle(on: float, *, dual: bool, double: bool, whole: bool) -> float:
    """The likeliest seconds from ring to ring, from one ring alone: of two frequencies, of two halves, heard whole."""
    if double:
        return DOUBLE_CYCLE
    if not whole and not dual:
        return UNKNOWN_CYCLE
    return min(CYCLES_DUAL if dual else CYCLES_SINGLE, key=lambda row: abs(row[0] - on))[1]
