"""Speaker spans put in order: exclusive, without flicker and phantom speakers, numbered by first appearance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa_engine.domain.spans import Span, intersect_spans
from qa_engine.speech.protocols import SpeakerSpan

__all__ = ["tidy_speaker_spans"]

SAME_SPEAKER_GAP = 0.5  # seconds; a breath
FLICKER = 0.25  # seconds; shorter than any word: the border between two speakers trembling
PHANTOM = 1.0  # seconds in all; a person in a call says more than this, a cough or a click does not
RARE = 3.0  # seconds in all, for a third voice and later ones: a colleague after a transfer says more


def tidy_speaker_spans(raw: Iterable[SpeakerSpan], speech: Sequence[Span]) -> tuple[SpeakerSpan, ...]:
    """Raw spans of any labels -> sorted, exclusive spans inside `speech`, times to 0.01 s, labels ``speaker 0`` ...

    Speakers heard for less than a second in all, and third ones for less than three, go to the neighbour in time.
    """
    spans = _exclusive(_joined(sorted(raw, key=_order)))
    spans = _joined(_without_flicker(spans))
    spans = _joined(_without_phantoms(spans))
    inside = [
        replace(span, start=round(float(part.start), 2), end=round(float(part.end), 2))
        for span in spans
        for part in intersect_spans([Span(span.start, span.end)], speech)
    ]
    return _numbered([span for span in inside if span.start < span.end])


def _order(span: SpeakerSpan) -> tuple[float, float, str]:
    return (span.start, -span.end, span.speaker)


def _joined(spans: Iterable[SpeakerSpan]) -> list[SpeakerSpan]:
    """Spans of one speaker that follow each other with less than a breath between become one."""
    joined: list[SpeakerSpan] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last is not None and last.speaker == span.speaker and span.start - last.end <= SAME_SPEAKER_GAP:
            joined[-1] = replace(last, end=max(last.end, span.end))
        else:
            joined.append(span)
    return joined


def _exclusive(spans: Sequence[SpeakerSpan]) -> list[SpeakerSpan]:
    """No overlap: a span inside another is dropped (a back-channel), a partial overlap is cut in the middle."""
    exclusive: list[SpeakerSpan] = []
    for span in spans:
        last = exclusive[-1] if exclusive else None
        if last is None or span.start >= last.end:
            exclusive.append(span)
        elif span.end > last.end:
            middle = (span.start + last.end) / 2
            exclusive[-1] = replace(last, end=middle)
            exclusive.append(replace(span, start=middle))
    return exclusive


def _without_flicker(spans: Sequence[SpeakerSpan]) -> list[SpeakerSpan]:
    """Very short spans that touch another one take its speaker."""
    steady = list(spans)
    for index, span in enumerate(steady):
        if span.end - span.start < FLICKER:
            near = [
                other for other in steady[max(0, index - 1) : index + 2] if other is not span and _touch(span, other)
            ]
            if near:
                steady[index] = replace(span, speaker=max(near, key=lambda other: other.end - other.start).speaker)
    return steady


def _touch(span: SpeakerSpan, other: SpeakerSpan) -> bool:
    return max(span.start, other.start) - min(span.end, other.end) < FLICKER


def _without_phantoms(spans: Sequence[SpeakerSpan]) -> list[SpeakerSpan]:
    totals: dict[str, float] = {}
    for span in spans:
        totals[span.speaker] = totals.get(span.speaker, 0.0) + span.end - span.start
    ranked = sorted(totals, key=lambda label: -totals[label])
    real = {
        label for rank, label in enumerate(ranked) if rank == 0 or totals[label] >= (PHANTOM if rank == 1 else RARE)
    }
    kept = [span for span in spans if span.speaker in real]
    return [span if span.speaker in real else replace(span, speaker=_nearest(span, kept)) for span in spans]


def _nearest(span: SpeakerSpan, others: Sequence[SpeakerSpan]) -> str:
    return min(others, key=lambda other: max(other.start - span.end, span.start - other.end)).speaker


def _numbered(spans: Sequence[SpeakerSpan]) -> tuple[SpeakerSpan, ...]:
    ordered = sorted(spans, key=_order)
    numbers: dict[str, str] = {}
    for span in ordered:
        numbers.setdefault(span.speaker, f"speaker {len(numbers)}")
    return tuple(replace(span, speaker=numbers[span.speaker]) for span in ordered)
