"""Who talks how much: talk per role, overlap, silence, dead air, interruptions.

With one party per channel the speech sounds decide. In a mono mix the sounds say when somebody speaks and the turns
who; overlap and interruptions cannot be told then (TELEPHONY 5). Words alone are used only where there is no sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation
from qa_engine.domain.spans import Span, intersect_spans, invert_spans, merge_spans, subtract_spans, total_duration
from qa_engine.domain.timings import Interruptions, Talk
from qa_engine.domain.transcript import Role, Turn

__all__ = ["Voices", "find_voices", "measure_dead_air", "measure_interruptions", "measure_talk"]

DEAD_AIR = 5.0  # seconds nobody speaks (TELEPHONY 5: >= 5 s is dead air; Google counts silence above 5 s)
OVERLAP = 0.5  # seconds both speak before it is an interruption (TELEPHONY 5)
STOPS_WITHIN = 2.0  # seconds after which the interrupted party has stopped
BACK_CHANNEL = 1.0  # seconds; shorter interjections ("угу", "uh-huh") interrupt nobody
HEAD_START = 0.3  # seconds the interrupted party must have been speaking
WORD_GAP = 0.6  # seconds between words that are still one stretch of speech


@dataclass(frozen=True, slots=True)
class Voices:
    """Speech after the answer per role; `anybody` is that of all, machines too. `exact`: one channel per party."""

    manager: tuple[Span, ...]
    customer: tuple[Span, ...]
    anybody: tuple[Span, ...]
    exact: bool
    source: str


def find_voices(events: AudioEvents | None, turns: Sequence[Turn], answered_at: float) -> Voices | None:
    """Who speaks when after the answer; None where nothing says it (no sound and no turns)."""
    by_words = {role: _spoken(turns, role, answered_at) for role in (Role.MANAGER, Role.CUSTOMER, Role.IVR)}
    if events is None:
        every = merge_spans(_spoken(turns, None, answered_at))
        return _voices(by_words, every, source="words") if every else None
    sounds = [_after(activity.speech, answered_at) for activity in events.activity]
    anybody = merge_spans(span for spans in sounds for span in spans)
    if events.relation is ChannelRelation.DISTINCT and len(sounds) == 2:
        side = _manager_side(events.activity, turns)
        if side is not None:
            machine = by_words[Role.IVR]
            manager, customer = (subtract_spans(sounds[i], machine) for i in (side, 1 - side))
            return Voices(manager, customer, anybody, exact=True, source="audio")
    heard = {role: intersect_spans(spans, anybody) for role, spans in by_words.items()}
    return _voices(heard, anybody, source="audio+words")


def measure_talk(voices: Voices, waiting: Sequence[Span]) -> Talk:
    """Seconds per role; `waiting` (holds, ringing) is left out of all of them."""
    manager, customer = (subtract_spans(spans, waiting) for spans in (voices.manager, voices.customer))
    return Talk(
        manager=round(total_duration(manager), 3),
        customer=round(total_duration(customer), 3),
        overlap=round(total_duration(intersect_spans(manager, customer)), 3),
        silence=round(total_duration(subtract_spans(_pauses(voices), waiting)), 3),
        estimate=not voices.exact,
        source=voices.source,
    )


def measure_dead_air(voices: Voices, waiting: Sequence[Span]) -> tuple[Span, ...]:
    """Pauses of more than 5 s between the first and the last speech in which nobody waits for a reason."""
    return tuple(
        Span(round(pause.start, 3), round(pause.end, 3))
        for pause in subtract_spans(_pauses(voices), waiting)
        if pause.duration > DEAD_AIR
    )


def measure_interruptions(voices: Voices) -> Interruptions:
    """How often each party cut the other short; not measured in a mix of both."""
    if not voices.exact:
        return Interruptions(by_manager=0, by_customer=0, measured=False)
    return Interruptions(
        by_manager=_count(voices.manager, voices.customer),
        by_customer=_count(voices.customer, voices.manager),
    )


def _count(breaking_in: Sequence[Span], speaking: Sequence[Span]) -> int:
    return sum(any(_interrupts(each, victim) for victim in speaking) for each in breaking_in)


def _interrupts(each: Span, victim: Span) -> bool:
    """Whether `each` begins inside `victim`, both go on for half a second, and the victim gives way."""
    begins_inside = victim.start + HEAD_START <= each.start < victim.end
    both = min(each.end, victim.end) - each.start
    gives_way = victim.end < each.end and victim.end - each.start <= STOPS_WITHIN
    return begins_inside and both >= OVERLAP and gives_way and each.duration >= BACK_CHANNEL


def _voices(by_role: dict[Role, tuple[Span, ...]], anybody: tuple[Span, ...], *, source: str) -> Voices:
    return Voices(by_role[Role.MANAGER], by_role[Role.CUSTOMER], anybody, exact=False, source=source)


def _pauses(voices: Voices) -> tuple[Span, ...]:
    if not voices.anybody:
        return ()
    return invert_spans(voices.anybody, Span(voices.anybody[0].start, voices.anybody[-1].end))


def _spoken(turns: Sequence[Turn], role: Role | None, after: float) -> tuple[Span, ...]:
    """Stretches of words of one role (None: of anybody)."""
    words = (word for turn in turns if role is None or turn.role is role for word in turn.words)
    return _after(merge_spans((Span(w.start, max(w.start, w.end)) for w in words), gap=WORD_GAP), after)


def _after(spans: Sequence[Span], second: float) -> tuple[Span, ...]:
    return tuple(Span(max(span.start, second), span.end) for span in spans if span.end > second)


def _manager_side(activity: Sequence[Activity], turns: Sequence[Turn]) -> int | None:
    """Which of two activities is the manager's: where his words sound, not the customer's; None without words."""
    leaning = 0.0
    for role, sign in ((Role.MANAGER, 1), (Role.CUSTOMER, -1)):
        spans = _spoken(turns, role, 0.0)
        here, there = (total_duration(intersect_spans(spans, each.speech)) for each in activity)
        leaning += sign * (here - there)
    if leaning == 0.0:
        return None
    return 0 if leaning > 0 else 1
