"""A call of MANGO OFFICE from its legs, whichever of the vendor's exports they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord, Leg, RecordedTransfer
from qa_engine.telephony.row_values import seconds_between, without_repeats

__all__ = ["MOSCOW", "MangoCall", "MangoLeg", "call_record", "outcome_of_reason"]

MOSCOW = timezone(timedelta(hours=3))  # the zone of moments as text in base statistics and events (VPBX API 1.9)
# disconnect_reason (VPBX API): 2xxx billing, 32xx wrong number, 5xxx overload and faults; 11xx, 42xx: not answered
FAILED_REASONS = ("2", "32", "5")


@dataclass(frozen=True, slots=True)
class MangoLeg:
    """One attempt to reach one phone: it rings from `started_at`; `transfer` is ``blind``, ``attended`` or ""."""

    party: str
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    hold_seconds: float | None = None
    num_holds: int | None = None
    transfer: str = ""


@dataclass(frozen=True, slots=True)
class MangoCall:
    """What an export says of one call; `legs` are those of phones only (no menu, no queue), in order of time.

    `answered` is whether somebody spoke, None where the export does not say it; `reason` the code of its end.
    """

    record_id: str
    source: str
    direction: Direction
    started_at: datetime
    caller: str = ""
    customer: str = ""
    legs: tuple[MangoLeg, ...] = ()
    ended_at: datetime | None = None
    answered: bool | None = None
    reason: str = ""
    queue: str = ""
    ids: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    recording_started_at: datetime | None = None
    ring_by: str = "legs"


def call_record(call: MangoCall) -> CallRecord:
    """The record of a call; the ring time is from the first phone that rang to the first answer."""
    answered = [leg for leg in call.legs if leg.answered_at is not None]
    answered_at = min((leg.answered_at for leg in answered if leg.answered_at is not None), default=None)
    first_alert = min((leg.started_at for leg in call.legs), default=None)
    ring = seconds_between(first_alert, answered_at)
    spoken = [leg for leg in answered if leg.answered_at == answered_at]
    holds = [leg.hold_seconds for leg in answered if leg.hold_seconds is not None]
    counted = [leg.num_holds for leg in answered if leg.num_holds is not None]
    return CallRecord(
        call.source,
        call.record_id,
        call.started_at,
        direction=call.direction,
        manager=_manager(call, spoken),
        customer=call.customer,
        outcome=_outcome(call, answered_at),
        answered_at=answered_at,
        ended_at=call.ended_at,
        ring_seconds=ring,
        ring_by=call.ring_by if ring is not None else "",
        no_ring_why="" if ring is not None or not _was_answered(call, answered_at) else "no phone's leg is in the file",
        wait_seconds=seconds_between(call.started_at, answered_at),
        hold_seconds=sum(holds) if holds else None,
        num_holds=sum(counted) if counted else None,
        transfers=_transfers(call.legs, answered_at),
        ids=without_repeats([call.record_id, *call.ids, *call.recordings]),
        recordings=call.recordings,
        recording_started_at=call.recording_started_at,
        queue=call.queue,
        legs=tuple(Leg(leg.party, leg.started_at, leg.answered_at, leg.ended_at) for leg in call.legs),
    )


def outcome_of_reason(reason: str) -> CallOutcome:
    """Why nobody answered, by the code of the end; 11xx and 42xx: nobody took the phone."""
    failed = len(reason) == 4 and reason.startswith(FAILED_REASONS)
    return CallOutcome.FAILED if failed else CallOutcome.MISSED


def _was_answered(call: MangoCall, answered_at: datetime | None) -> bool:
    return answered_at is not None or bool(call.answered)


def _manager(call: MangoCall, spoken: Sequence[MangoLeg]) -> str:
    if call.direction is Direction.OUTBOUND:
        return call.caller
    return spoken[0].party if spoken else call.legs[-1].party if call.legs else ""


def _outcome(call: MangoCall, answered_at: datetime | None) -> CallOutcome:
    if _was_answered(call, answered_at):
        return CallOutcome.ANSWERED
    if call.answered is None and not call.legs:  # only a menu or a queue: who came after is in other rows
        return CallOutcome.UNKNOWN
    return outcome_of_reason(call.reason)


def _transfers(legs: Sequence[MangoLeg], answered_at: datetime | None) -> tuple[RecordedTransfer, ...]:
    """A leg that is marked as a transfer and begins after the first answer is where the caller was handed on to."""
    return tuple(
        RecordedTransfer(leg.started_at, leg.party, leg.transfer, seconds_between(leg.started_at, leg.answered_at))
        for leg in legs
        if leg.transfer and answered_at is not None and leg.started_at >= answered_at
    )
