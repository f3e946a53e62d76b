"""All times of one call, from its sounds and its turns."""

from __future__ import annotations

from collections.abc import Sequence

from qa_engine.domain.audio_event import AudioEvents
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Hold, Timings, Transfer
from qa_engine.domain.transcript import Turn
from qa_engine.timings.answer import Answer
from qa_engine.timings.conversation import find_voices, measure_dead_air, measure_interruptions, measure_talk
from qa_engine.timings.cues import find_cues
from qa_engine.timings.holds import find_holds
from qa_engine.timings.transfers import find_transfers, mark_transfers

__all__ = ["measure_timings"]


def measure_timings(
    events: AudioEvents | None, turns: Sequence[Turn], answer: Answer, *, language: str, duration: float
) -> Timings:
    """Every time of the call, seconds from the start of the recording; `events` None: a transcript alone.

    Without sound there are no holds (``holds_measured`` False), and talk and pauses are those of the words.
    """
    answered_at = answer.answered_at or 0.0
    holds, transfers = _waiting(events, turns, language, answered_at)
    waiting = [hold.span for hold in holds]
    voices = find_voices(events, turns, answered_at)
    return Timings(
        duration=round(duration, 3),
        beginning=answer.beginning,
        ringing=answer.ringing,
        answered_at=answer.answered_at,
        holds=holds,
        holds_measured=events is not None,
        transfers=transfers,
        talk=measure_talk(voices, waiting) if voices else None,
        dead_air=measure_dead_air(voices, _machine_spans(events, waiting)) if voices else (),
        interruptions=measure_interruptions(voices) if voices else None,
    )


def _waiting(
    events: AudioEvents | None, turns: Sequence[Turn], language: str, answered_at: float
) -> tuple[tuple[Hold, ...], tuple[Transfer, ...]]:
    if events is None:
        return (), ()
    cues = find_cues(turns, language)
    holds = find_holds(events, turns, cues, answered_at)
    transfers = find_transfers(holds, turns, cues)
    return mark_transfers(holds, transfers), transfers


def _machine_spans(events: AudioEvents | None, waiting: Sequence[Span]) -> list[Span]:
    """Spans that are no dead air: holds, rings, tones and music; silence of the line is dead air like any other."""
    if events is None:
        return list(waiting)
    rings = [Span(ring.start, ring.end) for ring in events.ringbacks]
    sounds = [sound.span for sound in events.sounds if sound.kind != "silence"]
    return [*waiting, *rings, *sounds]
