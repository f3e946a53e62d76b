"""Silence of the line: stretches where no channel carries any signal, as against a pause in a live room.

Digital zero, the idle pattern of a codec, or comfort noise: very low, or much lower than the rest of the call and
perfectly even (TELEPHONY 4.4). Room noise, breath and typing go on at the old level and are not silence. Short beeps
that remind the one who waits are part of it; and one channel alone may fall silent while the other room is heard on.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import HOP_SECONDS
from qa_engine.audio.tones import Tone, find_steady_tones, runs_of
from qa_engine.domain.audio_event import EventKind, SoundEvent
from qa_engine.domain.spans import Span

__all__ = ["find_silences", "idle_mask"]

SHORTEST = 4.0  # seconds
IDLE_DB = -72.0  # G.711 idle: one step of mu-law is 8/32768, -72 dB
STEP_DB = 6.0  # comfort noise is at least so much below the room noise of the same channel
COMFORT_DB = -55.0  # an even noise above this is heard as noise, not as silence
SAME_DB = 3.0  # a noise within this of another is the same
PAUSES = 0.02  # share of the talk that its short pauses take at the least
EVEN_DB = 1.2  # ... and its level wavers less than this (32 ms of white noise: 0.4 dB; rooms: 2 dB and more)
PATTERN_DB = 0.05  # what wavers less than this is a pattern of a codec (GSM: -66 dB), no noise
PATTERN_BELOW_DB = -55.0
EVEN_HOPS = 31  # hops over which evenness is judged, 1 s
CLICK_HOPS = 3  # a click of up to 0.1 s does not end a silence
BEEP_HOPS = 22  # a beep of up to 0.7 s neither; ringing tones are longer, or follow each other faster
BETWEEN_BEEPS = 94  # hops: three seconds of silence before or after each beep
BEEP_SHARE = 0.5  # of it that is the steady tone itself; the hops at its ends hold only a part of it
FLAT_DB = 2.0  # the level of a tone wavers less than this
ONE_SIDED = 10.0  # seconds: one channel alone falls silent between any two phrases where a gate is at work
GATED = 0.2  # share of the quiet hops that are idle elsewhere too: then a gate closes the channel in every pause
QUIET_VOICE = 0.3
LIVE_HOPS = 31  # one second before and behind in which the channel must not be idle throughout


def find_silences(tracks: Tracks) -> tuple[SoundEvent, ...]:
    """Stretches of at least 4 s in which no channel carries a signal, or of 10 s in which one of two does not.

    Edges to one hop (32 ms). `detail` tells of beeps in it (``3 beeps 1400 Hz every 10.0 s``).
    """
    masks = [_close(idle_mask(level), CLICK_HOPS) for level in tracks.level_db]
    idle = _close(np.logical_and.reduce(masks), CLICK_HOPS)
    beeps = _beeps(tracks, idle)
    whole = idle.copy()
    for first, last in beeps:
        whole[first:last] = True
    found = [
        _event(tracks, run, None, [beep for beep in beeps if run[0] <= beep[0] < run[1]])
        for run in runs_of(whole)
        if (run[1] - run[0]) * HOP_SECONDS >= SHORTEST
    ]
    for channel in range(tracks.num_channels if tracks.num_channels > 1 else 0):
        found += [_event(tracks, run, channel, []) for run in _one_sided(tracks, channel, masks[channel], whole)]
    return tuple(sorted(found, key=lambda event: event.start))


def _event(tracks: Tracks, run: tuple[int, int], channel: int | None, beeps: list[tuple[int, int]]) -> SoundEvent:
    detail = ""
    if len(beeps) > 1:
        loudest = tracks.power.sum(axis=1).argmax()
        hz = float(np.median([np.median(tracks.spectrum.first_hz[loudest, a:b]) for a, b in beeps]))
        every = float(np.median(np.diff([a for a, _ in beeps]))) * HOP_SECONDS
        detail = f"{len(beeps)} beeps {hz:.0f} Hz every {every:.1f} s"
    start, end = run[0] * HOP_SECONDS, min(run[1] * HOP_SECONDS, tracks.duration)
    return SoundEvent(EventKind.SILENCE, start, end, channel, detail=detail)


def _beeps(tracks: Tracks, idle: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of up to 0.7 s between idle ones that are one steady tone, with silence for long on one side at least."""
    runs = runs_of(idle)
    gaps = [
        (before[1], behind[0])
        for before, behind in pairwise(runs)
        if behind[0] - before[1] <= BEEP_HOPS and max(before[1] - before[0], behind[1] - behind[0]) >= BETWEEN_BEEPS
    ]
    if not gaps:
        return []
    tones = [tone for channel in range(tracks.num_channels) for tone in find_steady_tones(tracks, channel)]
    steady = [tone for tone in tones if tone.wavering_db <= FLAT_DB and tone.voice < QUIET_VOICE]
    return [gap for gap in gaps if any(_fills(tone, gap) for tone in steady)]


def _fills(tone: Tone, gap: tuple[int, int]) -> bool:
    span = Span(gap[0] * HOP_SECONDS, gap[1] * HOP_SECONDS)
    return tone.span.overlap(span) >= BEEP_SHARE * span.duration


def _one_sided(
    tracks: Tracks, channel: int, idle: NDArray[np.bool_], both: NDArray[np.bool_]
) -> Iterator[tuple[int, int]]:
    """Runs in which `channel` alone falls silent; none where a gate silences it in every pause."""
    quiet = tracks.voice[channel] < QUIET_VOICE
    for first, last in runs_of(idle):
        if (last - first) * HOP_SECONDS < ONE_SIDED or both[first:last].mean() > 0.5:
            continue
        sides = (idle[max(0, first - LIVE_HOPS) : first], idle[last : last + LIVE_HOPS])
        elsewhere = np.concatenate([(idle & ~both)[:first][quiet[:first]], (idle & ~both)[last:][quiet[last:]]])
        if all(side.size and not side.all() for side in sides) and elsewhere.size and elsewhere.mean() < GATED:
            yield first, last


def idle_mask(level_db: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Hops in which one channel carries no signal, shape ``(hop,)``, from its levels in dB."""
    pattern = _wavers_less(level_db, PATTERN_DB) & (level_db < PATTERN_BELOW_DB)
    low = np.asarray((level_db <= IDLE_DB) | pattern, dtype=np.bool_)
    even = _wavers_less(level_db, EVEN_DB)
    live = level_db[~low & ~even]
    if live.size < EVEN_HOPS:
        return low
    floor = float(np.percentile(live, 10))  # the level of the pauses of a live line
    quiet = low | (even & (level_db < min(floor - STEP_DB, COMFORT_DB)))
    return low | _comfort_noise(level_db, quiet)


def _comfort_noise(level_db: NDArray[np.float32], candidates: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The `candidates` whose level is not that of the short pauses of the talk too: such a noise is the room's."""
    found = candidates.copy()
    talk = np.sort(level_db[~candidates])
    for first, last in runs_of(candidates):
        level = float(np.median(level_db[first:last]))
        low, high = np.searchsorted(talk, [level - SAME_DB, level + SAME_DB])
        found[first:last] = high - low <= PAUSES * len(talk)
    return found


def _wavers_less(level_db: NDArray[np.float32], db: float) -> NDArray[np.bool_]:
    """Hops that belong to a second in which the standard deviation of the level is below `db`."""
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    levels = level_db.astype(np.float64)
    mean = uniform_filter1d(levels, EVEN_HOPS, mode="nearest")
    square = uniform_filter1d(levels**2, EVEN_HOPS, mode="nearest")
    even = np.sqrt(np.maximum(square - mean**2, 0)) < db
    # A window at the edge of a stretch reaches beside it: every hop of an even window is even.
    return np.asarray(maximum_filter1d(even, EVEN_HOPS, mode="nearest"), dtype=np.bool_)


def _close(mask: NDArray[np.bool_], hops: int) -> NDArray[np.bool_]:
    """Fill gaps of up to `hops` hops."""
    closed = mask.copy()
    for first, last in runs_of(~mask):
        if first > 0 and last < len(mask) and last - first <= hops:
            closed[first:last] = True
    return closed
