"""Speaker spans put in order: exclusive, without flicker and phantom speakers, numbered by first appearance."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qa_engine.domain.spans import Span, merge_spans
from qa_engine.speech.protocols import SpeakerSpan

__all__ = ["tidy_speaker_spans"]

SAME_SPEAKER_GAP = 0.5  # seconds; a breath
FLICKER = 0.25  # seconds; shorter than any word: the border between two speakers trembling
PHANTOM = 1.0  # seconds in all; a person in a call says more than this, a cough or a click does not
RARE = 3.0  # seconds in all, for a third voice and later ones: a colleague after a transfer says more
GUESSED = 0.5  # confidence, at most, of a span that was given its neighbour's label


def tidy_speaker_spans(raw: Iterable[SpeakerSpan], speech: Sequence[Span]) -> tuple[SpeakerSpan, ...]:
    """Raw spans of any labels -> sorted, exclusive spans inside `speech`, times to 0.01 s, labels ``speaker 0`` ...

    Speakers heard for less than a second in all, and third ones for less than three, go to the neighbour in time.
    The time it takes grows as n log n with the number of spans.
    """
    spans = _exclusive(_joined(sorted(raw, key=_order)))
    spans = _joined(_without_flicker(spans))
    spans = _joined(_without_phantoms(spans))
    inside = [
        replace(span, start=round(float(span.start), 2), end=round(float(span.end), 2))
        for span in _inside(spans, merge_spans(speech))
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
            joined[-1] = replace(last, end=max(last.end, span.end), confidence=_shared_confidence(last, span))
        else:
            joined.append(span)
    return joined


def _shared_confidence(first: SpeakerSpan, second: SpeakerSpan) -> float | None:
    """That of two spans made one, by their seconds; None where neither has any."""
    known = [(one.confidence, one.end - one.start) for one in (first, second) if one.confidence is not None]
    seconds = sum(length for _, length in known)
    if not known or seconds <= 0:
        return first.confidence
    return round(sum(confidence * length for confidence, length in known) / seconds, 3)


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
                steady[index] = _given_to(max(near, key=lambda other: other.end - other.start), span)
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
    starts = [span.start for span in kept]
    return [span if span.speaker in real else _given_to(_nearest(span, kept, starts), span) for span in spans]


def _nearest(span: SpeakerSpan, others: Sequence[SpeakerSpan], starts: Sequence[float]) -> SpeakerSpan:
    """Of `others`, which are sorted and exclusive, the one before or the one after."""
    after = bisect_left(starts, span.start)
    around = others[max(0, after - 1) : after + 1]
    return min(around, key=lambda other: max(other.start - span.end, span.start - other.end))


def _given_to(neighbour: SpeakerSpan, span: SpeakerSpan) -> SpeakerSpan:
    confidence = None if span.confidence is None else min(span.confidence, GUESSED)
    return replace(span, speaker=neighbour.speaker, confidence=confidence)


def _inside(spans: Sequence[SpeakerSpan], speech: Sequence[Span]) -> Iterator[SpeakerSpan]:
    """The parts of the spans that lie in `speech` (sorted and disjoint)."""
    ends = [place.end for place in speech]
    for span in spans:
        at = bisect_right(ends, span.start)
        while at < len(speech) and speech[at].start < span.end:
            yield replace(span, start=max(span.start, speech[at].start), end=min(span.end, speech[at].end))
            at += 1


def _numbered(spans: Sequence[SpeakerSpan]) -> tuple[SpeakerSpan, ...]:
    ordered = sorted(spans, key=_order)
    numbers: dict[str, str] = {}
    for span in ordered:
        numbers.setdefault(span.speaker, f"speaker {len(numbers)}")
    return tuple(replace(span, speaker=numbers[span.speaker]) for span in ordered)
