"""Statistics of MANGO OFFICE: the base ones (CSV with ``;``) and the extended ones (JSON with the legs of each call).

The base statistics have no header: their columns are those that were asked for with `fields`. Without a header the
vendor's default order is taken (11 columns), the same with `entry_id` at the end (12), or with `create` and `entry_id`
(13); for any other order write the names into a first line. `entry_id` is what holds the rows of one call together;
`answer` is 0 where nobody answered. Times as numbers are seconds since 1970; times as text are UTC+3 by the vendor's
rule, in the extended statistics UTC (VPBX API 1.9, 3.4.2; TELEPHONY 3.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallRecord
from qa_engine.errors import RecordsError
from qa_engine.telephony.grouping import grouped
from qa_engine.telephony.mango_calls import MOSCOW, MangoCall, MangoLeg, call_record
from qa_engine.telephony.mango_extended import extended_calls
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import read_beginning, read_fields, read_rows
from qa_engine.telephony.row_values import PlainRow, RecordsFile, RowValues, is_json, require_columns, some_calls

__all__ = ["MANGO_STATISTICS"]

DEFAULT = (
    *("records", "start", "finish", "answer", "from_extension", "from_number", "to_extension", "to_number"),
    *("disconnect_reason", "line_number", "location"),
)
ORDERS = {11: DEFAULT, 12: (*DEFAULT, "entry_id"), 13: (*DEFAULT, "create", "entry_id")}  # by the number of columns
NEEDED = ("start", "answer", "from_number", "to_number")
RECORDS_COLUMN, NUM_EPOCHS = 0, 3  # where a row without a header tells itself: records, then three times
SOURCE = "mango office statistics"


class MangoStatisticsReader:
    """Reads base and extended statistics."""

    name = "mango-statistics"
    title = "MANGO OFFICE statistics (base CSV, extended JSON)"

    def fits(self, beginning: str) -> bool:
        """Whether it is the vendor's JSON, a header of its names, or rows that begin with records and three times."""
        if is_json(beginning):
            return '"context_calls"' in beginning or '"context_start_time"' in beginning
        first = next((line for line in beginning.lstrip("\ufeff").splitlines() if line.strip()), "")
        fields = [field.strip() for field in first.lower().split(";")]
        return {"start", "answer", "from_extension"} <= set(fields) or _is_row(fields)

    def read(self, path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CallRecord]:
        """The calls, each once with the rows or legs it is told in."""
        if is_json(read_beginning(path, options.encoding)):
            calls: Iterator[MangoCall | None] = extended_calls(path, options, problems)
        else:
            file = RecordsFile(path, options.time_zone or MOSCOW, problems)
            groups = grouped(_rows(path, options, problems), _key)
            calls = (_call([RowValues(*row, file) for row in rows]) for rows in groups)
        found = (call_record(call) for call in calls if call is not None)
        return some_calls(found, path, self.title, problems)


def _is_row(fields: Sequence[str]) -> bool:
    times = fields[RECORDS_COLUMN + 1 : RECORDS_COLUMN + 1 + NUM_EPOCHS]
    return len(fields) in ORDERS and len(times) == NUM_EPOCHS and all(time.isdigit() for time in times)


def _rows(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[PlainRow]:
    headers = _headers(path, options)
    if "entry_id" not in headers:
        problems.add(1, "no entry_id: rows of one call stand alone; ask for entry_id in `fields` of stats/request")
    named = read_rows(path, encoding=options.encoding, problems=problems, headers=headers, delimiter=";")
    yield from ((row.line, dict(row.values)) for row in named)


def _headers(path: Path, options: ReadingOptions) -> tuple[str, ...]:
    """The names of the columns: of the first line, or the vendor's order by the number of columns."""
    fields = read_fields(path, encoding=options.encoding, problems=Problems(), delimiter=";")
    first = tuple(field.strip().lower() for _, row in islice(fields, 1) for field in row)
    if not first or "start" in first or not _looks_like_values(first):
        require_columns(first, NEEDED, path, MANGO_STATISTICS.title)
        return first
    if len(first) not in ORDERS:
        raise RecordsError(
            f"{path}: rows of {len(first)} columns without a header; known orders have 11, 12 or 13. "
            "Write the names you gave in `fields` into a first line, with ; between them"
        )
    return ORDERS[len(first)]


def _looks_like_values(fields: Sequence[str]) -> bool:
    return sum(field.isdigit() for field in fields) >= NUM_EPOCHS


def _key(row: PlainRow) -> str:
    values = row[1]
    alone = "/".join(values.get(name, "") for name in ("start", "from_extension", "from_number", "to_number"))
    return values.get("entry_id") or alone


def _call(rows: Sequence[RowValues]) -> MangoCall | None:
    once = {tuple(row.values.values()): row for row in rows}  # a row twice is one row
    dated = [(at, row) for row in once.values() if (at := _started(row)) is not None]
    if not dated:
        return None
    dated.sort(key=lambda part: part[0])
    first, last = dated[0][1], dated[-1][1]
    direction = _direction(first)
    created = first.moment("create") if first.text("create") else None
    recordings = [sid for _, row in dated for sid in row.texts("records")]
    parts = [(_leg(row, at, direction), _is_phone(row, direction)) for at, row in dated]
    return MangoCall(
        _key((first.line, dict(first.values))),
        SOURCE,
        direction,
        min(created or dated[0][0], dated[0][0]),
        caller=first.text("from_extension", "from_number"),
        customer=_customer(first, direction),
        legs=tuple(leg for leg, is_phone in parts if is_phone),
        ended_at=max((leg.ended_at for leg, _ in parts if leg.ended_at is not None), default=None),
        reason=last.text("disconnect_reason"),
        recordings=tuple(dict.fromkeys(recordings)),
    )


def _started(row: RowValues) -> datetime | None:
    at = row.moment("start")
    if at is None:
        row.file.problems.add(row.line, "no start that can be read: the row was left out")
    return at


def _direction(row: RowValues) -> Direction:
    mine, theirs = row.text("from_extension"), row.text("to_extension")
    if mine:
        return Direction.INTERNAL if theirs and not row.text("line_number") else Direction.OUTBOUND
    return Direction.INBOUND if row.text("from_number") else Direction.UNKNOWN


def _customer(row: RowValues, direction: Direction) -> str:
    if direction is Direction.OUTBOUND:
        return row.text("to_number")
    return row.text("from_number") if direction is Direction.INBOUND else ""


def _is_phone(row: RowValues, direction: Direction) -> bool:
    """Whether the row is about a phone: no menu, no queue; coming in, one of an employee."""
    if row.text("location").lower() not in ("", "abonent"):
        return False
    return direction is Direction.OUTBOUND or bool(row.text("to_extension"))


def _leg(row: RowValues, started_at: datetime, direction: Direction) -> MangoLeg:
    party = row.text("to_number") if direction is Direction.OUTBOUND else row.text("to_extension", "to_number")
    answered_at = row.moment("answer") if row.text("answer").strip("0") else None
    if answered_at is not None and answered_at < started_at:
        row.tell("answer", "is before the start")
        answered_at = None
    return MangoLeg(party, started_at, answered_at, row.moment("finish"))


MANGO_STATISTICS = MangoStatisticsReader()
