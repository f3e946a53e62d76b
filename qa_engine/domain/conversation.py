"""Figures of a conversation: pauses with grades, both speaking at once, who cut in, monologues, pace.

Definitions and thresholds are those of TELEPHONY 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role

__all__ = ["Interruption", "Interruptions", "Monologues", "Overlap", "Pace", "Pause", "PauseGrade", "Talk"]

SEVERE_OVERLAP = 3.0  # seconds both speak (TELEPHONY 5, from Verint's example)


class PauseGrade(StrEnum):
    """How long nobody speaks (TELEPHONY 5)."""

    NOTICEABLE = "noticeable"  # 3 s and more
    DEAD_AIR = "dead_air"  # 5 s and more
    LONG = "long"  # 10 s and more
    SEVERE = "severe"  # 30 s and more

    @property
    def at_least(self) -> float:
        """The shortest pause of this grade, seconds."""
        return {"noticeable": 3.0, "dead_air": 5.0, "long": 10.0, "severe": 30.0}[self.value]

    @classmethod
    def of(cls, seconds: float) -> PauseGrade | None:
        """The grade of a pause, None where it is too short to notice."""
        return next((grade for grade in reversed(cls) if seconds >= grade.at_least), None)


@dataclass(frozen=True, slots=True)
class Pause:
    """Nobody speaks from `start` to `end`, seconds; `after` spoke last and `before` next.

    Role ``unknown`` where that was no known party.
    """

    start: float
    end: float
    grade: PauseGrade
    after: Role
    before: Role

    @property
    def span(self) -> Span:
        """Its time."""
        return Span(self.start, self.end)

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    @property
    def is_dead_air(self) -> bool:
        """Whether it is more than noticeable."""
        return self.grade is not PauseGrade.NOTICEABLE


@dataclass(frozen=True, slots=True)
class Overlap:
    """Both parties speak from `start` to `end`, seconds; `by` began while the other was speaking."""

    start: float
    end: float
    by: Role

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    @property
    def severe(self) -> bool:
        """Whether it lasts three seconds and more."""
        return self.seconds >= SEVERE_OVERLAP


@dataclass(frozen=True, slots=True)
class Interruption:
    """`by` begins `at` while the other party speaks, who gives way after `seconds` of both."""

    at: float
    by: Role
    seconds: float


@dataclass(frozen=True, slots=True)
class Interruptions:
    """How often each party cut the other short, and when; `measured` False for a mono mix."""

    by_manager: int
    by_customer: int
    measured: bool = True
    moments: tuple[Interruption, ...] = ()


@dataclass(frozen=True, slots=True)
class Monologues:
    """The longest stretch of each party that the other broke by no more than a back-channel; None: did not speak.

    `estimate`: from a mono mix or from a transcript's times.
    """

    manager: Span | None
    customer: Span | None
    estimate: bool
    source: str


@dataclass(frozen=True, slots=True)
class Pace:
    """Words per minute of own speech, None where a party says too little; always an estimate.

    A recogniser misses words, and writes "twenty-five" as one.
    """

    manager: float | None
    customer: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Talk:
    """Seconds of speech per role, of both at once, and of nobody (holds and ringing excluded).

    `estimate`: from a mono mix or from a transcript's times, so overlap is not reliable. `second_manager` spoke after
    the call was handed over; `customer_to_second` is the part of `customer` that was said to him.
    """

    manager: float
    customer: float
    overlap: float
    silence: float
    estimate: bool
    source: str
    second_manager: float = 0.0
    customer_to_second: float = 0.0

    @property
    def ratio(self) -> float | None:
        """The first manager's share of his own conversation, 0..1; None where nobody speaks in it."""
        both = self.manager + self.customer - self.customer_to_second
        return self.manager / both if both > 0 else None

    @property
    def silence_share(self) -> float | None:
        """The share of the conversation in which nobody speaks, 0..1; None where there is none."""
        whole = self.manager + self.second_manager + self.customer - self.overlap + self.silence
        return self.silence / whole if whole > 0 else None
