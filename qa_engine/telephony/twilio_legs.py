"""One call resource of Twilio as one leg: what the Calls list and Voice Insights say about one sid, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qa_engine.domain.call_record import CallOutcome
from qa_engine.telephony.row_values import RowValues

__all__ = ["TwilioLeg", "leg_of", "parent_sid", "plain_name", "sid_of"]

OUTCOMES = {  # status of the Calls list; call_state of Voice Insights writes some of them in another way
    "busy": CallOutcome.BUSY,
    "failed": CallOutcome.FAILED,
    "fail": CallOutcome.FAILED,
    "no-answer": CallOutcome.MISSED,
    "noanswer": CallOutcome.MISSED,
    "canceled": CallOutcome.MISSED,
}
MACHINES = ("machine", "fax")  # answered_by: machine_start, machine_end_beep, ...


@dataclass(frozen=True, slots=True)
class TwilioLeg:
    """A call resource; `ring_seconds` is known from Voice Insights only, `answered_at` is that of whoever answered."""

    sid: str
    parent: str
    direction: str
    caller: str
    callee: str
    state: str
    answered_by: str
    started_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    ring_seconds: float | None

    @property
    def outcome(self) -> CallOutcome:
        """How this leg ended: answered by a person, by a machine, or not."""
        if self.answered_by.startswith(MACHINES):
            return CallOutcome.VOICEMAIL
        return CallOutcome.ANSWERED if self.answered_at else OUTCOMES.get(self.state, CallOutcome.UNKNOWN)

    @property
    def outcome_without_person(self) -> CallOutcome:
        """How the call ended where nobody's leg is known: who spoke after Twilio answered cannot be told."""
        return OUTCOMES.get(self.state, CallOutcome.UNKNOWN)

    @property
    def by_person(self) -> bool:
        """Whether somebody, and no answering machine, took the call."""
        return self.outcome is CallOutcome.ANSWERED


def leg_of(rows: Sequence[RowValues]) -> TwilioLeg:
    """The leg from all rows about its sid (the same row twice is one leg)."""
    summary = next((row for row in rows if _is_summary(row)), None)
    listed = next((row for row in rows if not _is_summary(row)), None)
    first = listed or rows[0]
    moments = [row.moment(name) for row in rows for name in ("starttime", "datecreated", "createdtime")]
    ended_at = next((at for row in rows if (at := row.moment("endtime")) is not None), None)
    whole = summary.seconds("duration") if summary else None
    talked = summary.seconds("connectduration") if summary else None
    state = (first.text("status") or first.text("callstate")).lower()
    if talked is None and listed is not None and state == "completed":
        talked = listed.seconds("duration")
    ring = whole - talked if summary and talked and whole is not None and whole >= talked else None
    return TwilioLeg(
        sid_of(first),
        next((parent for row in rows if (parent := parent_sid(row))), ""),
        first.text("direction").lower().replace("_", "-"),
        _party(first, "from", "caller"),
        _party(first, "to", "callee"),
        state,
        next((by for row in rows if (by := row.text("answeredby").lower())), ""),
        min((at for at in moments if at is not None), default=None),
        ended_at - timedelta(seconds=talked) if ended_at is not None and talked else None,
        ended_at,
        ring,
    )


def plain_name(name: str) -> str:
    """A field's name as all exports agree on it: ``Parent Call Sid`` and ``parent_call_sid`` -> ``parentcallsid``."""
    return name.lower().replace("_", "").replace(" ", "")


def sid_of(row: RowValues) -> str:
    """The sid of the call that a row is about (a recording names its call)."""
    return row.text("callsid", "sid")


def parent_sid(row: RowValues) -> str:
    """The sid of the call that made this one; "" for none."""
    return row.text("parentcallsid") or row.inside("attributes").text("parent_call_sid")


def _is_summary(row: RowValues) -> bool:
    return bool(row.text("connectduration", "callstate", "processingstate"))


def _party(row: RowValues, name: str, inside: str) -> str:
    return row.text(name) or row.inside(name).text(inside)
