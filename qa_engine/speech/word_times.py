"""Times for words that came without: shared out by letters, and always marked as such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa_engine.domain.spans import Span, total_duration
from qa_engine.domain.transcript import Word

__all__ = ["spread_over_voice", "spread_words"]


def spread_words(text: str, place: Span) -> tuple[Word, ...]:
    """The words of `text` over `place`, each as long as its letters' share (and a space), marked `interpolated`."""
    texts = text.split()
    total = sum(len(word) + 1 for word in texts)
    words: list[Word] = []
    done = 0
    for word in texts:
        start, done = done, done + len(word) + 1
        first, last = (round(place.start + place.duration * at / total, 3) for at in (start, done))
        words.append(Word(word, first, last, interpolated=True))
    return tuple(words)


def spread_over_voice(text: str, voiced: Sequence[Span]) -> tuple[Word, ...]:
    """As `spread_words`, over sorted stretches of voice: pauses between them are nobody's word."""
    flat = spread_words(text, Span(0.0, total_duration(voiced)))
    return tuple(
        replace(word, start=_at(word.start, voiced, is_end=False), end=_at(word.end, voiced, is_end=True))
        for word in flat
    )


def _at(voice_second: float, voiced: Sequence[Span], *, is_end: bool) -> float:
    """The second at which so much voice was heard; a border belongs to the stretch before it for an end."""
    left = voice_second
    for span in voiced:
        if left < span.duration or (is_end and left <= span.duration + 0.001):
            return round(min(span.start + left, span.end), 3)
        left -= span.duration
    return round(voiced[-1].end, 3)
