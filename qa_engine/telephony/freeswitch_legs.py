"""One leg of FreeSWITCH from its channel variables: moments to the microsecond where the CDR has them.

Names of variables: switch_channel.c, mod_callcenter.c (TELEPHONY 3.4). `progress` is the 180 (ringing) that came for
the leg, `progress_media` a 183 with sound; the first of them that is told counts as the alert, 180 before 183.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from qa_engine.domain.call_record import CallOutcome
from qa_engine.telephony.record_files import parse_moment
from qa_engine.telephony.row_values import RowValues, file_name, without_repeats

__all__ = ["FreeswitchLeg", "Handover", "call_of", "leg_of", "links_of", "originator_of"]

ORIGINATORS = ("originating_leg_uuid", "aleg_uuid", "originator")  # variables by which a leg names who made it
LINKS = ("bleg_uuid", "bridge_uuid", "other_loopback_leg_uuid")  # variables by which a leg names another
AGENT = "agent"  # cc_side of the leg that mod_callcenter makes to an agent
FAILED = frozenset(  # hangup causes of Q.850: it could not be connected, as against not being answered
    [
        *("UNALLOCATED_NUMBER", "NO_ROUTE_DESTINATION", "NO_ROUTE_TRANSIT_NET", "INVALID_NUMBER_FORMAT"),
        *("NETWORK_OUT_OF_ORDER", "NORMAL_TEMPORARY_FAILURE", "SWITCH_CONGESTION", "DESTINATION_OUT_OF_ORDER"),
        *("INCOMPATIBLE_DESTINATION", "RECOVERY_ON_TIMER_EXPIRE", "NORMAL_CIRCUIT_CONGESTION", "GATEWAY_DOWN"),
        *("CHAN_NOT_IMPLEMENTED", "OUTGOING_CALL_BARRED", "NUMBER_CHANGED", "FACILITY_REJECTED"),
    ]
)
HANDOVER = re.compile(r"(\d{9,11}):[^:]*:(bl_xfer|att_xfer):([^|]*)")  # switch_ivr.c, sofia.c: transfer_source
HOLD = re.compile(r"\{\d+,\d*\}")  # hold_events: {{from,until},{from,until}}, microseconds


@dataclass(frozen=True, slots=True)
class Handover:
    """A transfer as a leg tells it; `kind` is ``blind`` or ``attended``."""

    at: datetime
    kind: str
    to: str


@dataclass(frozen=True, slots=True)
class FreeswitchLeg:
    """A leg: `party` is who it leads to, `caller` from whom it comes; moments are None where they never came.

    `hold_seconds` is how long the phone of this leg put the other side on hold.
    """

    row: RowValues
    uuid: str
    caller: str
    party: str
    started_at: datetime
    alert_at: datetime | None
    answered_at: datetime | None
    bridged_at: datetime | None
    ended_at: datetime | None
    cause: str
    hold_seconds: float | None

    @property
    def is_second(self) -> bool:
        """Whether the switch made this leg (a B leg) for another one."""
        return self.row.text("direction") == "outbound" or bool(originator_of(self.row.values))

    @property
    def num_holds(self) -> int | None:
        """How often; None where the file does not tell of holds."""
        events = HOLD.findall(self.row.text("hold_events"))
        return len(events) if events or self.hold_seconds == 0 else None

    @property
    def is_voicemail(self) -> bool:
        """Whether the leg ended in a voice mailbox."""
        return self.row.text("last_app") == "voicemail" or self.row.text("voicemail_message") == "true"

    @property
    def failure(self) -> CallOutcome:
        """Why nobody answered, by the cause of the hangup."""
        if self.cause == "USER_BUSY":
            return CallOutcome.BUSY
        return CallOutcome.FAILED if self.cause in FAILED else CallOutcome.MISSED

    @property
    def handovers(self) -> tuple[Handover, ...]:
        """The transfers of this leg, those that the dialplan itself makes included."""
        text = "|".join(self.row.text(name) for name in ("transfer_history", "transfer_source"))
        found = {}
        for epoch, kind, target in HANDOVER.findall(text):
            at = parse_moment(epoch, None)
            if at is not None:
                to = target.rsplit("/", 1)[-1] if kind == "att_xfer" else target.split("/", 1)[0]
                found[epoch, kind] = Handover(at, "attended" if kind == "att_xfer" else "blind", to.split("@")[0])
        return tuple(found.values())

    @property
    def recordings(self) -> tuple[str, ...]:
        """The names of the leg's recordings."""
        names = ("cc_record_filename", "sofia_record_file", "recording_file", "record_file", "record_name")
        return without_repeats(file_name(self.row.text(name)) for name in (*names, "recorded_file"))

    @property
    def recording_started_at(self) -> datetime | None:
        """When record_session ran; None where it then waited for an answer or a bridge."""
        waits = {self.row.text("record_answer_req"), self.row.text("record_bridge_req")}
        return None if "true" in waits else self.row.moment("recorded_uepoch")


def leg_of(row: RowValues) -> FreeswitchLeg | None:
    """The leg of a row; None, and told, where it does not say when it began."""
    started_at = _moment(row, "start")
    if started_at is None:
        row.file.problems.add(row.line, "no start that can be read: the leg was left out")
        return None
    answered_at = _moment(row, "answer") or _after(row, started_at, "answersec")
    if answered_at is not None and answered_at < started_at:
        row.tell("answer", "is before the start")
        answered_at = None
    alert_at = _moment(row, "progress") or _moment(row, "progress_media") or _after(row, started_at, "progresssec")
    for name in ("duration", "billsec"):
        row.seconds(name)  # not kept, the moments tell more; one that cannot be is told
    hold = row.seconds("hold_accum_ms", per_second=1000.0)
    return FreeswitchLeg(
        row,
        row.text("uuid"),
        row.text("caller_id_number"),
        _party(row),
        started_at,
        alert_at,
        answered_at,
        _moment(row, "bridge"),
        _moment(row, "end"),
        row.text("hangup_cause"),
        row.seconds("hold_accum_seconds") if hold is None else hold,
    )


def originator_of(values: Mapping[str, Any]) -> str:
    """The uuid of the leg for which this one was made; "" where it names none."""
    if values.get("cc_side") == AGENT and values.get("cc_member_session_uuid"):
        return str(values["cc_member_session_uuid"])
    found = (str(values.get(name) or "").split(";")[0] for name in ORIGINATORS)
    return next((uuid for uuid in found if uuid and uuid != values.get("uuid")), "")


def call_of(values: Mapping[str, Any]) -> str:
    """The uuid by which a leg names its call: of its first leg."""
    return originator_of(values) or str(values.get("call_uuid") or values.get("uuid") or "")


def links_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """All uuids that a leg names itself and others of its call by."""
    told = [call_of(values), *(values.get(name) for name in ("uuid", "call_uuid", *LINKS))]
    return without_repeats(str(uuid or "") for uuid in told)


def _moment(row: RowValues, name: str) -> datetime | None:
    return row.moment(f"{name}_uepoch", f"{name}_epoch", f"{name}_stamp")


def _after(row: RowValues, started_at: datetime, name: str) -> datetime | None:
    seconds = row.seconds(name)
    return started_at + timedelta(seconds=seconds) if seconds else None


def _party(row: RowValues) -> str:
    """Whom the leg leads to: ``1001@default``, ``sip:1001@host:5060`` and ``1001`` are 1001."""
    agent = row.text("cc_agent") if row.text("cc_side") == AGENT else ""
    party = agent or row.text("dialed_user", "destination_number")
    return party.removeprefix("sip:").split("@")[0]
