"""Holds: how long the customer was left waiting after the answer, with what in his ear.

Music, a second ringing, a machine's announcement; and silence, which is a hold only where the line itself goes silent
for long or the manager asked to wait. Every other pause is dead air (TELEPHONY 4.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qa_engine.domain.audio_event import AudioEvents, EventKind, Ringback
from qa_engine.domain.spans import Span, invert_spans, merge_spans, subtract_spans
from qa_engine.domain.timings import Hold, HoldKind
from qa_engine.domain.transcript import Role, Turn
from qa_engine.timings.answer import all_speech, ringing_before_answer
from qa_engine.timings.cues import Cues

__all__ = ["find_holds"]

SILENT_HOLD = 10.0  # seconds without any signal that are a hold by themselves
ASKED_HOLD = 6.0  # seconds of pause that are a hold where the manager asked to wait
ASKED_BEFORE = 8.0  # seconds: the asking ends at most so long before the pause begins
JOIN_GAP = 3.0  # seconds between two sounds of waiting that are still one hold
TUNE_GAP = 12.0  # the same where nobody speaks: a pause between two tunes
ANNOUNCEMENT = 2.0  # seconds; shorter machine turns are a word taken wrongly
EDGE = 0.5  # seconds by which a sound may begin before the answer and still be after it


@dataclass(frozen=True, slots=True)
class _Wait:
    """One sound of waiting."""

    span: Span
    kind: HoldKind
    source: str


def find_holds(events: AudioEvents, turns: Sequence[Turn], cues: Cues, answered_at: float) -> tuple[Hold, ...]:
    """Holds after `answered_at` in time order; `during_transfer` is left False (see `transfers`)."""
    waits = [*_musics(events), *_ringings(events), *_silences(events, cues), *_announcements(turns)]
    after = [wait for wait in waits if wait.span.start >= answered_at - EDGE and wait.span.duration > 0]
    talk = _talk(events, turns, cues)
    return tuple(_hold(wait) for wait in _join(sorted(after, key=lambda each: each.span), talk))


def _hold(wait: _Wait) -> Hold:
    return Hold(
        round(wait.span.start, 3), round(wait.span.end, 3), wait.kind, during_transfer=False, source=wait.source
    )


def _musics(events: AudioEvents) -> Iterable[_Wait]:
    spans = [sound.span for sound in events.sounds if sound.kind is EventKind.MUSIC]
    return (_Wait(span, HoldKind.MUSIC, "audio") for span in merge_spans(spans))


def _ringings(events: AudioEvents) -> Iterable[_Wait]:
    """Ringing that is not the one before the answer: the customer waits for somebody else."""
    first = ringing_before_answer(events)
    speech = all_speech(events)
    later = [ring for ring in events.ringbacks if ring not in first]
    return (_Wait(Span(ring.start, _end_of_ringing(ring, speech)), HoldKind.TONE, "audio") for ring in later)


def _end_of_ringing(ring: Ringback, speech: Sequence[Span]) -> float:
    """When somebody answers it: where the line opens, or speech begins, or the next tone would have come."""
    if ring.cut or ring.opened is not None:
        return max(ring.end, ring.opened or ring.end)
    next_tone = max(ring.end, ring.end - ring.on + ring.cycle)
    return max(ring.end, min([next_tone, *(span.start for span in speech if span.start >= ring.end)]))


def _silences(events: AudioEvents, cues: Cues) -> Iterable[_Wait]:
    """Silence of the line for long, and pauses that the manager announced."""
    speech = all_speech(events)
    if not speech:
        return
    talk = Span(speech[0].start, speech[-1].end)
    silences = [s.span for s in events.sounds if s.kind is EventKind.SILENCE and s.end <= talk.end + EDGE]
    for silence in silences:
        if silence.duration >= SILENT_HOLD:
            yield _Wait(silence, HoldKind.SILENCE, "audio+words" if _asked(silence, cues) else "audio")
    others = merge_spans(events.not_speech)
    for pause in invert_spans([*speech, *others], talk):
        whole = _with_silence(pause, silences)
        silent = max((silence for silence in silences if silence.overlap(whole)), key=_length, default=None)
        if silent is not None and silent.duration >= ASKED_HOLD:
            whole = silent  # the line itself says when it began and ended
        if whole.duration >= ASKED_HOLD and _asked(whole, cues):
            yield _Wait(whole, HoldKind.SILENCE, "audio+words")


def _length(span: Span) -> float:
    return span.duration


def _with_silence(pause: Span, silences: Sequence[Span]) -> Span:
    """A pause with the silences of the line that touch it."""
    touching = [
        silence for silence in silences if silence.start <= pause.end + EDGE and silence.end >= pause.start - EDGE
    ]
    return Span(min([pause.start, *(s.start for s in touching)]), max([pause.end, *(s.end for s in touching)]))


def _asked(pause: Span, cues: Cues) -> bool:
    """Whether the manager asked to wait, or announced a transfer, shortly before the pause."""
    return any(pause.start - ASKED_BEFORE <= cue.end <= pause.start + 1.0 for cue in (*cues.wait, *cues.transfer))


def _announcements(turns: Sequence[Turn]) -> Iterable[_Wait]:
    machine = [turn.span for turn in turns if turn.role is Role.IVR]
    return (
        _Wait(s, HoldKind.ANNOUNCEMENT, "words") for s in merge_spans(machine, gap=1.0) if s.duration >= ANNOUNCEMENT
    )


def _talk(events: AudioEvents, turns: Sequence[Turn], cues: Cues) -> tuple[Span, ...]:
    """Speech that ends a wait: not that of machines."""
    machine = [turn.span for turn in turns if turn.role is Role.IVR] + list(cues.machine)
    return tuple(span for span in subtract_spans(all_speech(events), machine) if span.duration >= 0.3)


def _join(waits: Sequence[_Wait], talk: Sequence[Span]) -> list[_Wait]:
    """Waits that follow each other with no talk between are one hold, of the kind of its longest part."""
    joined: list[_Wait] = []
    longest = 0.0
    for wait in waits:
        if joined and _belong_together(joined[-1].span, wait.span, talk):
            last = joined[-1]
            kind = wait.kind if wait.span.duration > longest else last.kind
            span = Span(last.span.start, max(last.span.end, wait.span.end))
            joined[-1] = replace(last, span=span, kind=kind, source=_sources(last.source, wait.source))
            longest = max(longest, wait.span.duration)
        else:
            joined.append(wait)
            longest = wait.span.duration
    return joined


def _belong_together(one: Span, two: Span, talk: Sequence[Span]) -> bool:
    if two.start <= one.end:
        return True
    between = Span(one.end, two.start)
    spoken = sum(between.overlap(span) for span in talk)
    return between.duration <= (JOIN_GAP if spoken else TUNE_GAP) and spoken <= 0.3


def _sources(one: str, two: str) -> str:
    return "+".join(sorted({*one.split("+"), *two.split("+")}))
