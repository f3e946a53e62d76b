"""Tones that are not ringback: busy and congestion trains, SIT, fax, dial tone, single steady tones (TELEPHONY 1.5)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.beeps import find_beeps
from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import HOP_SECONDS
from qa_engine.audio.signals import name_single, name_train
from qa_engine.audio.tones import LOUD_DB, STEADY_PURITY, Tone, find_steady_tones, runs_of
from qa_engine.domain.audio_event import EventKind, SoundEvent
from qa_engine.domain.spans import Span

__all__ = ["find_busy", "find_call_tones"]

BUSY_ON = (0.12, 0.8)  # seconds: congestion 0.15, busy up to 0.75 (TELEPHONY 1.3)
BUSY_RATIO = (0.6, 1.7)  # pause over tone; both are alike in nearly all countries
FEWEST, FEWEST_SHORT = 3, 5  # tones that make a train, and of less than SHORT seconds
SHORT = 0.3
FLAT_DB = 2.0  # the level of a tone wavers less than this
SAME_LEVEL_DB = 2.0  # tones of one train
LONG = 0.9  # seconds a single tone must last: a held vowel wavers long before
PURE = 0.9
EVEN_DB = 0.8  # ... and the level of a single one less than this
VOICE = 0.3  # the voice detector says less than this on average
# Special information tones, "the number you have dialled ...": three tones that rise, with hardly a gap.
SIT_HZ = ((873, 1029), (1309, 1493), (1620, 1857))
SIT_ON = (0.2, 0.5)  # seconds each: 0.274, 0.33 or 0.38
SIT_GAP_HOPS = 4  # the window reaches over two tones


def find_busy(tracks: Tracks, channel: int, *, taken: Sequence[Span] = ()) -> tuple[SoundEvent, ...]:
    """Trains of short tones of equal length with pauses as long, outside the `taken` spans: busy, congestion, beeps."""
    tones = [tone for tone in _free(find_steady_tones(tracks, channel), taken) if _is_busy_tone(tone)]
    found: list[SoundEvent] = []
    train: list[Tone] = []
    for tone in [*tones, None]:
        if tone is not None and (not train or _follows(train[-1], tone)):
            train.append(tone)
            continue
        if train and len(train) >= (FEWEST if train[0].on >= SHORT else FEWEST_SHORT):
            found.append(_train(train, channel, tracks))
        train = [tone] if tone is not None else []
    return tuple(found)


def find_call_tones(tracks: Tracks, channel: int, taken: Sequence[Span]) -> tuple[SoundEvent, ...]:
    """SIT, beeps that come back, and single tones of 0.9 s and more outside the `taken` spans (rings among them)."""
    sit = tuple(event for event in _find_sit(tracks, channel) if not _is_taken(event.span, taken))
    tones = _free(find_steady_tones(tracks, channel), [*taken, *(event.span for event in sit)])
    beeps = find_beeps(tones, channel if tracks.num_channels > 1 else None)
    singles = [tone for tone in tones if _is_single(tone)]
    named = [_event(tone.span, channel, tracks, name_single(tone.frequencies, tone.on)) for tone in singles]
    return tuple(sorted([*sit, *beeps, *named], key=lambda event: event.start))


def _free(tones: Sequence[Tone], taken: Sequence[Span]) -> list[Tone]:
    return [tone for tone in tones if not _is_taken(tone.span, taken)]


def _is_taken(span: Span, taken: Sequence[Span]) -> bool:
    """Whether most of `span` lies in one of the `taken` ones; their edges may touch."""
    return any(span.overlap(other) > span.duration / 2 for other in taken)


def _is_busy_tone(tone: Tone) -> bool:
    return BUSY_ON[0] <= tone.on <= BUSY_ON[1] and tone.wavering_db <= FLAT_DB and tone.voice < VOICE


def _follows(last: Tone, tone: Tone) -> bool:
    pause = tone.start - last.end
    alike = abs(tone.on - last.on) <= 0.35 * max(last.on, tone.on)
    near = max(abs(a - b) for a, b in zip(last.frequencies, tone.frequencies, strict=False)) <= 15
    level = abs(tone.level_db - last.level_db) <= SAME_LEVEL_DB
    return alike and near and level and BUSY_RATIO[0] <= pause / max(last.on, tone.on) <= BUSY_RATIO[1]


def _is_single(tone: Tone) -> bool:
    return tone.on >= LONG and tone.purity >= PURE and tone.wavering_db <= EVEN_DB and tone.voice < VOICE


def _find_sit(tracks: Tracks, channel: int) -> tuple[SoundEvent, ...]:
    """Special information tones, edges to about 50 ms."""
    steps = [_steps(tracks, channel, band) for band in SIT_HZ]
    return tuple(
        _event(Span(low[0] * HOP_SECONDS, high[1] * HOP_SECONDS), channel, tracks, "SIT 950/1400/1800 Hz")
        for low in steps[0]
        for middle in steps[1]
        for high in steps[2]
        if abs(middle[0] - low[1]) <= SIT_GAP_HOPS and abs(high[0] - middle[1]) <= SIT_GAP_HOPS
    )


def _steps(tracks: Tracks, channel: int, band: tuple[int, int]) -> list[tuple[int, int]]:
    """Runs of hops in which a pure tone of the band is the strongest, as long as one tone of SIT."""
    spectrum = tracks.spectrum
    pure: NDArray[np.bool_] = (spectrum.peak_share[channel] >= STEADY_PURITY) & (tracks.level_db[channel] > LOUD_DB)
    inside = (spectrum.first_hz[channel] >= band[0]) & (spectrum.first_hz[channel] <= band[1])
    low, high = (round(seconds / HOP_SECONDS) for seconds in SIT_ON)
    return [(first, last) for first, last in runs_of(pure & inside) if low <= last - first <= high]


def _train(train: Sequence[Tone], channel: int, tracks: Tracks) -> SoundEvent:
    on = float(np.median([tone.on for tone in train]))
    off = float(np.median([two.start - one.end for one, two in pairwise(train)]))
    whole = Span(train[0].start, train[-1].end)
    return _event(whole, channel, tracks, name_train(train[0].frequencies, on, off))


def _event(span: Span, channel: int, tracks: Tracks, detail: str) -> SoundEvent:
    side = channel if tracks.num_channels > 1 else None
    return SoundEvent(EventKind.TONE, round(span.start, 3), round(span.end, 3), side, 1.0, detail)
