"""All times of one call, from its sounds and its turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa_engine.domain.audio_event import AudioEvents
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Hold, Timings, Transfer
from qa_engine.domain.transcript import Role, Turn
from qa_engine.timings.answer import Answer
from qa_engine.timings.back_channels import without_back_channels
from qa_engine.timings.conversation import Voices, find_voices, measure_talk
from qa_engine.timings.courtesies import Listener
from qa_engine.timings.cues import cues_in
from qa_engine.timings.hand_over import hand_over, second_managers_part
from qa_engine.timings.hold_manners import judge_manners
from qa_engine.timings.holds import find_holds
from qa_engine.timings.interruptions import measure_interruptions, measure_overlaps
from qa_engine.timings.monologues import measure_monologues, measure_pace
from qa_engine.timings.pauses import measure_pauses
from qa_engine.timings.spoken import SpokenWords
from qa_engine.timings.transfers import find_transfers, mark_transfers

__all__ = ["measure_timings"]


def measure_timings(
    events: AudioEvents | None, turns: Sequence[Turn], answer: Answer, *, language: str, duration: float
) -> Timings:
    """Every time of the call, seconds from the start of the recording; `events` None: a transcript alone.

    Without sound there are no holds (``holds_measured`` False), and talk and pauses are those of the words. What the
    second manager of a call that was handed over says counts apart (`qa_engine.timings.hand_over`).
    """
    answered_at = answer.answered_at or 0.0
    spoken = SpokenWords(turns, language)
    voices = find_voices(events, turns, answered_at)
    holds, transfers = _waiting(events, Listener(spoken, voices), answer)
    times = Timings(
        duration=round(duration, 3),
        beginning=answer.beginning,
        ringing=answer.ringing,
        answered_at=answer.answered_at,
        holds=holds,
        holds_measured=events is not None,
        transfers=transfers,
    )
    if voices is None:
        return times
    handed = hand_over(turns, times.handed_over_at)
    if handed != tuple(turns):
        spoken, voices = SpokenWords(handed, language), find_voices(events, handed, answered_at) or voices
    return _with_talk(times, voices, spoken, events)


def _with_talk(times: Timings, voices: Voices, spoken: SpokenWords, events: AudioEvents | None) -> Timings:
    """The times with the figures of the conversation."""
    waiting = [hold.span for hold in times.holds]
    pauses = measure_pauses(voices, _machine_spans(events, waiting))
    people = voices.without(waiting)
    turns = without_back_channels(people, spoken)
    is_told = any(turn.role is Role.CUSTOMER or turn.role.of_company for turn in spoken.turns)
    return replace(
        times,
        talk=measure_talk(voices, waiting, second_managers_part(spoken.turns)) if is_told else None,
        dead_air=tuple(pause.span for pause in pauses if pause.is_dead_air),
        interruptions=measure_interruptions(turns),
        pauses=pauses,
        overlaps=measure_overlaps(turns),
        monologues=measure_monologues(people, turns, waiting),
        pace=measure_pace(people, spoken),
    )


def _waiting(
    events: AudioEvents | None, listener: Listener, answer: Answer
) -> tuple[tuple[Hold, ...], tuple[Transfer, ...]]:
    if events is None:
        return (), ()
    spoken, answered_at = listener.spoken, answer.answered_at or 0.0
    holds = find_holds(events, spoken.turns, cues_in(spoken), answer)
    called = [Span(ring.start, ring.end) for ring in events.ringbacks if ring.start >= answered_at]
    transfers = find_transfers(holds, listener, called)
    return judge_manners(mark_transfers(holds, transfers), listener, answered_at=answered_at), transfers


def _machine_spans(events: AudioEvents | None, waiting: Sequence[Span]) -> list[Span]:
    """Spans that are no dead air: holds, rings, tones and music; silence of the line is dead air like any other."""
    if events is None:
        return list(waiting)
    rings = [Span(ring.start, ring.end) for ring in events.ringbacks]
    sounds = [sound.span for sound in events.sounds if sound.kind != "silence"]
    return [*waiting, *rings, *sounds]
