"""The measured times of a call (`DESIGN` 6); each names its source, and what could not be measured says why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa_engine.domain.conversation import Interruptions, Monologues, Overlap, Pace, Pause, Talk
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role

__all__ = [
    "Beginning",
    "Comparison",
    "Courtesy",
    "Hold",
    "HoldKind",
    "Interruptions",
    "Quote",
    "RecordedTimes",
    "Ringing",
    "Talk",
    "Timings",
    "Transfer",
]


class HoldKind(StrEnum):
    """What the customer hears while waiting."""

    MUSIC = "music"
    SILENCE = "silence"
    ANNOUNCEMENT = "announcement"
    TONE = "tone"


class Beginning(StrEnum):
    """Where in the call the recording begins."""

    BEFORE_ANSWER = "before_answer"  # ringing is in it
    AT_ANSWER = "at_answer"  # a pause, then the first words
    MID_CALL = "mid_call"  # somebody is in the middle of speaking at the first sample
    UNKNOWN = "unknown"  # no sound to tell (a transcript alone)


@dataclass(frozen=True, slots=True)
class Ringing:
    """The wait before the answer: `seconds` from the first ring to the answer, ± `uncertainty` seconds.

    `measured` False: every figure is None and `why` tells the reason.
    """

    measured: bool
    why: str = ""
    start: float | None = None
    end: float | None = None
    rings: int | None = None
    seconds: float | None = None
    uncertainty: float | None = None
    tone: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words as they stand in the transcript, who said them, and when in seconds."""

    text: str
    role: Role
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Courtesy:
    """Whether something was said where it belongs, with the words; None: cannot be told, for the reason `why`."""

    said: bool | None
    quote: Quote | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A wait of the customer after the answer.

    `asked`: the manager asked to wait, or announced a transfer, before it; `returned`: whoever came back thanked for
    waiting or apologised for it. None where nobody looked (calls stored by older versions).
    """

    start: float
    end: float
    kind: HoldKind
    during_transfer: bool
    source: str
    asked: Courtesy | None = None
    returned: Courtesy | None = None

    @property
    def span(self) -> Span:
        """Its time."""
        return Span(self.start, self.end)

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Transfer:
    """The customer is handed to somebody else, who is first heard `at`, after `wait` seconds on hold.

    `announced`: the manager said so before, in the words `words` and where it was said `to` whom ("" where not); None:
    cannot be told. `greeted`, `introduced`: the new party said hello, and gave a name.
    """

    at: float
    announced: bool | None
    source: str
    to: str = ""
    wait: float | None = None
    words: Quote | None = None
    greeted: Courtesy | None = None
    introduced: Courtesy | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure by sound and by the phone system's record; None where one of them does not know it.

    `measure` is ``ring_seconds``, ``hold_seconds``, ``holds`` or ``transfers``; `counts` is ``audio`` or ``records``,
    `why` the reason in one English sentence.
    """

    measure: str
    audio: float | None
    records: float | None
    counts: str
    why: str

    @property
    def difference(self) -> float | None:
        """Record minus sound."""
        return None if self.audio is None or self.records is None else self.records - self.audio


@dataclass(frozen=True, slots=True)
class RecordedTimes:
    """The phone system's record of the call, how it was found (``id``, ``file name``, ``number and time``)."""

    system: str
    record_id: str
    matched_by: str
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Timings:
    """All times of one call, seconds from the start of the recording.

    `answered_at` None: not known. `holds_measured`: sound was there to hear holds in. `talk` None: nothing to measure.
    `pauses` are those of 3 s and more, `dead_air` the spans of those of 5 s and more; `overlaps` None: not measured.
    """

    duration: float
    beginning: Beginning
    ringing: Ringing
    answered_at: float | None
    holds: tuple[Hold, ...] = ()
    holds_measured: bool = True
    transfers: tuple[Transfer, ...] = ()
    talk: Talk | None = None
    dead_air: tuple[Span, ...] = ()
    interruptions: Interruptions | None = None
    recorded: RecordedTimes | None = None
    pauses: tuple[Pause, ...] | None = None
    overlaps: tuple[Overlap, ...] | None = None
    monologues: Monologues | None = None
    pace: Pace | None = None

    @property
    def handed_over_at(self) -> float | None:
        """The second from which another manager than the first one speaks; None where nobody took the call over."""
        return min((transfer.at for transfer in self.transfers), default=None)
