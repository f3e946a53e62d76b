"""Speaker labels on words, by the diarizer's spans; utterances are split where the speaker changes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance, Word
from qa_engine.speech.protocols import SpeakerSpan

__all__ = ["assign_speakers"]

ISLAND = 0.3  # seconds; nobody takes the floor and gives it back in so short a word: the diarizer's border trembles
SENTENCE_ENDS = (".", "?", "!", "…")
SNAP_WORDS = 2  # interpolated word times are off by a word or two


def assign_speakers(utterances: Sequence[Utterance], speaker_spans: Sequence[SpeakerSpan]) -> tuple[Utterance, ...]:
    """Utterances split into runs of one speaker, each word labelled by the span it overlaps most (or lies nearest to).

    A single word shorter than 0.3 s between words of one other speaker is taken for a border error and goes to them.
    Where word times were interpolated, a change of speaker moves to the sentence end at most two words away.
    Without speaker spans the utterances come back as they are.
    """
    if not speaker_spans:
        return tuple(utterances)
    spans = sorted(speaker_spans, key=lambda span: span.start)
    starts = [span.start for span in spans]
    labelled = [run for utterance in utterances for run in _runs(utterance, spans, starts)]
    return tuple(sorted(labelled, key=lambda utterance: (utterance.start, utterance.end)))


def _runs(utterance: Utterance, spans: Sequence[SpeakerSpan], starts: Sequence[float]) -> Iterator[Utterance]:
    if not utterance.words:
        yield replace(utterance, speaker=_speaker_of(utterance.span, spans, starts))
        return
    labels = _smoothed(utterance.words, [_speaker_of(Span(w.start, w.end), spans, starts) for w in utterance.words])
    if any(word.interpolated for word in utterance.words):
        labels = _snapped(utterance.words, labels)
    pairs = zip(labels, utterance.words, strict=True)
    runs = [(label, tuple(word for _, word in group)) for label, group in groupby(pairs, key=lambda pair: pair[0])]
    for index, (label, words) in enumerate(runs):
        start = utterance.start if index == 0 else words[0].start
        end = utterance.end if index == len(runs) - 1 else words[-1].end
        yield replace(utterance, start=start, end=max(start, end), words=words, speaker=label)


def _speaker_of(place: Span, spans: Sequence[SpeakerSpan], starts: Sequence[float]) -> str:
    """Label with the largest overlap; without any, the label of the nearest span."""
    last = bisect_left(starts, place.end)
    near = spans[max(0, last - 8) : last + 1]  # spans are exclusive, so only the last few before the end can reach it
    overlaps: dict[str, float] = {}
    for span in near:
        overlaps[span.speaker] = overlaps.get(span.speaker, 0.0) + place.overlap(Span(span.start, span.end))
    best = max(overlaps, key=lambda label: overlaps[label])
    if overlaps[best] > 0:
        return best
    return min(near, key=lambda span: max(span.start - place.end, place.start - span.end)).speaker


def _smoothed(words: Sequence[Word], labels: Sequence[str]) -> list[str]:
    smooth = list(labels)
    for index in range(1, len(words) - 1):
        before, after = smooth[index - 1], smooth[index + 1]
        if before == after != smooth[index] and words[index].end - words[index].start < ISLAND:
            smooth[index] = before
    return smooth


def _snapped(words: Sequence[Word], labels: Sequence[str]) -> list[str]:
    """Labels with every change moved to the nearest sentence end within `SNAP_WORDS` words."""
    snapped = list(labels)
    ends = [index + 1 for index, word in enumerate(words) if word.text.endswith(SENTENCE_ENDS)]
    for change in [index for index in range(1, len(labels)) if labels[index] != labels[index - 1]]:
        near = [end for end in ends if abs(end - change) <= SNAP_WORDS and end < len(words)]
        if not near:
            continue
        target = min(near, key=lambda end: abs(end - change))
        for index in range(min(target, change), max(target, change)):
            snapped[index] = labels[change] if target < change else labels[change - 1]
    return snapped
