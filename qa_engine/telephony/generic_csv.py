"""Any phone system that writes its calls as a table: a CSV file and a TOML file that says what its columns mean.

``records import calls.csv --system generic-csv --mapping calls.toml``; one row is one call. The mapping:

.. code:: toml

    system = "acme cloud"                # the name in reports; default: generic csv
    time_zone = "Europe/Moscow"          # of moments that name none; else --time-zone
    delimiter = ";"                      # default: found by itself
    encoding = "cp1251"                  # default: UTF-8 where the file is, else cp1251
    date_format = "%d.%m.%Y %H:%M:%S"    # default: ISO 8601, DD.MM.YYYY, seconds since 1970, RFC 2822
    durations = "seconds"                # or "milliseconds", or "hh:mm:ss"

    [columns]                            # left: what it means here; right: the column's name in the first line
    started_at = ["Date", "Time"]        # the one that is needed; two columns are joined by a blank
    record_id = "Call ID"                # default: made of the start and the numbers
    direction = "Type"
    manager = "Employee"                 # the extension or name of who answered
    customer = "Number"                  # the number outside
    outcome = "Result"
    ringing_at = "Ring start"            # with answered_at: the ring time is their difference
    answered_at = "Answered"             # of a person, not of a menu
    ended_at = "End"
    ring_seconds = "Ring"                # or the ring time itself
    wait_seconds = "Wait"                # from entering the queue to the answer
    hold_seconds = "Hold"
    num_holds = "Holds"
    queue = "Group"
    recording = "File"                   # its folders are left out
    recording_started_at = "Record start"
    other_id = "Link ID"                 # another id by which a recording may name the call

    [direction]                          # what the column holds = inbound, outbound or internal
    "Входящий" = "inbound"
    "Исходящий" = "outbound"

    [outcome]                            # = answered, missed, busy, failed or voicemail
    "Отвечен" = "answered"
    "Пропущен" = "missed"

Without an outcome column a call with a moment in `answered_at` is answered, and one without is missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord
from qa_engine.errors import RecordsError
from qa_engine.telephony.csv_mapping import CsvMapping, load_mapping
from qa_engine.telephony.grouping import grouped
from qa_engine.telephony.moments import parse_moment
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import read_rows
from qa_engine.telephony.row_values import (
    PlainRow,
    RecordsFile,
    RowValues,
    file_name,
    seconds_between,
    some_calls,
    without_repeats,
)

__all__ = ["GENERIC_CSV"]


@dataclass(frozen=True, slots=True)
class _MappedRow:
    """One row as the mapping reads it."""

    row: RowValues
    mapping: CsvMapping

    def text(self, field: str) -> str:
        """What the columns of a field hold, joined by blanks."""
        return " ".join(text for name in self.mapping.columns.get(field, ()) if (text := self.row.text(name)))

    def moment(self, field: str) -> datetime | None:
        """The moment of a field, by `date_format` where there is one; told where it cannot be read."""
        text = self.text(field)
        if not text.strip("0-:. T"):
            return None
        found = self._parsed(text)
        if found is None:
            self.row.tell(self._name(field), "holds no moment that can be read")
        return found

    def seconds(self, field: str) -> float | None:
        """The duration of a field in seconds."""
        per_second = 1000.0 if self.mapping.durations == "milliseconds" else 1.0
        return self.row.seconds(*self.mapping.columns.get(field, ("",)), per_second=per_second)

    def count(self, field: str) -> int | None:
        """The whole number of a field, told where it is none."""
        text = self.text(field)
        if text and not text.isdigit():
            self.row.tell(self._name(field), "is no count")
        return int(text) if text.isdigit() else None

    def word(self, field: str, known: Sequence[str], unknown: str) -> str:
        """What a value means by the mapping's table, or as it stands; `unknown`, and told, where neither knows it."""
        text = self.text(field)
        meaning = self.mapping.meanings.get(field, {}).get(text.casefold(), text.lower())
        if text and meaning not in known:
            self.row.file.problems.add(
                self.row.line, f"{self._name(field)} holds a value that [{field}] of the mapping does not name"
            )
        return meaning if meaning in known else unknown

    def _parsed(self, text: str) -> datetime | None:
        if not self.mapping.date_format:
            return parse_moment(text, self.row.file.zone, path=self.row.file.path)
        try:
            read = datetime.strptime(text, self.mapping.date_format)
        except ValueError:
            return None
        return parse_moment(read.isoformat(), self.row.file.zone, path=self.row.file.path)

    def _name(self, field: str) -> str:
        return " + ".join(self.mapping.columns.get(field, (field,)))


class GenericCsvReader:
    """Reads a table by the user's mapping."""

    name = "generic-csv"
    title = "any CSV file, with --mapping"

    def fits(self, beginning: str) -> bool:
        """Never by itself: only the user knows what the columns mean."""
        return False

    def read(self, path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CallRecord]:
        """The calls, one a row, a row that stands twice once; raises RecordsError for a mapping that does not fit."""
        if options.mapping is None:
            raise RecordsError(
                f"{path}: generic-csv needs to know what the columns mean: say --mapping FILE "
                '(a TOML file with [columns] started_at = "...", customer = "...", ...)'
            )
        mapping = load_mapping(options.mapping, path, options)
        file = RecordsFile(path, mapping.time_zone or options.time_zone, problems)
        groups = grouped(_rows(path, mapping, problems), lambda row: _key(_MappedRow(RowValues(*row, file), mapping)))
        calls = (_call(_MappedRow(RowValues(*rows[-1], file), mapping)) for rows in groups)
        return some_calls((call for call in calls if call), path, self.title, problems)


def _rows(path: Path, mapping: CsvMapping, problems: Problems) -> Iterator[PlainRow]:
    for row in read_rows(path, encoding=mapping.encoding, problems=problems, delimiter=mapping.delimiter):
        yield row.line, dict(row.values)


def _key(row: _MappedRow) -> str:
    return row.text("record_id") or " ".join(row.text(name) for name in ("started_at", "customer", "manager"))


def _call(row: _MappedRow) -> CallRecord | None:
    started_at = row.moment("started_at")
    if started_at is None:
        row.row.file.problems.add(row.row.line, "no start that can be read: the row was left out")
        return None
    answered_at = row.moment("answered_at")
    ring, ring_by = _ring(row, answered_at)
    outcome = _outcome(row, answered_at)
    recording = file_name(row.text("recording"))
    return CallRecord(
        row.mapping.system,
        _key(row),
        started_at,
        direction=Direction(row.word("direction", tuple(Direction), Direction.UNKNOWN)),
        manager=row.text("manager"),
        customer=row.text("customer"),
        outcome=outcome,
        answered_at=answered_at,
        ended_at=row.moment("ended_at"),
        ring_seconds=ring,
        ring_by=ring_by,
        no_ring_why="" if ring is not None or outcome is not CallOutcome.ANSWERED else "the row has no ring time",
        wait_seconds=row.seconds("wait_seconds"),
        hold_seconds=row.seconds("hold_seconds"),
        num_holds=row.count("num_holds"),
        resolution=0.001 if row.mapping.durations == "milliseconds" else 1.0,
        ids=without_repeats([row.text("record_id"), row.text("other_id")]),
        recordings=without_repeats([recording]),
        recording_started_at=row.moment("recording_started_at"),
        queue=row.text("queue"),
    )


def _ring(row: _MappedRow, answered_at: datetime | None) -> tuple[float | None, str]:
    told = row.seconds("ring_seconds")
    if told is not None:
        return told, "column of the ring time"
    ringing_at = row.moment("ringing_at")
    between = seconds_between(ringing_at, answered_at)
    if between is None and ringing_at is not None and answered_at is not None:
        row.row.tell("answered_at", "is before ringing_at")
    return between, "answered_at - ringing_at" if between is not None else ""


def _outcome(row: _MappedRow, answered_at: datetime | None) -> CallOutcome:
    if "outcome" in row.mapping.columns:
        return CallOutcome(row.word("outcome", tuple(CallOutcome), CallOutcome.UNKNOWN))
    if "answered_at" not in row.mapping.columns:
        return CallOutcome.UNKNOWN
    return CallOutcome.MISSED if answered_at is None else CallOutcome.ANSWERED


GENERIC_CSV = GenericCsvReader()
