"""Tones that are not ringback: busy and congestion trains, beeps, single steady tones (TELEPHONY 1.5)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from qa_engine.audio.frames import Tracks
from qa_engine.audio.tones import Tone, find_steady_tones
from qa_engine.domain.audio_event import EventKind, SoundEvent
from qa_engine.domain.spans import Span

__all__ = ["find_busy", "find_call_tones"]

BUSY_ON = (0.12, 0.8)  # seconds: congestion 0.15, busy up to 0.75 (TELEPHONY 1.3)
BUSY_RATIO = (0.6, 1.7)  # pause over tone; both are alike in all countries
FEWEST, FEWEST_SHORT = 3, 5  # tones that make a train, and of less than SHORT seconds
SHORT = 0.3
FLAT_DB = 2.0  # the level of a tone wavers less than this
SAME_LEVEL_DB = 2.0  # tones of one train
LONG = 0.9  # seconds a single tone must last: a held vowel wavers long before
PURE = 0.9
EVEN_DB = 0.8  # ... and the level of a single one less than this
VOICE = 0.3  # the voice detector says less than this on average


def find_busy(tracks: Tracks, channel: int) -> tuple[SoundEvent, ...]:
    """Trains of short tones of equal length with pauses as long: busy or congestion."""
    tones = [tone for tone in find_steady_tones(tracks, channel) if _is_busy_tone(tone)]
    found: list[SoundEvent] = []
    train: list[Tone] = []
    for tone in [*tones, None]:
        if tone is not None and (not train or _follows(train[-1], tone)):
            train.append(tone)
            continue
        if train and len(train) >= (FEWEST if train[0].on >= SHORT else FEWEST_SHORT):
            found.append(_event(train, channel, tracks))
        train = [tone] if tone is not None else []
    return tuple(found)


def find_call_tones(tracks: Tracks, channel: int, taken: Sequence[Span]) -> tuple[SoundEvent, ...]:
    """Single steady tones of 0.9 s and more outside the `taken` spans (rings among them): beeps, dial tone, fax."""
    singles = [tone for tone in find_steady_tones(tracks, channel) if _is_single(tone)]
    free = [tone for tone in singles if not any(tone.span.overlap(span) for span in taken)]
    return tuple(_event([tone], channel, tracks) for tone in free)


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


def _event(train: Sequence[Tone], channel: int, tracks: Tracks) -> SoundEvent:
    hz = "+".join(str(each) for each in train[0].frequencies)
    cadence = ""
    if len(train) > 1:
        on = float(np.median([tone.on for tone in train]))
        off = float(np.median([two.start - one.end for one, two in pairwise(train)]))
        cadence = f" {on:.2f}/{off:.2f}"
    side = channel if tracks.num_channels > 1 else None
    return SoundEvent(EventKind.TONE, round(train[0].start, 3), round(train[-1].end, 3), side, 1.0, f"{hz} Hz{cadence}")
