"""Who talks when and how much: speech per role, overlap, silence.

With one party per channel the speech sounds decide. In a mono mix the sounds say when somebody speaks and the turns
who; overlap cannot be told then (TELEPHONY 5). Words alone are used only where there is no sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation
from qa_engine.domain.conversation import Talk
from qa_engine.domain.spans import Span, intersect_spans, invert_spans, merge_spans, subtract_spans, total_duration
from qa_engine.domain.transcript import Role, Turn
from qa_engine.timings.hand_over import second_managers_part

__all__ = ["WORD_GAP", "Voices", "find_voices", "measure_talk", "said_spans"]

WORD_GAP = 0.6  # seconds between words that are still one stretch of speech


@dataclass(frozen=True, slots=True)
class Voices:
    """Speech after the answer per role; `anybody` is that of all, machines too. `exact`: one channel per party.

    `second_manager` speaks after the call was handed over.
    """

    manager: tuple[Span, ...]
    customer: tuple[Span, ...]
    anybody: tuple[Span, ...]
    exact: bool
    source: str
    second_manager: tuple[Span, ...] = ()

    @property
    def company(self) -> tuple[Span, ...]:
        """The speech of the company's side, whoever had the call."""
        return merge_spans([*self.manager, *self.second_manager]) if self.second_manager else self.manager

    def of(self, role: Role) -> tuple[Span, ...]:
        """The speech of a manager or the customer."""
        if role is Role.SECOND_MANAGER:
            return self.second_manager
        return self.manager if role is Role.MANAGER else self.customer

    def without(self, waiting: Sequence[Span]) -> Voices:
        """The same with nobody's speech during `waiting`."""
        manager, customer, anybody, second = (
            subtract_spans(spans, waiting) for spans in (self.manager, self.customer, self.anybody, self.second_manager)
        )
        return replace(self, manager=manager, customer=customer, anybody=anybody, second_manager=second)

    def silences(self) -> tuple[Span, ...]:
        """Between the first and the last speech: where nobody speaks."""
        if not self.anybody:
            return ()
        return invert_spans(self.anybody, Span(self.anybody[0].start, self.anybody[-1].end))


def find_voices(events: AudioEvents | None, turns: Sequence[Turn], answered_at: float) -> Voices | None:
    """Who speaks when after the answer; None where nothing says it (no sound and no turns)."""
    by_words = {role: said_spans(turns, role, answered_at) for role in Role}
    if events is None:
        every = merge_spans(said_spans(turns, None, answered_at))
        return _voices(by_words, every, source="words") if every else None
    sounds = [_after(activity.speech, answered_at) for activity in events.activity]
    anybody = merge_spans(span for spans in sounds for span in spans)
    if events.relation is ChannelRelation.DISTINCT and len(sounds) == 2:
        side = _manager_side(events.activity, turns)
        if side is not None:
            machine = by_words[Role.IVR]
            company, customer = (subtract_spans(sounds[i], machine) for i in (side, 1 - side))
            later = second_managers_part(turns)
            manager, second = subtract_spans(company, later), intersect_spans(company, later)
            return Voices(manager, customer, anybody, exact=True, source="audio", second_manager=second)
    heard = {role: intersect_spans(spans, anybody) for role, spans in by_words.items()}
    return _voices(heard, anybody, source="audio+words")


def measure_talk(voices: Voices, waiting: Sequence[Span], later: Sequence[Span] = ()) -> Talk:
    """Seconds per role; `waiting` (holds, ringing) is left out of all of them; `later`: the second manager's part."""
    people = voices.without(waiting)
    to_second = intersect_spans(people.customer, later)
    return Talk(
        manager=round(total_duration(people.manager), 3),
        customer=round(total_duration(people.customer), 3),
        overlap=round(total_duration(intersect_spans(people.company, people.customer)), 3),
        silence=round(total_duration(subtract_spans(voices.silences(), waiting)), 3),
        estimate=not voices.exact,
        source=voices.source,
        second_manager=round(total_duration(people.second_manager), 3),
        customer_to_second=round(total_duration(to_second), 3),
    )


def _voices(by_role: dict[Role, tuple[Span, ...]], anybody: tuple[Span, ...], *, source: str) -> Voices:
    manager, customer, second = (by_role[role] for role in (Role.MANAGER, Role.CUSTOMER, Role.SECOND_MANAGER))
    return Voices(manager, customer, anybody, exact=False, source=source, second_manager=second)


def said_spans(turns: Sequence[Turn], role: Role | None, after: float) -> tuple[Span, ...]:
    """Stretches of words of one role (None: of anybody) after a second."""
    words = (word for turn in turns if role is None or turn.role is role for word in turn.words)
    return _after(merge_spans((Span(w.start, max(w.start, w.end)) for w in words), gap=WORD_GAP), after)


def _after(spans: Sequence[Span], second: float) -> tuple[Span, ...]:
    return tuple(Span(max(span.start, second), span.end) for span in spans if span.end > second)


def _manager_side(activity: Sequence[Activity], turns: Sequence[Turn]) -> int | None:
    """Which of two activities is the manager's: where his words sound, not the customer's; None without words."""
    leaning = 0.0
    for role, sign in ((Role.MANAGER, 1), (Role.SECOND_MANAGER, 1), (Role.CUSTOMER, -1)):
        spans = said_spans(turns, role, 0.0)
        here, there = (total_duration(intersect_spans(spans, each.speech)) for each in activity)
        leaning += sign * (here - there)
    if leaning == 0.0:
        return None
    return 0 if leaning > 0 else 1
