"""Ringback: which tones are rings, told by their cadence, and how many there were.

A ring is a pure, flat tone of 360 to 510 Hz that comes back in a steady cycle while the channel is otherwise quiet. A
single tone is a ring only where it is the first sound of the recording. Cadences are measured, not assumed (TELEPHONY
1.1: Russia's law says 1.0/4.0, equipment tables 0.8/3.2); a table is used only where the tone was heard once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import numpy as np

from qa_engine.audio.cadence import CYCLE, is_cycle, is_known, is_whole, usual_cycle, whole_ring
from qa_engine.audio.frames import Tracks
from qa_engine.audio.lone_ring import AT_FIRST_SAMPLE, is_lone_ring
from qa_engine.audio.rings import CUT, QUIET_DB, QUIET_SHARE, Ring, hop_at, is_answered_over, rings_of
from qa_engine.audio.tones import find_ring_tones
from qa_engine.domain.audio_event import Ringback
from qa_engine.domain.spans import Span

__all__ = ["find_ringbacks"]

ON = (0.2, 2.6)  # seconds a ring may sound: Germany's first is 0.25 s, North America's 2 s (TELEPHONY 1.3)
SHORTEST_FULL = 0.6  # seconds the longest ring of a series sounds: 0.8 s at least (TELEPHONY 1.3), double ones 1.0 s
SAME_ON = 0.2  # how far the rings of one series may differ, as a share of a ring (E.180 allows 10 % either way)
SAME_CYCLE = 0.1  # how far the cycles may differ, as a share of a cycle
SAME_HZ = 8  # a bin of the spectrum
SAME_LEVEL_DB = 3.0
SURE_CYCLE = 0.02  # so exactly a ring must come back where somebody speaks in the pause before it
BEFORE_HOPS = 4  # hops right before a ring in which there is nothing: a vowel follows other sounds


def find_ringbacks(tracks: Tracks, channel: int, *, busy: Sequence[Span] = ()) -> tuple[Ringback, ...]:
    """Ringback on one channel, in time order, each series of rings of one cadence apart.

    `busy` are spans of other known tones (busy, congestion), which are not listened to.
    """
    tones = [tone for tone in find_ring_tones(tracks, channel) if not any(tone.span.overlap(span) for span in busy)]
    rings = rings_of(tones)
    found: list[Ringback] = []
    i = 0
    while i < len(rings):
        series = _series(rings[i:], tracks, channel)
        if _is_ringback(series, rings[:i], rings[i + 1 : i + 2], tracks, channel):
            found.append(_describe(series, tracks, channel))
            i += len(series)
        else:
            i += 1
    return tuple(found)


def _series(rings: Sequence[Ring], tracks: Tracks, channel: int) -> list[Ring]:
    """The rings from the first on that keep one cadence with quiet between; the first and the last may be shorter."""
    series = [rings[0]]
    for ring in rings[1:]:
        quiet = _is_quiet(series[-1], ring, tracks, channel)
        if not _continues(series, ring) or not (quiet or _is_expected(series, ring)):
            break
        series.append(ring)
        if _is_short(ring, series):
            break
    return series


def _continues(series: Sequence[Ring], ring: Ring) -> bool:
    last = series[-1]
    step = _step(last, ring, first=len(series) == 1)
    full = max(each.on for each in series) if len(series) > 1 else max(last.on, ring.on)
    if ring.on > full * (1 + SAME_ON) + 0.05 or not is_cycle(step, full) or not _same_pitch(last, ring):
        return False
    steps = [b.start - a.start for a, b in pairwise(series[1:])]
    if len(series) == 1 and ring.on < last.on - CUT and not _may_be_cut(last, ring, step):
        return False  # too short a second tone at an unusual distance
    return not steps or abs(step - median(steps)) <= SAME_CYCLE * median(steps)


def _may_be_cut(first: Ring, ring: Ring, step: float) -> bool:
    if _starts_inside(first) and whole_ring(first.on, ring.on, ring.start - first.start) is not None:
        return True
    return is_known(first.on, step)


def _is_expected(series: Sequence[Ring], ring: Ring) -> bool:
    """Whether a ring comes at the very second that a series of two and more foretells: then talk beside it is beside.

    The caller speaks to somebody in his room while it rings; on one channel that breaks the quiet of a pause.
    """
    steps = [b.start - a.start for a, b in pairwise(series)]
    return bool(steps) and abs(ring.start - series[-1].start - median(steps)) <= SURE_CYCLE * median(steps)


def _step(last: Ring, ring: Ring, *, first: bool) -> float:
    """Seconds from ring to ring; a first ring whose beginning was not recorded is taken as long as the second."""
    missing = max(0.0, ring.on - last.on) if first else 0.0
    return ring.start - last.start + missing


def _same_pitch(one: Ring, two: Ring) -> bool:
    """Whether two rings have a frequency and a level in common."""
    mine, other = one.tone.frequencies, two.tone.frequencies
    if abs(one.tone.level_db - two.tone.level_db) > SAME_LEVEL_DB:
        return False
    return not mine or not other or min(abs(a - b) for a in mine for b in other) <= SAME_HZ


def _is_short(ring: Ring, series: Sequence[Ring]) -> bool:
    full = max(each.on for each in series)
    return ring.on < full * (1 - SAME_ON) - 0.02


def _is_ringback(
    series: Sequence[Ring], before: Sequence[Ring], after: Sequence[Ring], tracks: Tracks, channel: int
) -> bool:
    longest = max(ring.on for ring in series)
    crowded = any(ring.start - series[0].end < CYCLE[0] - ON[0] for ring in after)
    if not ON[0] <= longest <= ON[1]:
        return False
    if len(series) > 1:
        return longest >= SHORTEST_FULL or _starts_inside(series[0])
    return not crowded and is_lone_ring(series[0], tracks, channel, is_first=not before)


def _is_quiet(one: Ring, two: Ring, tracks: Tracks, channel: int) -> bool:
    """Whether the channel is otherwise silent between two rings."""
    level = tracks.level_db[channel, hop_at(one.end) + 2 : hop_at(two.start) - 1]
    quiet = level < min(one.tone.level_db, two.tone.level_db) - QUIET_DB
    return quiet.size > 0 and float(np.mean(quiet)) >= QUIET_SHARE and bool(quiet[-BEFORE_HOPS:].all())


def _describe(series: Sequence[Ring], tracks: Tracks, channel: int) -> Ringback:
    full, last = _whole(series), series[-1]
    starts_mid_ring = _starts_inside(series[0]) or _is_second_half(series)
    cut = last.on < full - CUT and (len(series) > 1 or not starts_mid_ring)
    cycle = _cycle(series)
    return Ringback(
        start=0.0 if starts_mid_ring else round(series[0].start, 3),
        end=round(last.end, 3),
        rings=len(series),
        tone=_label(series, cycle),
        cycle=round(cycle, 2),
        on=round(max(ring.on for ring in series), 2) if len(series) == 1 else round(full, 2),
        channel=channel if tracks.num_channels > 1 else None,
        starts_mid_ring=starts_mid_ring,
        cut=cut or last.is_second_cut or is_answered_over(last, tracks, channel),
    )


def _starts_inside(ring: Ring) -> bool:
    return ring.start <= AT_FIRST_SAMPLE


def _whole(series: Sequence[Ring]) -> float:
    """Seconds of a whole ring: the longest heard, or what a network has where all that were heard may be cut."""
    longest = max(ring.on for ring in series)
    if len(series) == 1 and not _starts_inside(series[0]):
        return longest if is_whole(longest) else longest + 2 * CUT
    if len(series) == 2 and _starts_inside(series[0]):
        one, two = series
        return max(longest, whole_ring(one.on, two.on, two.start - one.start) or longest)
    return longest


def _is_second_half(series: Sequence[Ring]) -> bool:
    """Whether the first of several double rings is one half right at the beginning: the other was before it."""
    doubles = [ring for ring in series[1:] if ring.gap]
    return bool(doubles) and not series[0].gap and series[0].start <= doubles[0].half + doubles[0].gap


def _cycle(series: Sequence[Ring]) -> float:
    """Seconds from ring to ring: measured, or by the table where only one ring was heard."""
    steps = [b.start - a.start for a, b in pairwise(series)]
    if len(steps) > 1:
        return float(median(steps[1:])) if series[0].on < max(r.on for r in series) - CUT else float(median(steps))
    if steps:
        return steps[0] + _whole(series) - series[0].on if _starts_inside(series[0]) else steps[0]
    ring = series[0]
    dual = len(ring.tone.frequencies) > 1
    return usual_cycle(ring.on, dual=dual, double=ring.gap > 0, whole=not _starts_inside(ring))


def _label(series: Sequence[Ring], cycle: float) -> str:
    """Such as ``425 Hz 1.0/4.0`` or ``400+450 Hz 0.4/0.2/0.4/2.0``; the frequency alone where one ring was heard."""
    ring = max(series, key=lambda each: each.on)
    hz = "+".join(str(each) for each in ring.tone.frequencies) or "?"
    if len(series) == 1:
        return f"{hz} Hz"
    if ring.gap:
        return f"{hz} Hz {ring.half:.1f}/{ring.gap:.1f}/{ring.half:.1f}/{cycle - ring.on:.1f}"
    on = _whole(series)
    return f"{hz} Hz {on:.1f}/{max(cycle - on, 0.0):.1f}"
