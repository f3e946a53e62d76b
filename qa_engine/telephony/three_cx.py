"""3CX call data records: one line per call, in the default order of fields or in any order with a header.

The lines look like ``Call 9744,00000171DEE41BB3_2501,00:05:15,2020/05/04 10:53:43,...``; the fields and their default
order are those of the CDR settings (TELEPHONY 3.4). A queue, a ring group or an IVR *answers* the call: `time-answered`
is then its moment and not that of a person (`reason-changed` is ReplacedDst, `final-number` who took the call), so the
ring is unknown. `missed-queue-calls` without a final number: the machine answered, nobody else did. The moment of a
transfer is not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord, Leg
from qa_engine.telephony.clock_check import with_checked_clock
from qa_engine.telephony.grouping import grouped
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import (
    Row,
    digits_of,
    first_row,
    header_of,
    is_extension,
    read_beginning,
    read_fields,
    read_rows,
)
from qa_engine.telephony.row_values import (
    RecordsFile,
    RowValues,
    require_columns,
    seconds_between,
    some_calls,
    without_repeats,
)

__all__ = ["THREE_CX", "ThreeCx"]

ORDER = (
    "historyid", "callid", "duration", "time_start", "time_answered", "time_end", "reason_terminated", "from_no",
    "to_no", "from_dn", "to_dn", "dial_no", "reason_changed", "final_number", "final_dn", "bill_code", "bill_rate",
    "bill_cost", "bill_name", "chain", "from_type", "to_type", "final_type", "from_dispname", "to_dispname",
    "final_dispname", "missed_queue_calls",
)  # fmt: skip
NEEDED = ("historyid", "time_start", "time_answered", "time_end", "from_no", "to_no")
FEWEST = 15  # fields of a line without a header: up to final-dn, which older versions write
CALL = re.compile(r"Call \d+")
MACHINES = ("queue", "ivr", "ring", "group", "receptionist", "script", "conference", "park")
MACHINE_ANSWERED = "a queue, a group or a menu answered; the records do not tell when a person did"


@dataclass(frozen=True, slots=True)
class ThreeCx:
    """Reads call data records of 3CX."""

    name: str = "3cx"
    title: str = "3CX CDR (default order, or with a header)"

    def fits(self, beginning: str) -> bool:
        """Whether the first lines of a file look like call data records of 3CX."""
        header = _named(header_of(beginning))
        return _is_default(first_row(beginning)) or {"historyid", "time_start", "from_no"} <= set(header)

    def read(self, path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CallRecord]:
        """The calls of a file; raises RecordsError for missing columns, no time zone, no rows."""
        rows = grouped(_table(path, options, problems), lambda row: row.values["historyid"])
        file = RecordsFile(path, options.time_zone, problems)
        calls = (_Call.of(row, file, options) for same in rows for row in _without_copies(same))
        told = (call.record() for call in calls if call)
        return some_calls(with_checked_clock(told, problems), path, self.title, problems)


THREE_CX = ThreeCx()


def _named(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(re.sub(r"[\s-]+", "_", column) for column in columns)


def _is_default(fields: Sequence[str]) -> bool:
    return len(fields) >= FEWEST and CALL.fullmatch(fields[0]) is not None


def _table(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[Row]:
    beginning = read_beginning(path, options.encoding)
    header = _named(header_of(beginning))
    if _is_default(first_row(beginning)):
        for line, fields in read_fields(path, encoding=options.encoding, problems=problems, delimiter=","):
            if len(fields) >= FEWEST and CALL.fullmatch(fields[0]):
                yield Row(line, dict(zip(ORDER, fields, strict=False)))
            else:
                problems.add(line, f"no line of the default order ({len(fields)} fields): it was left out")
        return
    require_columns(header, NEEDED, path, "3CX CDR")
    for row in read_rows(path, encoding=options.encoding, problems=problems):
        yield Row(row.line, dict(zip(_named(tuple(row.values)), row.values.values(), strict=True)))


def _without_copies(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows of one history id, each call id once: the last word on it."""
    return iter({row.values.get("callid", ""): row for row in rows}.values())


@dataclass(frozen=True, slots=True)
class _Call:
    row: RowValues
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    options: ReadingOptions

    @classmethod
    def of(cls, row: Row, file: RecordsFile, options: ReadingOptions) -> _Call | None:
        """The call of a row; None, and a problem, where its times cannot be."""
        values = RowValues(row.line, row.values, file)
        start, answer, end = (values.moment(name) for name in ("time_start", "time_answered", "time_end"))
        if start is None or (answer is not None and answer < start) or (end is not None and end < start):
            file.problems.add(row.line, "time-start is missing, or the other times stand before it: it was left out")
            return None
        return cls(values, start, answer, end, options)

    def record(self) -> CallRecord:
        """The call record."""
        direction, outcome = self._direction(), self._outcome()
        by_person = outcome is CallOutcome.ANSWERED and not self._by_machine()
        ring = seconds_between(self.started_at, self.answered_at) if by_person else None
        manager, customer = self._parties(direction)
        number = self.row.text("historyid").removeprefix("Call ")
        return CallRecord(
            system="3cx",
            record_id=f"{number} {self.row.text('callid')}".strip(),
            started_at=self.started_at,
            direction=direction,
            manager=manager,
            customer=customer,
            outcome=outcome,
            answered_at=self.answered_at if by_person else None,
            ended_at=self.ended_at,
            ring_seconds=ring,
            ring_by="" if ring is None else "time-answered - time-start",
            no_ring_why=self._no_ring_why(outcome, ring),
            wait_seconds=ring,
            ids=without_repeats([number, self.row.text("callid")]),
            queue=self._number("to_no") if self._by_machine() else "",
            legs=()
            if ring is None
            else (Leg(self._number("to_no"), self.started_at, self.answered_at, self.ended_at),),
        )

    def _number(self, name: str) -> str:
        return self.row.text(name).removeprefix("Ext.")

    def _inside(self, side: str) -> bool:
        """Whether the `from` or `to` side is in the house."""
        name = self.row.text(f"{side}_no")
        return name.startswith("Ext.") or is_extension(name, self.options)

    def _direction(self) -> Direction:
        if not self._inside("from"):
            return Direction.INBOUND
        return Direction.INTERNAL if self._inside("to") else Direction.OUTBOUND

    def _taken(self) -> bool:
        """Whether somebody else took the call over from whom it reached first."""
        return self.row.text("reason_changed").lower() == "replaceddst" and self._number("final_number") != ""

    def _by_machine(self) -> bool:
        """Whether what answered first was a queue, a group or a menu; unknown counts as one where it was taken over."""
        kind = self.row.text("to_type").lower()
        if kind == "extension" or self._direction() is Direction.OUTBOUND:
            return False
        return any(word in kind for word in MACHINES) or self._taken() or self.row.text("missed_queue_calls") != ""

    def _outcome(self) -> CallOutcome:
        reason = self.row.text("reason_terminated").lower()
        if self.answered_at is None:
            if "busy" in reason:
                return CallOutcome.BUSY
            return CallOutcome.FAILED if reason in ("failed", "no_route", "not_found") else CallOutcome.MISSED
        kinds = self.row.text("to_type").lower(), self.row.text("final_type").lower()
        if any(kind in ("vmail", "voicemail", "external_vmail") for kind in kinds):
            return CallOutcome.VOICEMAIL
        return CallOutcome.MISSED if self._by_machine() and not self._taken() else CallOutcome.ANSWERED

    def _parties(self, direction: Direction) -> tuple[str, str]:
        if direction is Direction.OUTBOUND:
            dialled = self.row.text("to_no")
            return self._number("from_no"), dialled if digits_of(dialled) else self.row.text("dial_no")
        taken = self._number("final_number") if self._by_machine() else self._number("to_no")
        return taken, self._number("from_no")

    def _no_ring_why(self, outcome: CallOutcome, ring: float | None) -> str:
        if ring is not None:
            return ""
        return MACHINE_ANSWERED if outcome is CallOutcome.ANSWERED else "nobody answered"
