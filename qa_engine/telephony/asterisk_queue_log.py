"""Asterisk's queue_log: how long a caller waited in a queue, and how long each manager's phone rang.

A line is ``epoch|callid|queue|agent|EVENT|p1|p2|...``; CONNECT holds the seconds in the queue, the bridged channel and
the seconds that this phone rang, RINGNOANSWER and RINGCANCELED hold milliseconds (app_queue.c, TELEPHONY 3.3). The ring
of a call counts from the first phone that rang. What becomes of a call after it left the queue unanswered
(EXITWITHTIMEOUT and the like) is not in this file. A dump or an export of the table `queue_log` reads as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord, Leg, RecordedTransfer
from qa_engine.telephony.asterisk_channels import extension_of
from qa_engine.telephony.clock_check import with_checked_clock
from qa_engine.telephony.grouping import grouped
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import (
    Row,
    header_of,
    is_extension,
    open_text,
    parse_moment,
    read_beginning,
    read_lines,
    read_rows,
    read_sql_rows,
)
from qa_engine.telephony.row_values import read_seconds, require_columns, some_calls, without_repeats
from qa_engine.telephony.sql_dumps import tables_of

__all__ = ["ASTERISK_QUEUE_LOG", "AsteriskQueueLog"]

LINE = re.compile(r"\d{9,11}(?:\.\d+)?\|[^|\n]*\|[^|\n]*\|[^|\n]*\|[A-Z]+")
NAMES = {"queuename": "queue", "data1": "p1", "data2": "p2", "data3": "p3", "data4": "p4", "data5": "p5"}
COLUMNS = ("time", "callid", "queue", "agent", "event", "p1", "p2", "p3", "p4", "p5")
NO_CALL = frozenset({"", "NONE", "REALTIME", "MANAGER"})
LEFT = frozenset({"EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY", "WITHDRAW"})  # out of the queue, not out of the house
DONE = frozenset({"COMPLETEAGENT", "COMPLETECALLER"})
TRANSFERS = frozenset({"BLINDTRANSFER", "ATTENDEDTRANSFER", "TRANSFER"})
RANG = {"RINGNOANSWER": 0.001, "RINGCANCELED": 0.001}  # the unit of their ring time, seconds
CALL_EVENTS = LEFT | DONE | TRANSFERS | set(RANG) | {"ENTERQUEUE", "CONNECT", "ABANDON", "AGENTDUMP", "SYSCOMPAT"}


@dataclass(frozen=True, slots=True)
class QueueEvent:
    """One line; two are equal wherever they stand."""

    line: int = field(compare=False)
    at: datetime
    callid: str
    queue: str
    agent: str
    kind: str
    told: tuple[str, ...]  # p1 to p5

    def seconds(self, place: int) -> float | None:
        """The parameter at `place` (from 1) as a number; None where there is none."""
        return read_seconds(self.told[place - 1]) if len(self.told) >= place else None


@dataclass(frozen=True, slots=True)
class AsteriskQueueLog:
    """Reads queue logs."""

    name: str = "asterisk-queue-log"
    title: str = "Asterisk queue_log (file, CSV with a header, database dump)"

    def fits(self, beginning: str) -> bool:
        """Whether the first lines of a file look like a queue log."""
        columns = set(_named(header_of(beginning)))
        return (
            LINE.match(beginning.lstrip("\ufeff\r\n ")) is not None
            or any("queue_log" in table or "queuelog" in table for table in tables_of(beginning))
            or {"callid", "queue", "agent", "event"} <= columns
        )

    def read(self, path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CallRecord]:
        """The calls of a file; raises RecordsError for missing columns, no time zone, no rows."""
        groups = grouped(_events(path, options, problems), lambda event: event.callid)
        calls = (_call(events, options) for events in groups)
        return some_calls(with_checked_clock(calls, problems), path, self.title, problems)


ASTERISK_QUEUE_LOG = AsteriskQueueLog()


def _events(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[QueueEvent]:
    for row in _table(path, options, problems):
        values = [row.values.get(name, "").strip() for name in COLUMNS]
        kind = values[4].upper()
        if kind not in CALL_EVENTS or values[1] in NO_CALL:
            continue
        at = parse_moment(values[0], options.time_zone, path=path)
        if at is None:
            problems.add(row.line, "time holds no moment that can be read: the line was left out")
        else:
            yield QueueEvent(row.line, at, values[1], values[2], values[3], kind, tuple(values[5:]))


def _table(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[Row]:
    beginning = read_beginning(path, options.encoding)
    if LINE.match(beginning.lstrip("\ufeff\r\n ")):
        yield from _lines(path, options, problems)
        return
    tables = {table for table in tables_of(beginning) if "queue" in table}
    if tables:
        rows = read_sql_rows(path, encoding=options.encoding, problems=problems, tables=tables)
    else:
        require_columns(_named(header_of(beginning)), COLUMNS[:5], path, "Asterisk queue_log")
        rows = read_rows(path, encoding=options.encoding, problems=problems)
    for count, row in enumerate(rows):
        values = dict(zip(_named(tuple(row.values)), row.values.values(), strict=True))
        if not count:
            require_columns(values, COLUMNS[:5], path, "Asterisk queue_log")
        yield Row(row.line, values)


def _lines(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[Row]:
    with open_text(path, options.encoding) as file:
        for number, line in read_lines(file, problems):
            fields = line.rstrip("\r\n").split("|")
            if len(fields) >= 5:
                yield Row(number, dict(zip(COLUMNS, fields, strict=False)))
            elif line.strip():
                problems.add(number, f"the line has {len(fields)} fields, at least 5 expected: it was left out")


def _named(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(NAMES.get(column, column) for column in columns)


def _call(rows: Sequence[QueueEvent], options: ReadingOptions) -> CallRecord:
    events = tuple(sorted(dict.fromkeys(rows), key=lambda event: event.at))
    entered = next((event for event in events if event.kind == "ENTERQUEUE"), events[0])
    caller = entered.told[1] if entered.kind == "ENTERQUEUE" and len(entered.told) > 1 else ""
    connect = next((event for event in events if event.kind == "CONNECT"), None)
    legs = tuple(leg for event in events if (leg := _leg(event, options)) is not None)
    outcome, ring = _outcome(events, connect), _ring(connect, legs)
    manager = _agent((connect or events[0]).agent, options) if connect else (legs[-1].party if legs else "")
    return CallRecord(
        system="asterisk queue log",
        record_id=events[0].callid,
        started_at=entered.at,
        direction=Direction.INTERNAL if is_extension(caller, options) else Direction.INBOUND,
        manager=manager,
        customer=caller,
        outcome=outcome,
        answered_at=connect.at if connect else None,
        ended_at=events[-1].at if events[-1].kind != "CONNECT" and outcome is not CallOutcome.UNKNOWN else None,
        ring_seconds=ring,
        ring_by="" if ring is None else "ringtime of the queue log" if len(legs) == 1 else "legs",
        no_ring_why=_no_ring_why(events, connect, ring),
        wait_seconds=_wait(entered, connect),
        transfers=_transfers(events, connect),
        resolution=1e-6 if any(event.at.microsecond for event in events) else 1.0,
        ids=without_repeats([events[0].callid, *(event.told[1] for event in events if event.kind == "CONNECT")]),
        queue=(connect or events[-1]).queue,
        legs=legs,
    )


def _agent(agent: str, options: ReadingOptions) -> str:
    return extension_of(agent, options) or agent.partition("@")[0]


def _leg(event: QueueEvent, options: ReadingOptions) -> Leg | None:
    """The ring of one phone that this line tells of; a phone that was not reached (0 ms) did not ring."""
    if event.kind == "CONNECT":
        seconds = event.seconds(3)
        began = None if seconds is None else event.at - timedelta(seconds=seconds)
        return None if began is None else Leg(_agent(event.agent, options), began, event.at)
    seconds = (event.seconds(1) or 0) * RANG.get(event.kind, 0)
    return Leg(_agent(event.agent, options), event.at - timedelta(seconds=seconds), None, event.at) if seconds else None


def _ring(connect: QueueEvent | None, legs: Sequence[Leg]) -> float | None:
    if connect is None or not any(leg.answered_at == connect.at for leg in legs):
        return None
    return (connect.at - min(leg.started_at for leg in legs)).total_seconds()


def _wait(entered: QueueEvent, connect: QueueEvent | None) -> float | None:
    if connect is None:
        return None
    return (connect.at - entered.at).total_seconds() if entered.kind == "ENTERQUEUE" else connect.seconds(1)


def _outcome(events: Sequence[QueueEvent], connect: QueueEvent | None) -> CallOutcome:
    if connect is not None:
        return CallOutcome.ANSWERED
    return CallOutcome.MISSED if events[-1].kind == "ABANDON" else CallOutcome.UNKNOWN


def _no_ring_why(events: Sequence[QueueEvent], connect: QueueEvent | None, ring: float | None) -> str:
    if ring is not None:
        return ""
    if connect is not None:
        return "CONNECT holds no ring time: this version of Asterisk writes none"
    if events[-1].kind in LEFT:
        return f"the call left the queue ({events[-1].kind}); the queue log does not tell what became of it"
    return "nobody answered"


def _transfers(events: Sequence[QueueEvent], connect: QueueEvent | None) -> tuple[RecordedTransfer, ...]:
    """The hand-overs after the answer; the wait is known where the caller came into a queue again."""
    if connect is None:
        return ()
    found = []
    for event in events:
        if event.kind in TRANSFERS:
            kind = "attended" if event.kind == "ATTENDEDTRANSFER" else "blind"
            again = next((e.at for e in events if e.kind == "CONNECT" and e.at >= event.at and e is not connect), None)
            wait = None if again is None else (again - event.at).total_seconds()
            found.append(RecordedTransfer(event.at, "" if kind == "attended" else event.told[0], kind, wait))
    return tuple(found)
