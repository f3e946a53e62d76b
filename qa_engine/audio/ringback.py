"""Ringback: which tones are rings, told by their cadence, and how many there were.

A ring is a pure, flat tone of 375 to 505 Hz that comes back in a steady cycle while the channel is otherwise quiet. A
single tone is a ring only where it is the first sound of the recording. Cadences are measured, not assumed (TELEPHONY
1.1: Russia's law says 1.0/4.0, equipment tables 0.8/3.2); the table is used only where the tone was heard once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import HOP_SECONDS
from qa_engine.audio.tones import Tone, find_ring_tones
from qa_engine.domain.audio_event import Ringback
from qa_engine.domain.spans import Span

__all__ = ["find_ringbacks"]

ON = (0.25, 2.6)  # seconds a ring may sound: Germany's first is 0.25 s, North America's 2 s (TELEPHONY 1.3)
CYCLE = (2.4, 6.8)  # seconds from ring to ring: double rings 3 s, Austria, Portugal, North America 6 s
PAIR_ON = (0.28, 0.55)  # each half of a double ring (0.4 s)
PAIR_GAP = (0.1, 0.32)  # between its halves (0.2 s)
SAME_ON = 0.2  # how far the rings of one series may differ, as a share of a ring (E.180 allows 10 % either way)
SAME_CYCLE = 0.1  # how far the cycles may differ, as a share of a cycle
SAME_HZ = 8  # a bin of the spectrum
SAME_LEVEL_DB = 3.0
CUT = 0.08  # seconds by which a ring must be short to count as cut
QUIET_DB = 8.0  # the pauses between rings are at least this much below the tone
BEFORE_HOPS = 4  # hops right before a ring in which there is nothing: a vowel follows other sounds
QUIET_SHARE = 0.85  # ... in this share of the pause, so that a click or a breath does no harm
LONE_PURITY = 0.85  # a tone heard once must be cleaner than one of a series
LONE_ON = 0.3  # seconds, and longer
LONE_WHOLE_ON = 0.6  # seconds a lone ring must last unless its beginning or its end was cut off
AT_FIRST_SAMPLE = 0.03  # seconds: a tone that is on by then was on before the recording began

# Cycle in seconds by the length of a ring in seconds, for a single ring of one frequency and of two (TELEPHONY 1.3).
CYCLES_SINGLE = ((0.8, 4.0), (1.0, 5.0), (1.25, 5.0), (1.5, 5.0), (2.0, 6.0))
CYCLES_DUAL = ((1.0, 4.0), (2.0, 6.0))
DOUBLE_CYCLE = 3.0
USUAL_CYCLE = 5.0  # of a single ring of which only a part was heard: Russia's law and most of Europe


@dataclass(frozen=True, slots=True)
class _Ring:
    """One ring, possibly of two halves (`gap` seconds between them, 0 for a single one)."""

    start: float
    end: float
    tone: Tone
    half: float = 0.0
    gap: float = 0.0

    @property
    def on(self) -> float:
        return self.end - self.start


def find_ringbacks(tracks: Tracks, channel: int, *, busy: Sequence[Span] = ()) -> tuple[Ringback, ...]:
    """Ringback on one channel, in time order, each series of rings of one cadence apart.

    `busy` are spans of other known tones (busy, congestion), which are not listened to.
    """
    tones = [tone for tone in find_ring_tones(tracks, channel) if not any(tone.span.overlap(span) for span in busy)]
    rings = _pair(tones)
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


def _pair(tones: Sequence[Tone]) -> list[_Ring]:
    """Tones as rings: two short ones close together are one double ring."""
    rings: list[_Ring] = []
    i = 0
    while i < len(tones):
        one = tones[i]
        two = tones[i + 1] if i + 1 < len(tones) else None
        if two and _is_pair(one, two, following=tones[i + 2] if i + 2 < len(tones) else None):
            rings.append(_Ring(one.start, two.end, one, half=max(one.on, two.on), gap=two.start - one.end))
            i += 2
        else:
            rings.append(_Ring(one.start, one.end, one))
            i += 1
    return rings


def _is_pair(one: Tone, two: Tone, *, following: Tone | None) -> bool:
    """Whether two tones are the halves of a double ring; either may be cut short by the recording or the answer."""
    gap = two.start - one.end
    pause = following.start - two.end if following else 9.0
    halves_fit = max(one.on, two.on) <= PAIR_ON[1] and max(one.on, two.on) >= PAIR_ON[0]
    return PAIR_GAP[0] <= gap <= PAIR_GAP[1] and halves_fit and pause > 3 * gap


def _series(rings: Sequence[_Ring], tracks: Tracks, channel: int) -> list[_Ring]:
    """The rings from the first on that keep one cadence with quiet between; the first and the last may be shorter."""
    series = [rings[0]]
    for ring in rings[1:]:
        if not _continues(series, ring) or not _is_quiet(series[-1], ring, tracks, channel):
            break
        series.append(ring)
        if _is_short(ring, series):
            break
    return series


def _continues(series: Sequence[_Ring], ring: _Ring) -> bool:
    last = series[-1]
    step = _step(last, ring, first=len(series) == 1)
    full = max(each.on for each in series) if len(series) > 1 else max(last.on, ring.on)
    fits = ring.on <= full * (1 + SAME_ON) + 0.05 and (len(series) > 1 or last.start < ring.start)
    if not (fits and CYCLE[0] <= step <= CYCLE[1] and _same_pitch(last, ring)):
        return False
    steps = [b.start - a.start for a, b in pairwise(series[1:])]
    if len(series) == 1 and ring.on < last.on - CUT and abs(step - _cycle(series)) > SAME_CYCLE * step:
        return False  # too short a second tone at an unusual distance
    return not steps or abs(step - median(steps)) <= SAME_CYCLE * median(steps)


def _step(last: _Ring, ring: _Ring, *, first: bool) -> float:
    """Seconds from ring to ring; a first ring whose beginning was not recorded is taken as long as the second."""
    missing = max(0.0, ring.on - last.on) if first else 0.0
    return ring.start - last.start + missing


def _same_pitch(one: _Ring, two: _Ring) -> bool:
    """Whether two rings have a frequency and a level in common."""
    mine, other = one.tone.frequencies, two.tone.frequencies
    if abs(one.tone.level_db - two.tone.level_db) > SAME_LEVEL_DB:
        return False
    return not mine or not other or min(abs(a - b) for a in mine for b in other) <= SAME_HZ


def _is_short(ring: _Ring, series: Sequence[_Ring]) -> bool:
    full = max(each.on for each in series)
    return ring.on < full * (1 - SAME_ON) - 0.02


def _is_ringback(
    series: Sequence[_Ring], before: Sequence[_Ring], after: Sequence[_Ring], tracks: Tracks, channel: int
) -> bool:
    longest = max(ring.on for ring in series)
    crowded = any(ring.start - series[0].end < CYCLE[0] - ON[0] for ring in after)
    if not ON[0] <= longest <= ON[1]:
        return False
    return len(series) > 1 or (not before and not crowded and _is_lone_ring(series[0], tracks, channel))


def _is_quiet(one: _Ring, two: _Ring, tracks: Tracks, channel: int) -> bool:
    """Whether the channel is otherwise silent between two rings."""
    level = tracks.level_db[channel, _hop(one.end) + 2 : _hop(two.start) - 1]
    quiet = level < min(one.tone.level_db, two.tone.level_db) - QUIET_DB
    return quiet.size > 0 and float(np.mean(quiet)) >= QUIET_SHARE and bool(quiet[-BEFORE_HOPS:].all())


def _is_lone_ring(ring: _Ring, tracks: Tracks, channel: int) -> bool:
    """Whether one tone alone is a ring: clean, long enough, nothing but quiet before it."""
    if ring.on < LONE_ON or ring.tone.purity < LONE_PURITY or not ring.tone.frequencies or ring.start > CYCLE[1]:
        return False
    is_part = ring.start <= AT_FIRST_SAMPLE or _is_answered_over(ring, tracks, channel)
    if ring.on < LONE_WHOLE_ON and not ring.gap and not is_part:
        return False
    level = tracks.level_db[channel, : max(0, _hop(ring.start) - 1)]
    return not level.size or float(np.mean(level < ring.tone.level_db - QUIET_DB)) >= QUIET_SHARE


def _describe(series: Sequence[_Ring], tracks: Tracks, channel: int) -> Ringback:
    full = max(ring.on for ring in series)
    last = series[-1]
    starts_mid_ring = series[0].start <= AT_FIRST_SAMPLE
    cut = last.on < full - CUT and (len(series) > 1 or not starts_mid_ring)
    cycle = _cycle(series)
    return Ringback(
        start=round(series[0].start, 3),
        end=round(last.end, 3),
        rings=len(series),
        tone=_label(series, cycle),
        cycle=round(cycle, 2),
        on=round(full, 2),
        channel=channel if tracks.num_channels > 1 else None,
        starts_mid_ring=starts_mid_ring,
        cut=cut or _is_answered_over(last, tracks, channel),
    )


def _cycle(series: Sequence[_Ring]) -> float:
    """Seconds from ring to ring: measured, or by the table where only one ring was heard."""
    steps = [b.start - a.start for a, b in pairwise(series)]
    if len(steps) > 1:
        return float(median(steps[1:])) if series[0].on < max(r.on for r in series) - CUT else float(median(steps))
    if steps:
        return _step(series[0], series[1], first=True) if series[0].start <= AT_FIRST_SAMPLE else steps[0]
    ring = series[0]
    if ring.gap:
        return DOUBLE_CYCLE
    if ring.start <= AT_FIRST_SAMPLE and len(ring.tone.frequencies) == 1:
        return USUAL_CYCLE
    table = CYCLES_DUAL if len(ring.tone.frequencies) > 1 else CYCLES_SINGLE
    return min(table, key=lambda row: abs(row[0] - ring.on))[1]


def _is_answered_over(ring: _Ring, tracks: Tracks, channel: int) -> bool:
    """Whether other sound takes over within a tenth of a second of the tone's end: the answer came during the ring."""
    after = tracks.level_db[channel, _hop(ring.end) + 1 : _hop(ring.end) + 4]
    return after.size > 0 and float(np.min(after)) > ring.tone.level_db - QUIET_DB


def _label(series: Sequence[_Ring], cycle: float) -> str:
    """Such as ``425 Hz 1.0/4.0`` or ``400+450 Hz 0.4/0.2/0.4/2.0``; the frequency alone where one ring was heard."""
    ring = max(series, key=lambda each: each.on)
    hz = "+".join(str(each) for each in ring.tone.frequencies) or "425"
    if len(series) == 1:
        return f"{hz} Hz"
    if ring.gap:
        return f"{hz} Hz {ring.half:.1f}/{ring.gap:.1f}/{ring.half:.1f}/{cycle - ring.on:.1f}"
    return f"{hz} Hz {ring.on:.1f}/{max(cycle - ring.on, 0.0):.1f}"


def _hop(second: float) -> int:
    return round(second / HOP_SECONDS)
