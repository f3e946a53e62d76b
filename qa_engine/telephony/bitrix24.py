"""Call statistics of Bitrix24: the answer of `voximplant.statistic.get` (JSON), or the same columns as CSV.

Fields and codes are those of the vendor's REST documentation (TELEPHONY 3.4). CALL_DURATION is the time talked;
neither the answer nor the ringing is told, so that the ring time is always unknown here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord, RecordedTransfer
from qa_engine.telephony.grouping import grouped
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.row_values import (
    PlainRow,
    RecordsFile,
    RowValues,
    as_text,
    file_name,
    json_or_csv_rows,
    require_columns,
    some_calls,
    without_repeats,
)

__all__ = ["BITRIX24"]

NEEDED = ("call_id", "call_start_date", "call_type", "call_failed_code")
DIRECTIONS = {  # CALL_TYPE: 3 was passed on to a mobile phone, 4 is a call back, 5 an announcement made by a machine
    "1": Direction.OUTBOUND,
    "2": Direction.INBOUND,
    "3": Direction.INBOUND,
    "4": Direction.OUTBOUND,
    "5": Direction.OUTBOUND,
}
OUTCOMES = {  # CALL_FAILED_CODE
    "200": CallOutcome.ANSWERED,
    "304": CallOutcome.MISSED,
    "603": CallOutcome.MISSED,  # declined
    "603-S": CallOutcome.MISSED,  # the caller gave up
    "486": CallOutcome.BUSY,
    **dict.fromkeys(("402", "403", "404", "423", "480", "484", "503"), CallOutcome.FAILED),
}
NO_RING_WHY = "Bitrix24 tells when the call began and how long was talked, not when it rang or was answered"


class Bitrix24Reader:
    """Reads what `voximplant.statistic.get` gives."""

    name = "bitrix24"
    title = "Bitrix24 call statistics (JSON of voximplant.statistic.get, CSV)"

    def fits(self, beginning: str) -> bool:
        """Whether the fields that only Bitrix24 has stand in the beginning."""
        upper = beginning.upper()
        return "CALL_FAILED_CODE" in upper and "CALL_START_DATE" in upper

    def read(self, path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CallRecord]:
        """The calls, each once; the rows of one CALL_ID are one call that was passed on."""
        file = RecordsFile(path, options.time_zone, problems)
        groups = grouped(_rows(path, options, problems), _key)
        calls = (_call([RowValues(line, values, file) for line, values in rows]) for rows in groups)
        return some_calls((call for call in calls if call is not None), path, self.title, problems)


def _rows(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[PlainRow]:
    def check(names: Iterable[str]) -> None:
        require_columns(names, NEEDED, path, BITRIX24.title)

    for line, told in json_or_csv_rows(path, options, problems, check):
        page = told.get("result")  # where each line of a file is one answer
        for item in page if isinstance(page, list) else [told]:
            values = {name.lower(): value for name, value in item.items()} if isinstance(item, dict) else {}
            if as_text(values.get("call_id")):
                yield line, values
            else:
                problems.add(line, "no CALL_ID: it is no call of Bitrix24 and was left out")


def _key(row: PlainRow) -> str:
    return as_text(row[1].get("call_id"))


def _call(rows: Sequence[RowValues]) -> CallRecord | None:
    parts = sorted(((at, row) for row in rows if (at := _began(row)) is not None), key=lambda part: part[0])
    if not parts:
        return None
    started_at, first = parts[0]
    answered = [(at, row) for at, row in parts if _outcome(row) is CallOutcome.ANSWERED]
    passed_on = [part for part in answered[1:] if part[1].text("portal_user_id") != _user(answered[0][1])]
    told = answered[0][1] if answered else first
    return CallRecord(
        "bitrix24",
        first.text("call_id"),
        started_at,
        direction=_direction(first),
        manager=_user(told),
        customer=first.text("phone_number"),
        outcome=_outcome(told),
        no_ring_why=NO_RING_WHY,
        transfers=tuple(RecordedTransfer(at, _user(row)) for at, row in passed_on),
        ids=without_repeats(row.text(name) for row in rows for name in ("call_id", "external_call_id", "session_id")),
        recordings=without_repeats(file_name(place) for row in rows for place in _places(row)),
    )


def _began(row: RowValues) -> datetime | None:
    at = row.moment("call_start_date")
    if at is None:
        row.file.problems.add(row.line, "no CALL_START_DATE that can be read: the call was left out")
    row.seconds("call_duration")  # not kept, but a duration that cannot be is told
    return at


def _outcome(row: RowValues) -> CallOutcome:
    return OUTCOMES.get(row.text("call_failed_code").upper(), CallOutcome.UNKNOWN)


def _direction(row: RowValues) -> Direction:
    if row.text("call_category").lower() == "internal":
        return Direction.INTERNAL
    return DIRECTIONS.get(row.text("call_type"), Direction.UNKNOWN)


def _user(row: RowValues) -> str:
    user = row.text("portal_user_id")
    return "" if user == "0" else user


def _places(row: RowValues) -> tuple[str, ...]:
    return (row.text("record_file", "record_file_name", "record_name"), row.text("call_record_url"))


BITRIX24 = Bitrix24Reader()
