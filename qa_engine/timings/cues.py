"""Words that tell of waiting: the manager asks to hold or announces a transfer, a queue speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role
from qa_engine.timings.spoken import Said, SpokenWords

__all__ = ["Cues", "cues_in"]


@dataclass(frozen=True, slots=True)
class Cues:
    """Times of what was said: asked to wait, announced a transfer.

    `machine` are the phrases of queues and voice mail, whoever was taken to say them.
    """

    wait: tuple[Span, ...] = ()
    transfer: tuple[Span, ...] = ()
    machine: tuple[Span, ...] = ()


def cues_in(spoken: SpokenWords) -> Cues:
    """The cues in the words of everybody but the customer; none for a language without lexicons ("")."""
    return Cues(
        wait=_times(spoken.find("please_hold")),
        transfer=_times(spoken.find("transfer")),
        machine=_times(spoken.find("busy_ivr")),
    )


def _times(found: Sequence[Said]) -> tuple[Span, ...]:
    return tuple(said.span for said in found if said.certain and said.turn.role is not Role.CUSTOMER)
