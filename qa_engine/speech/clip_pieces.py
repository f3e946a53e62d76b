"""A clip of speech looked at closely: where it may be cut, and where in it the voice is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa_engine.domain.spans import Span, merge_spans
from qa_engine.domain.waveform import Waveform

__all__ = ["cut_at_quiet", "cut_clips", "voiced_spans"]

FRAME = 0.02  # seconds
SMOOTH_FRAMES = 10  # 0.2 s: a pause between words, not the closure of a "t"
EDGE = 3.0  # seconds; no piece shorter than this is cut off
BELOW_LOUD_DB = 25.0  # speech spans about 30 dB, pauses on a phone line lie further below its loud parts
BREATH = 0.1  # seconds between voiced spans that are counted as voice


def cut_at_quiet(samples: NDArray[np.float32], sample_rate: int, *, longest: float) -> Iterator[tuple[int, int]]:
    """Sample ranges that cover `samples`, shape ``(time,)``, none over `longest` seconds, cut where it is quietest."""
    energy = np.convolve(_energy(samples, sample_rate), np.ones(SMOOTH_FRAMES) / SMOOTH_FRAMES, mode="same")
    step = round(FRAME * sample_rate)
    yield from _cut(energy, 0, samples.size, step, round(longest * sample_rate), round(EDGE * sample_rate))


def _cut(
    energy: NDArray[np.float64], first: int, last: int, step: int, longest: int, edge: int
) -> Iterator[tuple[int, int]]:
    if last - first <= longest:
        yield first, last
        return
    low, high = (first + edge) // step, (last - edge) // step
    at = (low + int(np.argmin(energy[low:high]))) * step
    yield from _cut(energy, first, at, step, longest, edge)
    yield from _cut(energy, at, last, step, longest, edge)


def cut_clips(waveform: Waveform, clips: Sequence[Span], *, longest: float) -> tuple[Span, ...]:
    """The clips, those over `longest` seconds in pieces that follow each other, cut where it is quietest."""
    return tuple(piece for clip in clips for piece in _pieces(waveform, clip, longest))


def _pieces(waveform: Waveform, clip: Span, longest: float) -> Iterator[Span]:
    if clip.duration <= longest:
        yield clip
        return
    part = waveform.crop(clip)
    cuts = [first for first, _ in cut_at_quiet(part.samples[0], part.sample_rate, longest=longest)][1:]
    borders = [clip.start, *(part.start + first / part.sample_rate for first in cuts), clip.end]
    yield from (Span(start, end) for start, end in pairwise(borders))


def voiced_spans(samples: NDArray[np.float32], sample_rate: int) -> tuple[Span, ...]:
    """Where the voice is, seconds from the start of `samples`; the whole stretch if that cannot be told."""
    whole = Span(0.0, samples.size / sample_rate)
    level = 10 * np.log10(_energy(samples, sample_rate) + 1e-12)
    if not level.size:
        return (whole,)
    loud = level > np.percentile(level, 95) - BELOW_LOUD_DB
    borders = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]])))
    spans = [Span(start * FRAME, end * FRAME) for start, end in borders.reshape(-1, 2).tolist()]
    return merge_spans(spans, gap=BREATH) or (whole,)


def _energy(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """Mean square per frame."""
    step = round(FRAME * sample_rate)
    frames = samples[: samples.size // step * step].reshape(-1, step).astype(np.float64)
    mean_square: NDArray[np.float64] = np.mean(frames**2, axis=1)
    return mean_square
