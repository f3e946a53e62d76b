"""Speech without the long pauses: what a diarizer hears, and the way back to seconds of the recording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_engine.domain.spans import Span, merge_spans
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.sampling import resample

__all__ = ["SpeechTrack", "lay_track"]

KEPT_PAUSE = 1.0  # seconds; shorter pauses stay as they were recorded, longer ones (holds, music) become this long
PAUSE = 0.5  # seconds of digital silence where something was left out


@dataclass(frozen=True, slots=True, eq=False)
class SpeechTrack:
    """Samples of shape ``(time,)`` at `sample_rate` Hz; `pieces`: (start in the track, span of the recording)."""

    samples: NDArray[np.float32]
    sample_rate: int
    pieces: tuple[tuple[float, Span], ...]

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.samples.size / self.sample_rate

    def locate(self, start: float, end: float) -> Iterator[Span]:
        """The parts of the recording that `start` .. `end` of the track were taken from."""
        for at, span in self.pieces:
            first, last = max(start, at), min(end, at + span.duration)
            if first < last:
                yield Span(span.start + first - at, span.start + last - at)


def lay_track(waveform: Waveform, spans: Sequence[Span], *, sample_rate: int) -> SpeechTrack:
    """The speech of a mono mix of `waveform`, with pauses longer than 1 s cut down to half a second."""
    gap = np.zeros(round(PAUSE * sample_rate), dtype=np.float32)
    parts: list[NDArray[np.float32]] = []
    pieces: list[tuple[float, Span]] = []
    length = 0
    for span in merge_spans(spans, gap=KEPT_PAUSE):
        part = waveform.crop(span)
        samples = resample(part, sample_rate)
        pieces.append((length / sample_rate, Span(part.start, part.start + samples.size / sample_rate)))
        parts += [samples, gap]
        length += samples.size + gap.size
    return SpeechTrack(np.concatenate(parts) if parts else gap[:0], sample_rate, tuple(pieces))
