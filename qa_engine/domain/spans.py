"""Spans of time in seconds and their algebra; everything that has a start and an end is built on them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Span", "intersect_spans", "invert_spans", "merge_spans", "subtract_spans", "total_duration"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time, seconds from the start of the recording; `end` is never before `start`."""

    start: float
    end: float

    def __post_init__(self) -> None:
        if not self.start <= self.end:  # also refuses NaN
            raise ValueError(f"a span must not end before it starts: {self.start} .. {self.end}")

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    @property
    def middle(self) -> float:
        """The second in the middle."""
        return (self.start + self.end) / 2

    def overlap(self, other: Span) -> float:
        """Seconds that both have in common (0 if none)."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def contains(self, second: float) -> bool:
        """Whether `start <= second < end`."""
        return self.start <= second < self.end

    def grow(self, seconds: float) -> Span:
        """The span with `seconds` more at either side, never below 0."""
        return Span(max(0.0, self.start - seconds), max(self.end + seconds, self.start - seconds, 0.0))


def merge_spans(spans: Iterable[Span], *, gap: float = 0.0) -> tuple[Span, ...]:
    """Sorted, disjoint spans; those at most `gap` seconds apart become one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start - merged[-1].end <= gap:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def intersect_spans(first: Iterable[Span], second: Iterable[Span]) -> tuple[Span, ...]:
    """What is in both, as sorted disjoint spans of more than zero length."""
    a, b = merge_spans(first), merge_spans(second)
    i = j = 0
    common: list[Span] = []
    while i < len(a) and j < len(b):
        start, end = max(a[i].start, b[j].start), min(a[i].end, b[j].end)
        if start < end:
            common.append(Span(start, end))
        if a[i].end < b[j].end:
            i += 1
        else:
            j += 1
    return tuple(common)


def invert_spans(spans: Iterable[Span], within: Span) -> tuple[Span, ...]:
    """What is in `within` and in none of `spans`, of more than zero length."""
    gaps: list[Span] = []
    cursor = within.start
    for span in merge_spans(spans):
        if span.start > cursor and cursor < within.end:
            gaps.append(Span(cursor, min(span.start, within.end)))
        cursor = max(cursor, span.end)
    if cursor < within.end:
        gaps.append(Span(cursor, within.end))
    return tuple(gaps)


def subtract_spans(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What is in `spans` and in none of `taken`."""
    taken = merge_spans(taken)

    def near(span: Span) -> tuple[Span, ...]:
        first = bisect_left(taken, span.start, key=lambda other: other.end)
        return taken[first : bisect_right(taken, span.end, lo=first, key=lambda other: other.start)]

    return tuple(rest for span in merge_spans(spans) for rest in invert_spans(near(span), span))


def total_duration(spans: Iterable[Span]) -> float:
    """Seconds covered; overlapping spans count once."""
    return sum(span.duration for span in merge_spans(spans))
