"""Sound in memory: float32 samples per channel with a rate and a place in the recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_engine.domain.spans import Span

__all__ = ["Waveform"]


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """Samples of shape ``(channel, time)``, float32 in -1..1, at `sample_rate` Hz, beginning at `start` seconds."""

    samples: NDArray[np.float32]
    sample_rate: int
    start: float = 0.0

    def __post_init__(self) -> None:
        if self.samples.ndim != 2:
            raise ValueError(f"a waveform has the shape (channel, time), not {self.samples.shape}")

    @property
    def num_channels(self) -> int:
        """Number of channels."""
        return int(self.samples.shape[0])

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return int(self.samples.shape[1]) / self.sample_rate

    @property
    def span(self) -> Span:
        """Its place in the recording."""
        return Span(self.start, self.start + self.duration)

    def channel(self, index: int) -> Waveform:
        """One channel, shape ``(1, time)``."""
        return Waveform(self.samples[index : index + 1], self.sample_rate, self.start)

    def mix(self) -> Waveform:
        """All channels averaged into one, shape ``(1, time)``."""
        if self.num_channels == 1:
            return self
        return Waveform(self.samples.mean(axis=0, keepdims=True, dtype=np.float32), self.sample_rate, self.start)

    def crop(self, span: Span) -> Waveform:
        """The part inside `span` (seconds of the recording), a view where possible."""
        first = max(0, round((span.start - self.start) * self.sample_rate))
        last = max(first, round((span.end - self.start) * self.sample_rate))
        return Waveform(self.samples[:, first:last], self.sample_rate, self.start + first / self.sample_rate)
