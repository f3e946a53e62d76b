"""A long recording handed to a recogniser in stretches, so that little more than one block is ever in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform

__all__ = ["feed_clips"]


def feed_clips(blocks: Iterable[Waveform], clips: tuple[Span, ...]) -> Iterator[tuple[Waveform, tuple[Span, ...]]]:
    """Stretches of sound, each with the clips that lie wholly inside it.

    `blocks` follow each other without gaps; `clips` are sorted and disjoint, seconds of the recording. A clip across
    the border of two blocks is given with the second; one that runs past the end comes with the last stretch.
    """
    held: Waveform | None = None
    waiting = clips
    for block in blocks:
        held = block if held is None else _joined(held, block)
        ready = tuple(clip for clip in waiting if clip.end <= held.span.end)
        if ready:
            yield held, ready
        waiting = waiting[len(ready) :]
        still_needed = min(waiting[0].start, held.span.end) if waiting else held.span.end
        held = held.crop(Span(still_needed, held.span.end))
    if waiting and held is not None:
        yield held, waiting


def _joined(first: Waveform, second: Waveform) -> Waveform:
    return Waveform(np.concatenate([first.samples, second.samples], axis=1), first.sample_rate, first.start)
