"""Words that tell of waiting: the manager asks to hold, announces a transfer, or comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role, Turn
from qa_engine.timings.spoken import Said, SpokenWords

__all__ = ["Cues", "cues_in", "find_cues"]


@dataclass(frozen=True, slots=True)
class Cues:
    """Times of what was said: asked to wait, announced a transfer, thanked for waiting, said the own name.

    `machine` are the phrases of queues and voice mail, whoever was taken to say them.
    """

    wait: tuple[Span, ...] = ()
    transfer: tuple[Span, ...] = ()
    back: tuple[Span, ...] = ()
    own_name: tuple[Span, ...] = ()
    machine: tuple[Span, ...] = ()


def find_cues(turns: Sequence[Turn], language: str) -> Cues:
    """The cues in the turns of everybody but the customer; none for a language without lexicons ("")."""
    return cues_in(SpokenWords(turns, language))


def cues_in(spoken: SpokenWords) -> Cues:
    """The cues in words made ready before."""
    return Cues(
        wait=_times(spoken.find("please_hold")),
        transfer=_times(spoken.find("transfer")),
        back=_times(spoken.find("thanks_for_holding")),
        own_name=_times(spoken.find_own_names()),
        machine=_times(spoken.find("busy_ivr")),
    )


def _times(found: Sequence[Said]) -> tuple[Span, ...]:
    return tuple(said.span for said in found if said.certain and said.turn.role is not Role.CUSTOMER)
