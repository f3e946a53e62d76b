"""Calls of Twilio: pages of the Calls, Voice Insights summary and Recordings lists (JSON), or the console's CSV.

A call is a parent and its children: each <Dial> makes a child by its parent_call_sid, and the person who talks with
the customer is on a child. The Calls list has no ring time: its duration counts from the answer, `queue_time` is a
delay before dialling. Voice Insights has: `duration` from initiated, `connect_duration` from answered to ended
(TELEPHONY 3.4). A child of a child names no call that could be found without the whole file: it is a call of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise
from pathlib import Path

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallRecord, RecordedTransfer
from qa_engine.telephony.grouping import grouped
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import is_extension
from qa_engine.telephony.row_values import (
    PlainRow,
    RecordsFile,
    RowValues,
    json_or_csv_rows,
    require_columns,
    seconds_between,
    some_calls,
    without_repeats,
)
from qa_engine.telephony.twilio_legs import TwilioLeg, leg_of, parent_sid, plain_name, sid_of

__all__ = ["TWILIO"]

NEEDED = ("callsid", "from", "to", "status", "starttime", "direction")
PAGES = ("calls", "callsummaries", "recordings")  # arrays of a page, where each line of a file is one
TRUNKS = {  # directions that tell who called whom; "originating" is from the telephone network to the company
    "outbound-api": Direction.OUTBOUND,
    "trunking-originating": Direction.INBOUND,
    "trunking-terminating": Direction.OUTBOUND,
}
NO_RING_WHY = "the Calls list of Twilio has no ring time: export the Voice Insights call summaries as well"
NO_PERSON_WHY = "the file holds no leg of a person's phone: export the child calls as well"


@dataclass(frozen=True, slots=True)
class _Call:
    """A parent with its children in order of time; of a child alone `first` is that child."""

    first: TwilioLeg
    children: tuple[TwilioLeg, ...]
    options: ReadingOptions

    def is_company(self, party: str) -> bool:
        """Whether a party is the company's own: a client, a SIP phone, an extension."""
        return party.lower().startswith(("client:", "sip:")) or is_extension(party, self.options)

    @property
    def direction(self) -> Direction:
        """Seen from the company; Twilio's own "inbound" also means a call of an agent's softphone to Twilio."""
        kind = TRUNKS.get(self.first.direction)
        if kind is not None:
            return kind
        outside = [leg for leg in self.children or (self.first,) if not self.is_company(leg.callee)]
        if self.is_company(self.first.caller):
            return Direction.OUTBOUND if outside else Direction.INTERNAL
        if self.first.direction == "inbound" or self.is_company(self.first.callee):
            return Direction.INBOUND
        return Direction.UNKNOWN

    @property
    def reached(self) -> tuple[TwilioLeg, ...]:
        """The legs of whom the caller wants to reach: the customer's when the company calls, else the agents'."""
        scripted = self.first.direction == "inbound" and not self.first.parent  # answered by a script, not a person
        legs = self.children if scripted else (self.first, *self.children)
        if self.direction is not Direction.OUTBOUND:
            return legs
        return tuple(leg for leg in legs if not self.is_company(leg.callee))

    def manager(self, leg: TwilioLeg) -> str:
        """Who of the company is on the call."""
        if self.direction is not Direction.OUTBOUND:
            return leg.callee if leg is not self.first or self.is_company(leg.callee) else ""
        mine = [self.first.caller, self.first.callee, *(child.callee for child in self.children)]
        return next((party for party in mine if self.is_company(party)), "")


class TwilioReader:
    """Reads lists of calls of Twilio."""

    name = "twilio"
    title = "Twilio calls (JSON of Calls or Voice Insights, CSV export)"

    def fits(self, beginning: str) -> bool:
        """Whether sids of calls and the fields of a list of Twilio stand in the beginning."""
        plain = plain_name(beginning)
        return ('"accountsid"' in plain and '"ca' in plain) or all(name in plain for name in NEEDED)

    def read(self, path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CallRecord]:
        """The calls, each once with its children."""
        file = RecordsFile(path, options.time_zone or UTC, problems)  # Twilio's own: UTC, RFC 2822
        groups = grouped(_rows(path, options, problems), lambda row: _key(RowValues(*row, file)))
        calls = (_record([RowValues(*row, file) for row in rows], options) for rows in groups)
        return some_calls((call for call in calls if call is not None), path, self.title, problems)


def _rows(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[PlainRow]:
    def check(names: Iterable[str]) -> None:
        plain = [plain_name(name) for name in names]
        require_columns([*plain, *(["callsid"] if "sid" in plain else [])], NEEDED, path, TWILIO.title)

    for line, named in json_or_csv_rows(path, options, problems, check):
        row = {plain_name(name): value for name, value in named.items()}
        pages = [row[name] for name in PAGES if isinstance(row.get(name), list)]
        for item in [item for page in pages for item in page if isinstance(item, dict)] if pages else [row]:
            values = {plain_name(name): value for name, value in item.items()}
            if values.get("callsid") or values.get("sid"):
                yield line, values
            else:
                problems.add(line, "no sid: it is no call of Twilio and was left out")


def _key(row: RowValues) -> str:
    return parent_sid(row) or sid_of(row)


def _record(rows: Sequence[RowValues], options: ReadingOptions) -> CallRecord | None:
    legs = _legs(rows)
    started_at = min((leg.started_at for leg in legs if leg.started_at is not None), default=None)
    if started_at is None:
        rows[0].file.problems.add(rows[0].line, "no start time of the call: it was left out")
        return None
    first = next((leg for leg in legs if not leg.parent), legs[0])
    call = _Call(first, tuple(leg for leg in legs if leg is not first), options)
    answered = [leg for leg in call.reached if leg.by_person]
    leg = answered[0] if answered else call.reached[-1] if call.reached else first
    answered_at = leg.answered_at if answered else None
    recordings = without_repeats(sid for row in rows for sid in _recordings(row))
    return CallRecord(
        "twilio",
        first.parent or first.sid,
        started_at,
        direction=call.direction,
        manager=call.manager(leg),
        customer=leg.callee if call.direction is Direction.OUTBOUND else first.caller,
        outcome=leg.outcome if call.reached else first.outcome_without_person,
        answered_at=answered_at,
        ended_at=max((leg.ended_at for leg in legs if leg.ended_at is not None), default=None),
        ring_seconds=leg.ring_seconds if answered else None,
        ring_by="duration - connect_duration" if answered and leg.ring_seconds is not None else "",
        no_ring_why=_no_ring_why(call, leg) if answered or not call.reached else "",
        wait_seconds=seconds_between(started_at, answered_at),
        transfers=_transfers(answered),
        ids=without_repeats([*(leg.sid for leg in legs), first.parent, *recordings]),
        recordings=recordings,
    )


def _legs(rows: Sequence[RowValues]) -> list[TwilioLeg]:
    by_sid: dict[str, list[RowValues]] = {}
    for row in rows:
        if not _is_recording(row):
            by_sid.setdefault(sid_of(row), []).append(row)
    legs = [leg_of(same) for same in by_sid.values()]
    return sorted(legs, key=lambda leg: (leg.started_at is None, leg.started_at and leg.started_at.timestamp()))


def _is_recording(row: RowValues) -> bool:
    return row.text("sid").startswith("RE")


def _recordings(row: RowValues) -> tuple[str, ...]:
    return (row.text("sid"),) if _is_recording(row) else (*row.texts("recordingsids"), row.text("recordingsid"))


def _no_ring_why(call: _Call, leg: TwilioLeg) -> str:
    if not call.reached:
        return NO_PERSON_WHY
    return "" if leg.ring_seconds is not None else NO_RING_WHY


def _transfers(answered: Sequence[TwilioLeg]) -> tuple[RecordedTransfer, ...]:
    """Of several legs that were answered one after another each but the first is a transfer, at the end of the last."""
    return tuple(
        RecordedTransfer(before.ended_at, leg.callee, wait_seconds=seconds_between(before.ended_at, leg.answered_at))
        for before, leg in pairwise(answered)
        if before.ended_at is not None and leg.answered_at is not None and leg.answered_at >= before.ended_at
    )


TWILIO = TwilioReader()
