"""The rows of Asterisk's call detail records, from every place where Asterisk leaves them.

``Master.csv`` of cdr_csv has no header and 16 to 21 columns: uniqueid, userfield and the three new columns are each
written or not (TELEPHONY 3.1, cdr_csv.c). Custom and adaptive backends, FreePBX and its exports have a header, in any
order; a dump of the database names its columns itself. cdr_mysql writes no answer and no end: both follow from
duration and billsec.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import (
    Row,
    first_row,
    header_of,
    parse_moment,
    read_beginning,
    read_fields,
    read_rows,
    read_sql_rows,
)
from qa_engine.telephony.row_values import RecordsFile, RowValues, file_name, require_columns, without_repeats
from qa_engine.telephony.sql_dumps import tables_of

__all__ = ["CdrRow", "is_cdr", "read_cdr_rows"]

TITLE = "Asterisk CDR"
FIRST = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start",
    "answer", "end", "duration", "billsec", "disposition", "amaflags",
)  # fmt: skip
NEW = ("peeraccount", "linkedid", "sequence")
START = ("start", "calldate", "starttime", "start_time")
ANSWER = ("answer", "answerdate", "answertime", "answer_time")
END = ("end", "enddate", "endtime", "end_time")
DISPOSITIONS = frozenset({"ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION", "CANCEL"})
UNIQUE_ID = re.compile(r"(?:.+-)?\d{9,11}\.\d+")
TABLE = re.compile(r"\w*cdr\w*", re.IGNORECASE)
SOUND = re.compile(r"\.(?:wav|wav49|gsm|mp3|ogg|opus|ulaw|alaw|sln|g722|g729)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CdrRow:
    """One row: one attempt of the channel `channel` to reach `dstchannel`; two rows are equal wherever they stand."""

    line: int = field(compare=False)
    start: datetime
    answer: datetime | None
    end: datetime | None
    disposition: str
    src: str
    dst: str
    context: str
    channel: str
    dstchannel: str
    app: str
    data: str
    uniqueid: str
    linkedid: str
    sequence: int
    recordings: tuple[str, ...]


def is_cdr(beginning: str) -> bool:
    """Whether a file begins like call detail records: a dump, a header, or a first row of ``Master.csv``."""
    if any(TABLE.fullmatch(table) for table in tables_of(beginning)):
        return True
    header = header_of(beginning)
    if {"disposition", "billsec"} <= set(header) and set(START) & set(header):
        return True
    return _is_master_row(first_row(beginning))


def read_cdr_rows(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CdrRow]:
    """The rows of a file as they stand in it; raises RecordsError for missing columns, or moments without a zone."""
    file = RecordsFile(path, options.time_zone, problems)
    for row in _table(path, options, problems):
        parsed = _parsed(RowValues(row.line, row.values, file))
        if parsed is not None:
            yield parsed


def _table(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[Row]:
    beginning = read_beginning(path, options.encoding)
    header, tables = header_of(beginning), tables_of(beginning)
    if tables:
        wanted = {"cdr"} if "cdr" in tables else {table for table in tables if TABLE.fullmatch(table)} or {"cdr"}
        rows = read_sql_rows(path, encoding=options.encoding, problems=problems, tables=wanted)
    elif _is_master_row(first_row(beginning)):
        rows = _master(path, options, problems)
    else:
        _require(header, path)
        rows = read_rows(path, encoding=options.encoding, problems=problems)
    for count, row in enumerate(rows):
        if not count:
            _require(tuple(row.values), path)
        yield row


def _master(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[Row]:
    """The rows of a ``Master.csv``; the number of columns may change in it with the settings of the system."""
    for line, fields in read_fields(path, encoding=options.encoding, problems=problems, delimiter=","):
        names = _master_columns(fields)
        if names:
            yield Row(line, dict(zip(names, fields, strict=True)))
        else:
            problems.add(line, f"the row has {len(fields)} fields, 16 to 21 expected: it was left out")


def _master_columns(fields: Sequence[str]) -> tuple[str, ...]:
    more = len(fields) - len(FIRST)
    new = NEW if more >= len(NEW) else ()
    one = ("uniqueid",) if more - len(new) != 1 or UNIQUE_ID.fullmatch(fields[16]) else ("userfield",)
    own = {0: (), 1: one, 2: ("uniqueid", "userfield")}.get(more - len(new))
    return () if own is None else (*FIRST, *own, *new)


def _is_master_row(fields: Sequence[str]) -> bool:
    return (
        bool(fields)
        and bool(_master_columns(fields) if len(fields) >= len(FIRST) else ())
        and fields[14].upper() in DISPOSITIONS
        and fields[12].isdigit()
        and fields[13].isdigit()
        and parse_moment(fields[9], UTC) is not None
    )


def _require(found: Sequence[str], path: Path) -> None:
    """Raise RecordsError where a column is missing without which nothing can be told of a call."""
    there = [*found]
    there += ["start"] if set(START) & set(found) else []
    there += ["duration"] if set(END) & set(found) else []
    require_columns(there, ("start", "src", "dst", "duration", "disposition"), path, TITLE)


def _parsed(row: RowValues) -> CdrRow | None:
    start = row.moment(*START)
    if start is None:
        row.file.problems.add(row.line, "start holds no moment that can be read: the row was left out")
        return None
    disposition = row.text("disposition").upper().replace("NOANSWER", "NO ANSWER")
    duration, billsec = row.seconds("duration"), row.seconds("billsec")
    end = row.moment(*END) or (None if duration is None else start + timedelta(seconds=duration))
    answer = row.moment(*ANSWER)
    if answer is None and disposition == "ANSWERED" and end is not None and billsec is not None:
        answer = max(start, end - timedelta(seconds=billsec))
    if (answer is not None and answer < start) or (end is not None and end < start):
        row.file.problems.add(row.line, "the answer or the end stands before the start: the row was left out")
        return None
    told = {name: value.strip() for name, value in row.values.items()}.get
    return CdrRow(
        row.line, start, answer, end, disposition, told("src") or told("cnum", ""), told("dst", ""),
        told("dcontext", ""), told("channel", ""), told("dstchannel", ""), told("lastapp", ""), told("lastdata", ""),
        told("uniqueid", ""), told("linkedid", ""), _sequence(told("sequence", "")), _recordings(told),
    )  # fmt: skip


def _sequence(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _recordings(told: Callable[[str, str], str]) -> tuple[str, ...]:
    """The files that the row names: FreePBX's column, MixMonitor's first argument, ``audio:`` of older systems."""
    started = told("lastdata", "").partition(",")[0] if told("lastapp", "").lower() == "mixmonitor" else ""
    named = (told("recordingfile", "") or told("recording", ""), started, told("userfield", ""))
    return without_repeats(file_name(name.removeprefix("audio:")) for name in named if name and SOUND.search(name))
