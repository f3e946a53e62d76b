"""What the phone system wrote down about a call; all moments are aware of their time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qa_engine.domain.call_identity import Direction

__all__ = ["CallOutcome", "CallRecord", "Leg", "RecordedTransfer"]


class CallOutcome(StrEnum):
    """How a call ended, seen from the caller."""

    ANSWERED = "answered"  # by a person; a call that only a machine answered is missed
    MISSED = "missed"
    BUSY = "busy"
    FAILED = "failed"
    VOICEMAIL = "voicemail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Leg:
    """One attempt to reach one phone: `party` is its extension, number or name; it rings from `started_at` on."""

    party: str
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordedTransfer:
    """The caller is handed on at `at`; `kind` is ``blind``, ``attended`` or ""; `wait_seconds` until somebody answers.

    `to` is an extension, number, queue or name, "" where unknown.
    """

    at: datetime
    to: str = ""
    kind: str = ""
    wait_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call (not one row: rows of one call are put together) as the phone system tells it; "" or None: unknown.

    `system` names the source (``asterisk cdr``), `record_id` is unique in it. `manager` is the extension or name of
    who answered (missed: "" or who was last rung), `customer` the number outside. `answered_at` is the answer of a
    person, never that of a dialplan. `ring_seconds` is the time from the first alert of a company's phone (outbound:
    of the customer's) to that answer, `ring_by` says how it is known (``legs``, ``duration - billsec``, ``ringtime of
    the queue log``), `no_ring_why` why not. `wait_seconds` is the whole wait from entering the queue or the call to
    the answer. `resolution` is the step of the system's clock in seconds. `ids` are all ids by which a recording may
    name the call, `recordings` its files without folders, `recording_started_at` when the first of them begins.
    """

    system: str
    record_id: str
    started_at: datetime
    direction: Direction = Direction.UNKNOWN
    manager: str = ""
    customer: str = ""
    outcome: CallOutcome = CallOutcome.UNKNOWN
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    ring_seconds: float | None = None
    ring_by: str = ""
    no_ring_why: str = ""
    wait_seconds: float | None = None
    hold_seconds: float | None = None
    num_holds: int | None = None
    transfers: tuple[RecordedTransfer, ...] = ()
    resolution: float = 1.0
    ids: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    recording_started_at: datetime | None = None
    queue: str = ""
    legs: tuple[Leg, ...] = ()

    def __post_init__(self) -> None:
        for moment in (self.started_at, self.answered_at, self.ended_at, self.recording_started_at):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"a moment of a call record needs a time zone: {moment}")
