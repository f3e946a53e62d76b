"""The events of Asterisk's channel event logging, from CSV, JSON lines or a dump of the table `cel`.

cel_custom writes no header: the order is that of its sample configuration (cel_custom.conf.sample, 20 columns, 21 with
the literal, 23 or 24 of the "advanced" mapping). FreePBX and the database backends name their columns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import (
    first_row,
    header_of,
    parse_moment,
    read_beginning,
    read_fields,
    read_sql_rows,
)
from qa_engine.telephony.row_values import (
    PlainRow,
    RecordsFile,
    RowValues,
    is_json,
    json_or_csv_rows,
    require_columns,
)
from qa_engine.telephony.sql_dumps import tables_of

__all__ = ["CelEvent", "is_cel", "read_cel_events"]

TITLE = "Asterisk CEL"
TYPES = frozenset(
    {
        "CHAN_START",
        "CHAN_END",
        "HANGUP",
        "ANSWER",
        "APP_START",
        "APP_END",
        "BRIDGE_ENTER",
        "BRIDGE_EXIT",
        "PARK_START",
        "PARK_END",
        "BLINDTRANSFER",
        "ATTENDEDTRANSFER",
        "USER_DEFINED",
        "LINKEDID_END",
        "PICKUP",
        "FORWARD",
        "LOCAL_OPTIMIZE",
        "LOCAL_OPTIMIZE_BEGIN",
        "STREAM_BEGIN",
        "STREAM_END",
        "DTMF",
    }
)  # fmt: skip; main/cel.c
LEGACY = (
    "cid_name", "cid_num", "cid_ani", "cid_rdnis", "cid_dnid", "exten", "context", "channame", "appname", "appdata",
    "amaflags", "accountcode", "uniqueid", "linkedid", "peer", "userfield", "userdeftype", "extra",
)  # fmt: skip
ADVANCED = (
    "usereventname", "cid_name", "cid_num", "exten", "context", "channame", "appname", "appdata", "amaflags",
    "accountcode", "uniqueid", "userfield", "cid_ani", "cid_rdnis", "cid_dnid", "peer", "linkedid", "peeraccount",
    "extra",
)  # fmt: skip
ORDERS = {
    20: ("eventtype", "eventtime", *LEGACY),
    21: ("eventtype", "literal", "eventtime", *LEGACY),
    23: ("eventtype", "eventenum", "literal", "eventtime", *ADVANCED),
    24: ("eventtype", "eventenum", "literal", "eventtime", *ADVANCED, "tenantid"),
}
NAMES = {
    "cidname": "cid_name", "cidnum": "cid_num", "cidani": "cid_ani", "chan_name": "channame", "channel": "channame",
    "unique_id": "uniqueid", "linked_id": "linkedid", "eventextra": "extra", "time": "eventtime", "type": "eventtype",
    "app": "appname", "app_name": "appname", "app_data": "appdata",
}  # fmt: skip
NEEDED = ("eventtype", "eventtime", "channame", "uniqueid", "linkedid")
TABLE = re.compile(r"\w*cel\w*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CelEvent:
    """Something that happened to the channel `channel`; two events are equal wherever they stand."""

    line: int = field(compare=False)
    at: datetime
    kind: str
    channel: str
    uniqueid: str
    linkedid: str
    number: str  # of the channel's caller id
    exten: str
    app: str
    data: str
    extra: str

    def told(self, key: str) -> str:
        """What the JSON of the column `extra` says of `key`; "" without it."""
        try:
            extra = json.loads(self.extra) if self.extra else {}
        except ValueError:
            return ""
        return str(extra.get(key, "")) if isinstance(extra, dict) else ""


def is_cel(beginning: str) -> bool:
    """Whether a file begins like channel events."""
    if any(TABLE.fullmatch(table) for table in tables_of(beginning)):
        return True
    if is_json(beginning):
        return '"eventtype"' in beginning.lower() and '"linkedid"' in beginning.lower()
    header = header_of(beginning)
    return {"eventtype", "eventtime"} <= set(_named(header)) or bool(_order(first_row(beginning)))


def read_cel_events(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CelEvent]:
    """The events of a file as they stand in it; raises RecordsError for missing columns, or moments without a zone."""
    file = RecordsFile(path, options.time_zone, problems)
    for line, values in _table(path, options, problems):
        row = RowValues(line, dict(zip(_named(values), values.values(), strict=True)), file)
        kind, at = row.text("eventtype").upper(), row.moment("eventtime")
        if at is None or (kind not in TYPES and not row.text("uniqueid")):
            problems.add(line, "no event that is known, or no moment that can be read: the row was left out")
        elif kind in TYPES:
            yield _event(row, kind, at)


def _event(row: RowValues, kind: str, at: datetime) -> CelEvent:
    extra: Any = row.values.get("extra", "")
    return CelEvent(
        row.line,
        at,
        kind,
        row.text("channame"),
        row.text("uniqueid"),
        row.text("linkedid"),
        row.text("cid_num", "cid_ani"),
        row.text("exten"),
        row.text("appname").lower(),
        row.text("appdata"),
        json.dumps(extra) if isinstance(extra, dict) else str(extra),
    )


def _table(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[PlainRow]:
    beginning = read_beginning(path, options.encoding)
    tables = tables_of(beginning)
    if tables:
        wanted = {table for table in tables if TABLE.fullmatch(table)} or {"cel"}
        for count, row in enumerate(read_sql_rows(path, encoding=options.encoding, problems=problems, tables=wanted)):
            if not count:
                require_columns(_named(row.values), NEEDED, path, TITLE)
            yield row.line, dict(row.values)
    elif _order(first_row(beginning)):
        yield from _in_order(path, options, problems)
    else:
        yield from json_or_csv_rows(
            path, options, problems, lambda found: require_columns(_named(found), NEEDED, path, TITLE)
        )


def _in_order(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[PlainRow]:
    for line, fields in read_fields(path, encoding=options.encoding, problems=problems):
        names = ORDERS.get(len(fields))
        if names is None:
            problems.add(line, f"the row has {len(fields)} fields, 20, 21, 23 or 24 expected: it was left out")
        else:
            yield line, dict(zip(names, fields, strict=True))


def _order(fields: Sequence[str]) -> tuple[str, ...]:
    """The columns of a file without a header, by its first row; () where it is no row of events."""
    names = ORDERS.get(len(fields), ())
    if not names or fields[0].upper() not in TYPES:
        return ()
    return names if parse_moment(fields[names.index("eventtime")], UTC) else ()


def _named(columns: Iterable[str]) -> tuple[str, ...]:
    return tuple(NAMES.get(column, column) for column in columns)
