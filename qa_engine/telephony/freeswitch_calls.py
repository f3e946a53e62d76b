"""A call of FreeSWITCH from its legs: who rang, who answered, how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord, Leg, RecordedTransfer
from qa_engine.telephony.freeswitch_legs import FreeswitchLeg
from qa_engine.telephony.reader import ReadingOptions
from qa_engine.telephony.record_files import is_extension
from qa_engine.telephony.row_values import seconds_between, without_repeats

__all__ = ["call_record"]

SAME_MOMENT = 1.0  # seconds between the answer and the bridge of a caller's leg that the called phone's answer made
STEP, FINE_STEP = 1.0, 1e-6  # seconds: *_epoch and *_stamp, *_uepoch
TOLD = {"inbound": Direction.INBOUND, "outbound": Direction.OUTBOUND, "local": Direction.INTERNAL}  # call_direction
NO_LEG_WHY = "the dialplan answered before a phone was called, and the file has no leg of that phone"
NO_BRIDGE_WHY = "the file tells no ringing and no bridge: add ${progress_epoch} and ${bridge_epoch} to its template"
NO_ALERT_WHY = "no ringing (180 or 183) was told for this call"


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer of a person: when, by which leg (None: known from the caller's leg alone), and how long it rang."""

    at: datetime | None = None
    leg: FreeswitchLeg | None = None
    ring_seconds: float | None = None
    ring_by: str = ""
    why: str = ""


def call_record(legs: Sequence[FreeswitchLeg], options: ReadingOptions) -> CallRecord:
    """The record of the legs of one call."""
    in_time = sorted(legs, key=lambda leg: (leg.is_second, leg.started_at))
    first = in_time[0]
    phones = [leg for leg in in_time if leg is not first and not _is_loopback(leg)]
    direction = _direction(first, phones, options)
    answer = _answer(first, phones)
    ends = [leg.ended_at for leg in legs if leg.ended_at is not None]
    joined_at = first.row.moment("cc_queue_joined_epoch")
    ours = first if direction is Direction.OUTBOUND else answer.leg
    starts = [at for leg in legs if (at := leg.recording_started_at) is not None]
    return CallRecord(
        "freeswitch",
        first.uuid,
        first.started_at,
        direction=direction,
        manager=_manager((first, phones), answer, direction, options),
        customer=_customer(first, direction),
        outcome=_outcome(first, phones, answer, direction),
        answered_at=answer.at,
        ended_at=first.ended_at or max(ends, default=None),
        ring_seconds=answer.ring_seconds,
        ring_by=answer.ring_by,
        no_ring_why=answer.why,
        wait_seconds=seconds_between(joined_at or first.started_at, answer.at),
        hold_seconds=ours.hold_seconds if ours else None,
        num_holds=ours.num_holds if ours else None,
        transfers=_transfers(legs, answer.at),
        resolution=FINE_STEP if first.row.text("start_uepoch") else STEP,
        ids=_ids(legs),
        recordings=without_repeats(name for leg in legs for name in leg.recordings),
        recording_started_at=min(starts, default=None),
        queue=first.row.text("cc_queue"),
        legs=tuple(Leg(p.party, p.alert_at or p.started_at, p.answered_at, p.ended_at) for p in phones),
    )


def _is_loopback(leg: FreeswitchLeg) -> bool:
    return leg.row.text("chan_name").startswith("loopback/")


def _direction(first: FreeswitchLeg, phones: Sequence[FreeswitchLeg], options: ReadingOptions) -> Direction:
    """By what the dialplan says, or else by who is an extension: the caller, the number called, the phones."""
    told = TOLD.get(first.row.text("call_direction"))
    if told is not None:
        return told
    dialed = [first.row.text("dialed_number", "destination_number"), *(leg.party for leg in phones)]
    to_ours = any(is_extension(number, options) for number in dialed)
    if _caller(first, options):
        return Direction.INTERNAL if to_ours else Direction.OUTBOUND
    outside = to_ours or bool(first.row.text("cc_queue")) or first.row.text("context") == "public"
    return Direction.INBOUND if outside else Direction.UNKNOWN


def _caller(first: FreeswitchLeg, options: ReadingOptions) -> str:
    """The extension that calls; "" where somebody outside does."""
    if is_extension(first.caller, options):
        return first.caller
    return "" if first.is_second else first.row.text("sip_auth_username", "user_name")


def _answer(first: FreeswitchLeg, phones: Sequence[FreeswitchLeg]) -> _Answer:
    taken = [leg for leg in phones if leg.answered_at is not None and not leg.is_voicemail]
    if not taken:
        return _from_first_leg(first)
    leg = min(taken, key=lambda leg: leg.answered_at or leg.started_at)
    alerts = [phone.alert_at for phone in phones if phone.alert_at is not None]
    if leg.alert_at is None:  # answered without a 180: it can have rung since it was called
        alerts.append(leg.started_at)
    ring = seconds_between(min(alerts), leg.answered_at)
    ring_by = "legs" if leg.alert_at is not None else "legs, from their start"
    return _Answer(
        leg.answered_at, leg, ring, ring_by if ring is not None else "", "" if ring is not None else NO_ALERT_WHY
    )


def _from_first_leg(first: FreeswitchLeg) -> _Answer:
    """What the caller's leg alone tells: by its bridge, for its answer may be that of the dialplan."""
    if first.is_second:  # the file has legs to phones only
        return _told(first.answered_at, first, seconds_between(first.alert_at, first.answered_at), "legs")
    queued = first.row.moment("cc_queue_answered_epoch")
    if queued is not None:
        return _Answer(queued, why=NO_LEG_WHY)
    if first.answered_at is None or first.is_voicemail:
        return _Answer()
    if first.bridged_at is None:
        return _Answer(why="" if _tells_bridges(first) else NO_BRIDGE_WHY)
    if abs((first.bridged_at - first.answered_at).total_seconds()) > SAME_MOMENT:
        return _Answer(first.bridged_at, why=NO_LEG_WHY)
    return _told(first.answered_at, None, seconds_between(first.alert_at, first.answered_at), "answer - progress")


def _told(at: datetime | None, leg: FreeswitchLeg | None, ring: float | None, ring_by: str) -> _Answer:
    if ring is not None or at is None:
        return _Answer(at, leg, ring, ring_by if ring is not None else "")
    return _Answer(at, leg, why=NO_ALERT_WHY)


def _tells_bridges(first: FreeswitchLeg) -> bool:
    return bool(first.row.text("bridge_uepoch", "bridge_epoch"))


def _outcome(
    first: FreeswitchLeg, phones: Sequence[FreeswitchLeg], answer: _Answer, direction: Direction
) -> CallOutcome:
    """Coming in, what is not answered is missed whatever a phone's fault was: the customer was not reached."""
    if answer.at is not None:
        return CallOutcome.ANSWERED
    if any(leg.is_voicemail for leg in (first, *phones)):
        return CallOutcome.VOICEMAIL
    if first.answered_at is not None and not phones and not _tells_bridges(first):
        return _guess(first)
    why = phones[-1].failure if phones else first.failure
    return why if why is CallOutcome.BUSY or direction is Direction.OUTBOUND else CallOutcome.MISSED


def _guess(first: FreeswitchLeg) -> CallOutcome:
    """By the default CSV template: a phone was called, and the answer did not come at once as a dialplan's does."""
    if not first.row.text("bleg_uuid") or first.answered_at is None:
        return CallOutcome.UNKNOWN
    late = (first.answered_at - first.started_at).total_seconds() > SAME_MOMENT
    return CallOutcome.ANSWERED if late else CallOutcome.UNKNOWN


def _manager(
    call: tuple[FreeswitchLeg, Sequence[FreeswitchLeg]], answer: _Answer, direction: Direction, options: ReadingOptions
) -> str:
    first, phones = call
    if direction is Direction.OUTBOUND:
        return _caller(first, options)
    if answer.leg is not None:
        return answer.leg.party
    if phones:
        return phones[-1].party
    agent = first.row.text("cc_agent").split("@")[0]
    return agent or (first.party if is_extension(first.party, options) else "")


def _customer(first: FreeswitchLeg, direction: Direction) -> str:
    if direction is Direction.INTERNAL:
        return ""
    return first.party if direction is Direction.OUTBOUND else first.caller


def _transfers(legs: Sequence[FreeswitchLeg], answered_at: datetime | None) -> tuple[RecordedTransfer, ...]:
    """The transfers after a person's answer: those before it are the dialplan's own way through menus."""
    if answered_at is None:
        return ()
    told = {(done.at, done.to): done for leg in legs for done in leg.handovers if done.at >= answered_at}
    return tuple(
        RecordedTransfer(done.at, done.to, done.kind, _wait(done.at, legs))
        for done in sorted(told.values(), key=lambda done: done.at)
    )


def _wait(at: datetime, legs: Sequence[FreeswitchLeg]) -> float | None:
    """Until the next phone that was called after a transfer answers."""
    after = [leg.answered_at for leg in legs if leg.is_second and leg.started_at >= at and leg.answered_at is not None]
    return seconds_between(at, min(after, default=None))


def _ids(legs: Sequence[FreeswitchLeg]) -> tuple[str, ...]:
    names = ("uuid", "call_uuid", "bleg_uuid", "bridge_uuid", "sip_call_id")
    return without_repeats(leg.row.text(name) for leg in legs for name in names)
