"""Asterisk's channel event logging: every phone that rang, exactly; the best source of ring and transfer times.

A phone rings from the CHAN_START of its channel to its ANSWER; a call that is handed on waits from BLINDTRANSFER to
the next BRIDGE_ENTER of somebody new; a parked one is held from PARK_START to PARK_END (TELEPHONY 3.2). There is no
event for a hold. The call with which a manager asks a colleague before an attended transfer begins under an id of its
own and stays a call of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord, Leg, RecordedTransfer
from qa_engine.telephony.asterisk_cel_events import CelEvent, is_cel, read_cel_events
from qa_engine.telephony.asterisk_channels import extension_of, is_local, peer_of
from qa_engine.telephony.clock_check import with_checked_clock
from qa_engine.telephony.grouping import grouped
from qa_engine.telephony.phone_numbers import is_extension
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.row_values import file_name, some_calls, without_repeats

__all__ = ["ASTERISK_CEL", "AsteriskCel"]

ENDS = ("HANGUP", "CHAN_END")
DIAL_STATUS = {
    "BUSY": CallOutcome.BUSY,
    "CONGESTION": CallOutcome.FAILED,
    "CHANUNAVAIL": CallOutcome.FAILED,
    "INVALIDARGS": CallOutcome.FAILED,
}  # of the HANGUP of the caller's channel; NOANSWER, CANCEL and none: missed


@dataclass(frozen=True, slots=True)
class AsteriskCel:
    """Reads channel events."""

    name: str = "asterisk-cel"
    title: str = "Asterisk CEL (cel_custom CSV or JSON, CSV with a header, database dump)"

    def fits(self, beginning: str) -> bool:
        """Whether the first lines of a file look like channel events."""
        return is_cel(beginning)

    def read(self, path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CallRecord]:
        """The calls of a file; raises RecordsError for missing columns, no time zone, no rows."""
        groups = grouped(read_cel_events(path, options, problems), lambda event: event.linkedid or event.uniqueid)
        calls = (_Events.of(events, options) for events in groups)
        told = (call.call() for call in calls if call is not None)
        return some_calls(with_checked_clock(told, problems), path, self.title, problems)


ASTERISK_CEL = AsteriskCel()


@dataclass(frozen=True, slots=True)
class _Events:
    """The events of one call in their order; `caller` is the channel that began it."""

    events: tuple[CelEvent, ...]
    caller: tuple[CelEvent, ...]
    options: ReadingOptions

    @classmethod
    def of(cls, events: Sequence[CelEvent], options: ReadingOptions) -> _Events | None:
        """The events in order, repeated ones once; None where only the end of an older call is there."""
        ordered = tuple(sorted(dict.fromkeys(events), key=lambda event: event.at))  # equal moments: as in the file
        real = [event for event in ordered if event.channel and not is_local(event.channel)]
        if not any(event.kind == "CHAN_START" for event in real):
            return None
        first = next((event for event in real if event.uniqueid == event.linkedid), real[0])
        return cls(ordered, tuple(event for event in ordered if event.uniqueid == first.uniqueid), options)

    def call(self) -> CallRecord:
        """The call of these events."""
        legs, direction, queue = self._legs(), self._direction(), self._started("queue")
        picked_up = min((leg for leg in legs if leg.answered_at), key=_answer_of, default=None)
        entered = queue.at if queue else self.caller[0].at
        answered_at = picked_up.answered_at if picked_up else None
        ring = (answered_at - min(leg.started_at for leg in legs)).total_seconds() if answered_at else None
        parked = self._parked()
        return CallRecord(
            system="asterisk cel",
            record_id=self.caller[0].linkedid or self.caller[0].uniqueid,
            started_at=self.caller[0].at,
            direction=direction,
            manager=self._manager(direction, legs, picked_up),
            customer=self._dialled() if direction is Direction.OUTBOUND else _first(e.number for e in self.caller),
            outcome=self._outcome(picked_up),
            answered_at=answered_at,
            ended_at=next((event.at for event in self.caller if event.kind in ENDS), self.events[-1].at),
            ring_seconds=ring,
            ring_by="" if ring is None else "legs",
            no_ring_why="nobody answered" if ring is None else "",
            wait_seconds=(answered_at - entered).total_seconds() if answered_at else None,
            hold_seconds=sum(parked) if parked else None,
            num_holds=len(parked) or None,
            transfers=tuple(self._transfers()),
            resolution=1e-6 if any(event.at.microsecond for event in self.events) else 1.0,
            ids=without_repeats(name for event in self.events for name in (event.linkedid, event.uniqueid)),
            recordings=self._recordings(),
            recording_started_at=self._recording_started(),
            queue=queue.data.partition(",")[0] if queue else "",
            legs=legs,
        )

    def _direction(self) -> Direction:
        if not extension_of(self.caller[0].channel, self.options):
            return Direction.INBOUND
        dialled = self._dialled()
        short = is_extension(dialled, self.options) or dialled.startswith("*")
        return Direction.INTERNAL if short else Direction.OUTBOUND

    def _dialled(self) -> str:
        """The number that the caller's channel dialled: the first of a telephone, else the first of all."""
        named = [event.exten for event in self.caller if any(digit.isdigit() for digit in event.exten)]
        return next((name for name in named if len(name) > self.options.extension_digits), _first(named))

    def _legs(self) -> tuple[Leg, ...]:
        """The channels that this call made to ring somebody; ways inside Asterisk and the caller's own are none."""
        began = [e for e in self.events if e.kind == "CHAN_START" and e.channel and not is_local(e.channel)]
        own = self.caller[0].uniqueid
        return tuple(self._leg(start) for start in began if start.uniqueid != own)

    def _leg(self, start: CelEvent) -> Leg:
        mine = [event for event in self.events if event.uniqueid == start.uniqueid]
        pickup = next((event for event in mine if event.kind == "PICKUP"), None)
        answer = next((event.at for event in mine if event.kind in ("ANSWER", "PICKUP")), None)
        channel = (pickup.told("pickup_channel") if pickup else "") or start.channel
        phone = extension_of(channel, self.options)
        line = self._dialled() if self._direction() is Direction.OUTBOUND else peer_of(channel)
        return Leg(phone or line, start.at, answer, next((event.at for event in mine if event.kind in ENDS), None))

    def _manager(self, direction: Direction, legs: Sequence[Leg], picked_up: Leg | None) -> str:
        if direction is Direction.OUTBOUND:
            return extension_of(self.caller[0].channel, self.options)
        if picked_up:
            return picked_up.party
        return legs[-1].party if legs else ""

    def _outcome(self, picked_up: Leg | None) -> CallOutcome:
        if picked_up:
            return CallOutcome.ANSWERED
        if any(event.app == "voicemail" for event in self.events):
            return CallOutcome.VOICEMAIL
        status = _first(event.told("dialstatus") for event in self.caller if event.kind == "HANGUP")
        return DIAL_STATUS.get(status, CallOutcome.MISSED)

    def _transfers(self) -> Iterator[RecordedTransfer]:
        for event in self.events:
            if event.kind == "BLINDTRANSFER":
                yield RecordedTransfer(event.at, event.told("extension"), "blind", self._wait_from(event))
            elif event.kind == "ATTENDEDTRANSFER":
                target = event.told("transfer_target_channel_name")
                to = extension_of(target, self.options) or (peer_of(target) if target else event.told("app"))
                yield RecordedTransfer(event.at, to, "attended")

    def _wait_from(self, transfer: CelEvent) -> float | None:
        """From a blind transfer to the moment when somebody who was rung after it joins the caller."""
        new = {e.uniqueid for e in self.events if e.kind == "CHAN_START" and e.at >= transfer.at}
        joined = (e for e in self.events if e.kind == "BRIDGE_ENTER" and e.at >= transfer.at)
        found = next((e.at for e in joined if e.uniqueid in new and not is_local(e.channel)), None)
        return None if found is None else (found - transfer.at).total_seconds()

    def _parked(self) -> list[float]:
        """The seconds of each parking, until the caller was taken back or gone."""
        parked = []
        for start in self.events:
            if start.kind == "PARK_START":
                later = [e for e in self.events if e.uniqueid == start.uniqueid and e.at >= start.at]
                end = next((e for e in later if e.kind in ("PARK_END", *ENDS)), later[-1])
                parked.append((end.at - start.at).total_seconds())
        return parked

    def _started(self, app: str) -> CelEvent | None:
        return next((event for event in self.events if event.kind == "APP_START" and event.app == app), None)

    def _recordings(self) -> tuple[str, ...]:
        named = [event.data.partition(",")[0] for event in self.events if event.app == "mixmonitor"]
        return without_repeats(file_name(name) for name in named)

    def _recording_started(self) -> datetime | None:
        """When MixMonitor began to write: at once, or with its option `b` when the first two are joined."""
        started = self._started("mixmonitor")
        if started is None:
            return None
        options = re.sub(r"\([^)]*\)", "", started.data).split(",")[1:2]
        if "b" not in "".join(options):
            return started.at
        return next((e.at for e in self.events if e.kind == "BRIDGE_ENTER" and e.at >= started.at), None)


def _answer_of(leg: Leg) -> datetime:
    return leg.answered_at or leg.started_at


def _first(texts: Iterator[str] | Sequence[str]) -> str:
    return next((text for text in texts if text), "")
