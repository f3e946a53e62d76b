"""How loud each channel is at any time: which of two copies of the same words is the weaker one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.frames import decibels
from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform

__all__ = ["Loudness", "measure_loudness"]

STEP = 0.02  # seconds; shorter than the shortest word


@dataclass(frozen=True, slots=True)
class Loudness:
    """Mean square of every 20 ms, full scale 1, shape ``(channel, step)``."""

    power: NDArray[np.float32]

    def level_db(self, channel: int, span: Span) -> float:
        """The mean level of a channel in a span, dB relative to full scale, -120 for nothing."""
        first = min(int(span.start / STEP), self.power.shape[1])
        after = max(int(np.ceil(span.end / STEP)), first + 1)
        part = self.power[channel, first:after]
        return float(decibels(np.asarray(part.mean() if part.size else 0.0, dtype=np.float32)))


def measure_loudness(blocks: Iterable[Waveform]) -> Loudness:
    """The loudness of blocks that follow each other, of one rate; raises ValueError where there are none."""
    parts: list[NDArray[np.float32]] = []
    rest: NDArray[np.float32] | None = None
    for block in blocks:
        step = round(STEP * block.sample_rate)
        samples = block.samples if rest is None else np.concatenate([rest, block.samples], axis=1)
        whole = samples.shape[1] // step * step
        framed = samples[:, :whole].reshape(samples.shape[0], -1, step)
        parts.append(np.mean(np.square(framed, dtype=np.float32), axis=2, dtype=np.float32))
        rest = samples[:, whole:]
    if not parts:
        raise ValueError("no sound to measure the loudness of")
    return Loudness(np.concatenate(parts, axis=1))
