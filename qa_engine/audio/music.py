"""Music on hold: stretches of sound whose partials stand still for longer than a voice can hold them.

The chief feature is the steadiness of the spectrum's fine structure over 128 ms, taken over the loud hops of one and of
three seconds: speech has about 0.15, music 0.25 to 0.7. Against it speak pauses and the voice detector. Two states
(music, no music) are decoded over the whole recording, so that single odd seconds are outvoted.

What sings cannot be told from a voice by the detector; it is music only where the steadiness leaves no doubt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import HOP_SECONDS
from qa_engine.audio.tones import runs_of
from qa_engine.domain.audio_event import EventKind, SoundEvent
from qa_engine.domain.spans import Span

__all__ = ["find_music"]

SHORTEST = 5.0  # seconds (TELEPHONY 4.3)
SHORT_WINDOW, LONG_WINDOW, NEAR_WINDOW = 31, 94, 125  # hops: one, three and four seconds
LOUD_WITHIN_DB = 12.0  # of the loudest hop near by: the sound itself, not the noise in its pauses
PAUSE_DB = 20.0  # below the loudest hop near by is a pause
AUDIBLE_DB = -55.0
VOICE = 0.5
# Logistic regression on 212 calls joined of speech, music and speech (48 pieces, 27 recordings, mu-law, noise,
# -10 to +3 dB): steadiness over 1 and 3 s, pauses over 1 s, voice over 1 and 3 s. Of the pieces left out in turn, 96 %
# were found as one stretch, 86 % of all edges within 1 s.
WEIGHTS = (3.45, 11.26, -2.24, -8.18, -7.30)
BIAS = -1.67
# No recording of speech was so steady over three seconds, so that it is music whatever the voice detector says.
SURE_STEADINESS, SURE_WEIGHT = 0.38, 25.0
SWITCH = 2.0  # log-odds that a change of state costs
# Motors and other noise with partials reach 0.28 (a call from a car), hold music of Debian 0.40 and more. In between
# it is music where it is as loud as the speech of the call, as what a phone system plays is, and a background is not.
LEAST_STEADINESS, CLEAR_STEADINESS = 0.24, 0.31
BACKGROUND_DB = 9.0  # below the speech
EVEN_DB = 1.3  # a level that wavers less is hum or a steady noise
SNAP = 47  # hops, 1.5 s: the pause in which music begins or ends is looked for so near
SNAP_FREELY = 8  # hops, 0.25 s, that it may grow by whatever they hold
GROW_STEADINESS = 0.22  # of the loud hops it may grow by
SNAP_DB = 18.0  # below the music is such a pause
NO_MUSIC = -10.0  # log-odds of hops that are known to be something else


@dataclass(frozen=True, slots=True, eq=False)
class _Evidence:
    """Per hop: log-odds of music, steadiness over three seconds and of the loud hop alone, level in dB."""

    odds: NDArray[np.float64]
    steadiness: NDArray[np.float64]
    single: NDArray[np.float64]
    level: NDArray[np.float32]

    def allows(self, first: int, last: int) -> bool:
        """Whether music may grow by the hops from `first` to `last` (none, if they lie inside it already)."""
        loud = self.single[first:last][self.single[first:last] != 0]
        return last - first <= SNAP_FREELY or not loud.size or float(loud.mean()) >= GROW_STEADINESS


def find_music(tracks: Tracks, channel: int, taken: NDArray[np.bool_]) -> tuple[SoundEvent, ...]:
    """Music of at least 5 s on one channel, edges to about half a second.

    `taken` hops (rings, tones, silence), shape ``(hop,)``, are no music.
    """
    evidence = _weigh(tracks, channel, taken)
    found = []
    for coarse_first, coarse_last in runs_of(_decode(evidence.odds / SHORT_WINDOW)):
        first, last = _settle(evidence, coarse_first, coarse_last)
        steadiness = float(np.median(evidence.steadiness[first:last])) if last > first else 0.0
        least = CLEAR_STEADINESS if _is_background(tracks, channel, slice(first, last)) else LEAST_STEADINESS
        is_long = (last - first) * HOP_SECONDS >= SHORTEST
        if is_long and steadiness >= least and float(np.std(evidence.level[first:last])) >= EVEN_DB:
            side = channel if tracks.num_channels > 1 else None
            span = Span(first * HOP_SECONDS, min(last * HOP_SECONDS, tracks.duration))
            found.append(_event(span, side, steadiness))
    return tuple(found)


def _is_background(tracks: Tracks, channel: int, inside: slice) -> bool:
    """Whether the loud hops `inside` are well below the speech of the channel."""
    level = tracks.level_db[channel]
    speech = level[tracks.voice[channel] > VOICE]
    if not speech.size or inside.start >= inside.stop:
        return False
    return float(np.percentile(level[inside], 75)) < float(np.percentile(speech, 75)) - BACKGROUND_DB


def _event(span: Span, channel: int | None, steadiness: float) -> SoundEvent:
    confidence = min(1.0, 0.5 + (steadiness - LEAST_STEADINESS) * 4)
    return SoundEvent(EventKind.MUSIC, round(span.start, 3), round(span.end, 3), channel, round(confidence, 2))


def _weigh(tracks: Tracks, channel: int, taken: NDArray[np.bool_]) -> _Evidence:
    from scipy.ndimage import maximum_filter1d

    level = tracks.level_db[channel]
    near = maximum_filter1d(level, NEAR_WINDOW, mode="nearest")
    loud = ((level > near - LOUD_WITHIN_DB) & (level > AUDIBLE_DB)).astype(np.float64)
    steady = loud * tracks.spectrum.steadiness[channel]
    voice = (tracks.voice[channel] > VOICE).astype(np.float64)
    long_steadiness = _mean(steady, LONG_WINDOW) / (_mean(loud, LONG_WINDOW) + 0.05)
    features = (
        _mean(steady, SHORT_WINDOW) / (_mean(loud, SHORT_WINDOW) + 0.05),
        long_steadiness,
        _mean((level < near - PAUSE_DB).astype(np.float64), SHORT_WINDOW),
        _mean(voice, SHORT_WINDOW),
        _mean(voice, LONG_WINDOW),
    )
    odds = BIAS + sum((weight * each for weight, each in zip(WEIGHTS, features, strict=True)), np.zeros(len(level)))
    odds = np.maximum(odds, SURE_WEIGHT * (long_steadiness - SURE_STEADINESS))
    odds[taken] = NO_MUSIC
    return _Evidence(odds, long_steadiness, steady, level)


def _mean(values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    from scipy.ndimage import uniform_filter1d

    return np.asarray(uniform_filter1d(values, size, mode="nearest"), dtype=np.float64)


def _decode(odds: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The likeliest course of two states (Viterbi) given the log-odds per hop, True for music."""
    speech, music = 0.0, -SWITCH
    from_music, from_speech = bytearray(len(odds)), bytearray(len(odds))
    for i, gain in enumerate(odds.tolist()):
        best_speech, best_music = max(speech, music - SWITCH), max(music, speech - SWITCH)
        from_music[i], from_speech[i] = best_speech > speech, best_music > music
        speech, music = best_speech, best_music + gain
    states = np.zeros(len(odds), dtype=np.bool_)
    state = music > speech
    for i in range(len(odds) - 1, -1, -1):
        states[i] = state
        state = bool(state) != bool(from_speech[i] if state else from_music[i])
    return states


def _settle(evidence: _Evidence, first: int, last: int) -> tuple[int, int]:
    """Edges moved into the nearest pause, where one is near; not over anything that is no music itself."""
    level = evidence.level
    ceiling = float(np.median(level[first:last])) - SNAP_DB
    before = _nearest_pause(level, first, max(0, first - SNAP), min(last, first + SNAP), ceiling)
    behind = _nearest_pause(level, last, max(first, last - SNAP), min(len(level), last + SNAP), ceiling)
    start = before[1] if before and evidence.allows(before[1], first) else first
    end = behind[0] if behind and evidence.allows(last, behind[0]) else last
    return start, max(end, start)


def _nearest_pause(
    level: NDArray[np.float32], edge: int, low: int, high: int, ceiling: float
) -> tuple[int, int] | None:
    """The run of at least two hops below `ceiling` in ``low..high`` that lies nearest to `edge`, as (first, behind)."""
    pauses = [(low + a, low + b) for a, b in runs_of(level[low:high] < ceiling) if b - a >= 2]
    return min(pauses, key=lambda each: max(each[0] - edge, edge - each[1], 0), default=None)
