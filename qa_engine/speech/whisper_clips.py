"""Clips laid out for one call of the batched decoder, and its segments brought back to the clips they are from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_engine.domain.spans import Span, intersect_spans
from qa_engine.domain.transcript import Word
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.clip_pieces import voiced_spans
from qa_engine.speech.phantoms import Evidence
from qa_engine.speech.sampling import resample
from qa_engine.speech.word_times import spread_over_voice

__all__ = ["SAMPLE_RATE", "HeardClip", "Sheet", "batches", "heard_clips", "lay_out"]

SAMPLE_RATE = 16_000  # Hz; openai/whisper audio.py
WINDOW = 600.0  # seconds of sound laid out at once: 38 MB
# Seconds of silence before each clip. faster-whisper shortens a long first word when much time went by since the word
# before it (2.8 s at most: 4 times the median word of at most 0.7 s); with this gap that never hangs on the neighbour.
GAP = 3.0
SHORTEST = 0.1  # seconds given to the decoder at least; the spectrum needs more samples than half its window
FRAME = 0.02  # seconds of a level frame


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a clip of the recording lies on the sheet: `start` is a whole second, `num_samples` the clip's own.

    `heard_from` is the second of the recording that its first sample belongs to.
    """

    clip: Span
    start: int
    num_samples: int
    heard_from: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """Clips side by side with silence between: `samples` at 16 kHz, shape ``(time,)``."""

    samples: NDArray[np.float32]
    slots: tuple[Slot, ...]

    @property
    def clip_timestamps(self) -> list[dict[str, float]]:
        """The clips as the batched decoder wants them, seconds; half a sample more, since it cuts off fractions."""
        shortest = round(SHORTEST * SAMPLE_RATE)
        return [
            {"start": slot.start, "end": slot.start + (max(slot.num_samples, shortest) + 0.5) / SAMPLE_RATE}
            for slot in self.slots
        ]

    def sound(self, slot: Slot) -> NDArray[np.float32]:
        """The samples of one clip."""
        first = slot.start * SAMPLE_RATE
        return self.samples[first : first + slot.num_samples]


@dataclass(frozen=True, slots=True)
class HeardClip:
    """The words the decoder wrote for a clip, and what speaks for there being speech."""

    clip: Span
    words: tuple[Word, ...]
    evidence: Evidence


def batches(spans: Iterable[Span], size: int) -> Iterator[tuple[Span, ...]]:
    """Neighbouring spans together, at most `size` of them and at most `WINDOW` seconds on the sheet."""
    group: list[Span] = []
    used = 0.0
    for span in spans:
        needed = span.duration + GAP + 1.0
        if group and (len(group) == size or used + needed > WINDOW):
            yield tuple(group)
            group, used = [], 0.0
        group.append(span)
        used += needed
    if group:
        yield tuple(group)


def lay_out(waveform: Waveform, spans: Sequence[Span]) -> Sheet:
    """The sound of the spans on one sheet; spans without any sound in `waveform` are left out."""
    slots: list[Slot] = []
    pieces: list[NDArray[np.float32]] = []
    at = 0
    for span in spans:
        part = waveform.crop(span)
        sound = resample(part, SAMPLE_RATE)
        if sound.size:
            start = math.ceil(at / SAMPLE_RATE + GAP)
            pieces += [np.zeros(start * SAMPLE_RATE - at, np.float32), sound]
            at = start * SAMPLE_RATE + sound.size
            slots.append(Slot(span, start, sound.size, part.start))
    silence = np.zeros(SAMPLE_RATE, np.float32)
    return Sheet(np.concatenate([*pieces, silence]), tuple(slots))


def heard_clips(segments: Iterable[Any], sheet: Sheet, frames_per_second: int) -> Iterator[HeardClip]:
    """One for every slot, in order, also for those that nothing was written for."""
    by_start: dict[int, list[Any]] = {slot.start: [] for slot in sheet.slots}
    for segment in segments:
        by_start[round(segment.seek / frames_per_second)].append(segment)
    for slot in sheet.slots:
        own = by_start[slot.start]
        words = tuple(word for segment in own for word in _words(segment, slot, sheet))
        yield HeardClip(slot.clip, words, _evidence(own, sheet.sound(slot), slot.clip))


def _evidence(segments: Sequence[Any], sound: NDArray[np.float32], clip: Span) -> Evidence:
    level = _level_db(sound)
    if not segments:
        return Evidence(clip.duration, level_db=level)
    return Evidence(clip.duration, float(segments[0].no_speech_prob), float(segments[0].avg_logprob), level)


def _level_db(sound: NDArray[np.float32]) -> float:
    """Level of the loudest twentieth of the clip, dB relative to full scale."""
    step = round(FRAME * SAMPLE_RATE)
    whole = sound[: max(sound.size // step, 1) * step]
    frames = whole.reshape(-1, step) if whole.size >= step else whole.reshape(1, -1)
    mean_square = np.mean(frames.astype(np.float64) ** 2, axis=1)
    return round(10 * math.log10(float(np.percentile(mean_square, 95)) + 1e-12), 1)


def _words(segment: Any, slot: Slot, sheet: Sheet) -> tuple[Word, ...]:
    spoken = [word for word in segment.words or () if word.word.strip()]
    if spoken:
        return tuple(_hyphenated([_word(word, slot) for word in spoken]))
    return _spread(segment, slot, sheet.sound(slot))


def _hyphenated(words: Sequence[Word]) -> Iterator[Word]:
    """Words with a part that begins with a hyphen put to the word before: faster-whisper cuts "чем-нибудь" in two."""
    held: Word | None = None
    for word in words:
        if held is not None and word.text.startswith("-") and len(word.text) > 1:
            sure = min(one.probability or 0.0 for one in (held, word))
            held = replace(held, text=held.text + word.text, end=max(held.end, word.end), probability=sure)
            continue
        if held is not None:
            yield held
        held = word
    if held is not None:
        yield held


def _word(word: Any, slot: Slot) -> Word:
    """The word with its time inside its clip: the aligner may place the last one past the end."""
    later = slot.heard_from - slot.start
    start = min(max(float(word.start) + later, slot.clip.start), slot.clip.end)
    end = min(max(float(word.end) + later, start), slot.clip.end)
    return Word(word.word.strip(), round(start, 3), round(end, 3), round(float(word.probability), 4))


def _spread(segment: Any, slot: Slot, sound: NDArray[np.float32]) -> tuple[Word, ...]:
    """Words of a model that gives no times: over the voiced parts of the clip, with the segment's own probability."""
    voiced = [Span(slot.heard_from + one.start, slot.heard_from + one.end) for one in voiced_spans(sound, SAMPLE_RATE)]
    inside = intersect_spans(voiced, (slot.clip,))
    probability = round(math.exp(min(0.0, float(segment.avg_logprob))), 4)
    spread = spread_over_voice(segment.text, inside or (slot.clip,))
    return tuple(replace(word, probability=probability) for word in spread)
