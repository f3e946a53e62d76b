"""Who has the call after it was handed over: the company's later turns are the second manager's.

Roles are worked out before transfers are measured, because transfers are heard in the words of the company's side. So
the first manager's label stands over both until here. On one channel per party both stay on one label, and all that
follows is the second one's; where voices were told apart, a voice known from before stays the first manager's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa_engine.domain.spans import Span, merge_spans
from qa_engine.domain.transcript import Role, Turn

__all__ = ["hand_over", "second_managers_part"]

EARLY = 0.5  # seconds by which the words of the new party may begin before the measured hand-over
NEW_VOICE = 1.5  # seconds a label never heard before must speak to be another voice


def hand_over(turns: Sequence[Turn], at: float | None) -> tuple[Turn, ...]:
    """The turns with the company's after second `at` the second manager's; `at` None: as they are.

    A second call changes nothing. Where the new party came with a label of its own, the first manager's label stays
    his (he listens in, or comes back).
    """
    if at is None:
        return tuple(turns)
    stays = _labels_that_stay(turns, at)
    return tuple(
        replace(turn, role=Role.SECOND_MANAGER)
        if turn.role is Role.MANAGER and _is_after(turn, at) and turn.speaker not in stays
        else turn
        for turn in turns
    )


def _labels_that_stay(turns: Sequence[Turn], at: float) -> frozenset[str]:
    """Labels of the first manager, where another voice of the company was told from his after the hand-over."""
    own = [turn for turn in turns if turn.role.of_company and turn.speaker]
    before = {turn.speaker for turn in own if not _is_after(turn, at)}
    new = sum(turn.end - turn.start for turn in own if _is_after(turn, at) and turn.speaker not in before)
    return frozenset(before) if before and new >= NEW_VOICE else frozenset()


def _is_after(turn: Turn, at: float) -> bool:
    """Whether the greater part of a turn lies after `at`."""
    return turn.span.middle >= at - EARLY


def second_managers_part(turns: Sequence[Turn]) -> tuple[Span, ...]:
    """When the second manager has the call: between the company's turns, halfway to the first manager's."""
    company = sorted((turn for turn in turns if turn.role.of_company and turn.words), key=lambda turn: turn.start)
    parts: list[Span] = []
    for index, turn in enumerate(company):
        if turn.role is not Role.SECOND_MANAGER:
            continue
        start = (company[index - 1].end + turn.start) / 2 if index else 0.0
        last = index + 1 == len(company)
        end = float("inf") if last else max(turn.end, (turn.end + company[index + 1].start) / 2)
        parts.append(Span(min(start, turn.start), end))
    return merge_spans(parts)
