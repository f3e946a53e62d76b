"""Everything known about one call; what a check gets to see."""

from __future__ import annotations

from dataclasses import dataclass

from qa_engine.domain.audio_event import AudioEvents
from qa_engine.domain.call_identity import CallIdentity
from qa_engine.domain.hearing import Engines
from qa_engine.domain.timings import Timings
from qa_engine.domain.transcript import Role, Turn, Utterance

__all__ = ["Call", "RoleAssignment"]


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """How sure it is who is the manager (0..1), and what it was read from (``greeting``, ``channel setting``, ...).

    `stated_name` is the name the manager gave himself, "" if none was heard; `second_name` that of the manager the call
    was handed to.
    """

    confidence: float
    by: str
    stated_name: str = ""
    second_name: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: turns with roles, sounds, times, outer facts.

    `call_id` is stable for the same recording (the first 16 digits of its hash, or the id the transcript file gives);
    `manager` is the name shown in reports (roster name, else what the source or the manager said, else "");
    `left_out` is what the recogniser wrote and nobody said, with its reason.
    """

    call_id: str
    sha256: str
    path: str
    language: str
    duration: float
    manager: str
    identity: CallIdentity
    turns: tuple[Turn, ...]
    events: AudioEvents | None
    timings: Timings
    roles: RoleAssignment
    engines: Engines
    left_out: tuple[Utterance, ...] = ()

    def turns_of(self, role: Role) -> tuple[Turn, ...]:
        """The turns of one role, in time order."""
        return tuple(turn for turn in self.turns if turn.role is role)
