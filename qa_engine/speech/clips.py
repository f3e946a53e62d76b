"""What to hand to a recogniser: stretches of speech, none of them too long, too short, or with music in it."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa_engine.domain.spans import Span, intersect_spans, merge_spans, subtract_spans

__all__ = ["MAX_CLIP", "MIN_SPEECH", "plan_clips"]

JOIN_GAP = 0.6  # seconds; a pause inside a sentence is shorter, and a whole sentence is recognised better
PADDING = 0.15  # seconds; voice activity starts late on soft onsets ("h", "f") and stops early on final consonants
MAX_CLIP = 28.0  # seconds; Whisper's window is 30 s (openai/whisper audio.py, CHUNK_LENGTH), with room for the padding
MIN_SPEECH = 0.2  # seconds; the shortest word by itself ("да", "yes") is longer, and recognisers invent words on clicks


def plan_clips(speech: Sequence[Span], not_speech: Sequence[Span], *, duration: float) -> tuple[Span, ...]:
    """Clips to recognise in a recording of `duration` seconds: sorted, disjoint, each 0.2 .. 28 s.

    `speech` is where a voice is active; `not_speech` (rings, music, silence) is never touched, not even by padding.
    """
    barred = merge_spans(not_speech)
    heard = subtract_spans(intersect_spans(speech, (Span(0.0, duration),)), barred)
    groups = [group for group in _joined(heard, barred) if group[-1].end - group[0].start >= MIN_SPEECH]
    cores = [piece for group in groups for piece in _cut(group)]
    free = subtract_spans((Span(0.0, duration),), barred)
    return tuple(clip for clip in _padded(cores, free) if clip.duration >= MIN_SPEECH)


def _joined(spans: Sequence[Span], barred: Sequence[Span]) -> Iterator[list[Span]]:
    """Groups of spans at most `JOIN_GAP` apart with nothing barred between them."""
    group: list[Span] = []
    for span in spans:
        if group and not _belong_together(group[-1], span, barred):
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _belong_together(left: Span, right: Span, barred: Sequence[Span]) -> bool:
    """`barred` is sorted and disjoint."""
    gap = Span(left.end, right.start)
    at = bisect_left(barred, gap.start, key=lambda span: span.end)
    return gap.duration < JOIN_GAP and not (at < len(barred) and barred[at].start <= gap.end)


def _cut(group: list[Span]) -> Iterator[Span]:
    """The group as one span, or in pieces of at most `MAX_CLIP` with room for padding, cut at the longest pause."""
    whole, limit = Span(group[0].start, group[-1].end), MAX_CLIP - 2 * PADDING
    if whole.duration <= limit:
        yield whole
    elif len(group) == 1:
        yield from _even_pieces(whole, limit)
    else:
        at = max(range(1, len(group)), key=lambda index: group[index].start - group[index - 1].end)
        yield from _cut(group[:at])
        yield from _cut(group[at:])


def _even_pieces(span: Span, limit: float) -> Iterator[Span]:
    count = math.ceil(span.duration / limit)
    borders = [span.start + span.duration * index / count for index in range(count)] + [span.end]
    yield from (Span(start, end) for start, end in pairwise(borders))


def _padded(cores: Sequence[Span], free: Sequence[Span]) -> Iterator[Span]:
    """Every core grown by `PADDING`, at most half-way to its neighbour, inside the free stretch it lies in."""
    for index, core in enumerate(cores):
        room = free[bisect_right(free, core.start, key=lambda span: span.start) - 1]
        before = (cores[index - 1].end + core.start) / 2 if index else 0.0
        after = (core.end + cores[index + 1].start) / 2 if index + 1 < len(cores) else math.inf
        yield Span(max(core.start - PADDING, before, room.start), min(core.end + PADDING, after, room.end))
