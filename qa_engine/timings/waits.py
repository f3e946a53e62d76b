"""One sound of waiting, and waits that only the words tell: the manager asked to hold on, and then nobody spoke.

What the sound analysis takes for speech, but nobody's words were recognised in it, is music to the ear of the caller:
a tune that was not known for one, or its beginning. Where words are known they say when people stop and go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa_engine.domain.audio_event import AudioEvents, EventKind
from qa_engine.domain.spans import Span, invert_spans, merge_spans, subtract_spans, total_duration
from qa_engine.domain.timings import HoldKind
from qa_engine.domain.transcript import Role, Turn
from qa_engine.timings.answer import all_speech

__all__ = ["ASKED_HOLD", "Wait", "find_wordless_waits", "with_wordless_edges"]

WORD_STRAY = 0.4  # seconds by which recognised words may begin late or end early
PHRASE_GAP = 1.0  # seconds between words of one phrase
WORDLESS = 1.0  # seconds of voice without words that count; a breath or "mhm" is shorter
TOUCH = 0.5  # seconds between a tune and the voice without words that belongs to it
MOST_GROWN = 5.0  # seconds by which a tune may begin earlier or end later than it was heard
SLACK = 4.0  # seconds between the last word and the first sound of waiting; phone systems take one or two
ASKED_HOLD = 6.0  # seconds without talk that are a hold where the manager asked to wait
SOUNDING = 0.2  # share of a wait that must sound for it to be no silence


@dataclass(frozen=True, slots=True)
class Wait:
    """One sound of waiting."""

    span: Span
    kind: HoldKind
    source: str


def with_wordless_edges(wait: Wait, events: AudioEvents, turns: Sequence[Turn]) -> Wait:
    """A tune that begins and ends where the words of people do, as far as voice without words goes on beside it."""
    said = _said(turns)
    if not said or wait.kind is not HoldKind.MUSIC:
        return wait
    start, end = wait.span.start, wait.span.end
    for voice in _wordless(events, said):
        if voice.start < start <= voice.end + TOUCH:
            start = max(voice.start, wait.span.start - MOST_GROWN)
        if voice.start - TOUCH <= end < voice.end:
            end = min(voice.end, wait.span.end + MOST_GROWN)
    grown = Span(start, max(start, end))
    return wait if grown == wait.span else replace(wait, span=grown, source="audio+words")


def find_wordless_waits(events: AudioEvents, turns: Sequence[Turn], asked: Sequence[Span]) -> Iterator[Wait]:
    """Gaps between people's words, `asked` for right before, in which something sounds that nobody says."""
    said = _said(turns)
    if not said:
        return
    sounds = [*_wordless(events, said), *_played(events, turns)]
    for gap in invert_spans(said, Span(said[0].start, said[-1].end)):
        inside = merge_spans(Span(max(s.start, gap.start), min(s.end, gap.end)) for s in sounds if s.overlap(gap) > 0)
        is_asked = any(gap.start - SLACK <= cue.end <= gap.start + PHRASE_GAP for cue in asked)
        if not is_asked or total_duration(inside) < SOUNDING * gap.duration:
            continue
        span = _settled(gap, inside)
        if span.duration >= ASKED_HOLD:
            yield Wait(span, _kind(gap, events, turns), "audio+words")


def _settled(gap: Span, sounds: Sequence[Span]) -> Span:
    """The gap without the pause before its first sound and behind its last, where those are short."""
    first, last = sounds[0].start, sounds[-1].end
    return Span(
        first if first - gap.start <= SLACK else gap.start,
        last if gap.end - last <= SLACK else gap.end,
    )


def _kind(gap: Span, events: AudioEvents, turns: Sequence[Turn]) -> HoldKind:
    music = any(s.kind is EventKind.MUSIC and s.span.overlap(gap) > WORDLESS for s in events.sounds)
    machine = total_duration(Span(t.start, t.end) for t in turns if t.role is Role.IVR and t.span.overlap(gap) > 0)
    return HoldKind.ANNOUNCEMENT if machine and not music else HoldKind.MUSIC


def _said(turns: Sequence[Turn]) -> tuple[Span, ...]:
    """Where people's words are, () where nobody's are known."""
    words = (word for turn in turns if turn.role is not Role.IVR for word in turn.words)
    near = (Span(max(0.0, word.start - WORD_STRAY), max(word.start, word.end) + WORD_STRAY) for word in words)
    return merge_spans(near, gap=PHRASE_GAP)


def _wordless(events: AudioEvents, said: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(span for span in subtract_spans(all_speech(events), said) if span.duration >= WORDLESS)


def _played(events: AudioEvents, turns: Sequence[Turn]) -> list[Span]:
    """Music and announcements as they were found."""
    played = [s.span for s in events.sounds if s.kind in (EventKind.MUSIC, EventKind.ANNOUNCEMENT)]
    return played + [turn.span for turn in turns if turn.role is Role.IVR]
