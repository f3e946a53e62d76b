"""Pauses of the conversation with their grade, and whose turn it was."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from qa_engine.domain.conversation import Pause, PauseGrade
from qa_engine.domain.spans import Span, subtract_spans
from qa_engine.domain.transcript import Role
from qa_engine.timings.conversation import Voices

__all__ = ["measure_pauses"]

# Seconds between the last speech sound and the end of a party's own speech under which it was that party: in a mix the
# words say who spoke, and word times end up to half a second before the sound does.
SAME_SPEECH = 1.0
PARTIES = (Role.MANAGER, Role.CUSTOMER, Role.SECOND_MANAGER)


def measure_pauses(voices: Voices, waiting: Sequence[Span]) -> tuple[Pause, ...]:
    """Pauses of 3 s and more between the first and the last speech in which nobody waits for a reason."""
    quiet = subtract_spans(voices.silences(), waiting)
    graded = ((span, PauseGrade.of(span.duration)) for span in quiet)
    return tuple(
        Pause(
            round(span.start, 3),
            round(span.end, 3),
            grade,
            after=_last_speaker(voices, span.start),
            before=_next_speaker(voices, span.end),
        )
        for span, grade in graded
        if grade is not None
    )


def _last_speaker(voices: Voices, second: float) -> Role:
    """The party whose speech ends last before `second`, unless somebody unknown spoke after it."""
    spoken = _last_end(voices.anybody, second)
    end, role = max(((_last_end(voices.of(role), second), role) for role in PARTIES), key=lambda last: last[0])
    return role if end >= spoken - SAME_SPEECH else Role.UNKNOWN


def _next_speaker(voices: Voices, second: float) -> Role:
    """The party whose speech begins first after `second`, unless somebody unknown speaks before it."""
    spoken = _next_start(voices.anybody, second)
    start, role = min(((_next_start(voices.of(role), second), role) for role in PARTIES), key=lambda first: first[0])
    return role if start <= spoken + SAME_SPEECH else Role.UNKNOWN


def _last_end(spans: Sequence[Span], second: float) -> float:
    """The last end of sorted, disjoint spans that is not after `second`."""
    ended = bisect_right(spans, second, key=lambda span: span.end)
    return spans[ended - 1].end if ended else float("-inf")


def _next_start(spans: Sequence[Span], second: float) -> float:
    """The first start of sorted, disjoint spans that is not before `second`."""
    before = bisect_left(spans, second, key=lambda span: span.start)
    return spans[before].start if before < len(spans) else float("inf")
