"""Call records of phone systems: saved once each, found by id, recording or number, read in order of time, erased.

The columns hold what is looked for, moments as UTC; the body is the record as its reader gave it, zone and all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, delete, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from qa_engine.domain.call_record import CallOutcome, CallRecord
from qa_engine.domain.record_keys import SHORTEST_ID, RecordQuery, number_key, recording_key
from qa_engine.errors import SettingsError
from qa_engine.store import schema
from qa_engine.store.columns import collector_paused, column_text, pack, unpack

__all__ = [
    "BEFORE_ALL",
    "RecordFilter",
    "SavedRecords",
    "find_records",
    "forget_records",
    "read_page",
    "save_records",
]

T = TypeVar("T")
Key = tuple[str, str]  # system, record id
Place = tuple[str, str, str]  # of a record in the order of time: moment, system, record id
BEFORE_ALL: Place | None = ("", "", "")

_ID, _RECORDING = "id", "recording"
_LONGEST_NAME = 400  # characters kept of a name; PostgreSQL indexes no row over 2,700 bytes
_AT_ONCE = 500  # values in one statement; SQLite takes 32,766
_REMEDY = "import the phone system's file again"
_table = schema.call_records
_names = schema.call_record_names


@dataclass(frozen=True, slots=True)
class SavedRecords:
    """How many records were not known before, were known otherwise, and were known just so."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: SavedRecords) -> SavedRecords:
        return SavedRecords(self.new + other.new, self.changed + other.changed, self.same + other.same)


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records; days are inclusive, on the clock where the call was."""

    since: date | None = None
    until: date | None = None
    outcome: CallOutcome | None = None


def save_records(connection: Connection, records: Sequence[CallRecord]) -> SavedRecords:
    """Keep records by system and record id; the later of two with the same key stays. A few hundred at a time."""
    bodies = _bodies_of(connection, {_key(record) for record in records})
    known, changed = frozenset(bodies), dict[Key, tuple[CallRecord, bytes]]()
    saved = SavedRecords()
    for record in records:
        key, body = _key(record), pack(record, f"a call record of {column_text(record.system)}")
        before = bodies.get(key)
        saved += SavedRecords(new=before is None, changed=before not in (None, body), same=before == body)
        if before != body:
            bodies[key], changed[key] = body, (record, body)
    if changed:
        _write(connection, dict(sorted(changed.items())), known)  # in one order: imports never wait for each other
    return saved


def find_records(connection: Connection, wanted: RecordQuery) -> tuple[CallRecord, ...]:
    """Records with any of the ids, of any of the recordings, or of the number in the time; and those sharing an id.

    In order of time. Raises ValueError for a moment without a zone.
    """
    found = _named(connection, _ID, [_name(each) for each in wanted.ids])
    found |= _named(connection, _RECORDING, [_name(recording_key(each)) for each in wanted.recordings])
    if key := number_key(wanted.number):
        of_number = select(_table.c.id).where(_table.c.number_key == key, *_between(wanted))
        found |= set(connection.execute(of_number).scalars())
    found |= _sharing_ids(connection, found)
    columns = (_table.c.started_at, _table.c.system, _table.c.record_id, _table.c.body)
    rows = [
        row
        for portion in _portions(sorted(found))
        for row in connection.execute(select(*columns).where(_table.c.id.in_(portion)))
    ]
    return _opened(sorted(rows, key=_place))


def read_page(
    connection: Connection, wanted: RecordFilter, *, after: Place, limit: int
) -> tuple[tuple[CallRecord, ...], Place | None]:
    """The next records in order of time behind a place, and the place of the last one; None where there are no more."""
    columns = (_table.c.started_at, _table.c.system, _table.c.record_id)
    page = select(*columns, _table.c.body).order_by(*columns).limit(limit)
    page = page.where(_table.c.started_at >= after[0], tuple_(*columns) > after)  # the index answers the former
    rows = connection.execute(_filtered(page, wanted)).all()
    return _opened(rows), _place(rows[-1]) if len(rows) == limit else None


def forget_records(connection: Connection, number: str) -> int:
    """Remove the records of a customer's number however it is written; how many there were.

    Raises SettingsError for a number without digits: it would mean all hidden ones.
    """
    key = number_key(number)
    if not key:
        raise SettingsError("a telephone number to forget needs digits; give it as +79161234567 or 8 916 123-45-67")
    return connection.execute(delete(_table).where(_table.c.number_key == key)).rowcount


def _write(connection: Connection, records: Mapping[Key, tuple[CallRecord, bytes]], known: frozenset[Key]) -> None:
    """Insert or overwrite rows, and put their names anew."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = make(_table)
    kept = {name: row.excluded[name] for name in ("number_key", "started_at", "started_on", "outcome", "body")}
    statement = row.on_conflict_do_update(index_elements=["system", "record_id"], set_=kept)
    connection.execute(statement, [_row(record, body) for record, body in records.values()])
    numbers = _numbers_of(connection, records)
    for portion in _portions([number for key, number in numbers.items() if key in known]):
        connection.execute(delete(_names).where(_names.c.record.in_(portion)))
    names = [
        {"kind": kind, "name": name, "record": numbers[key]}
        for key, (record, _) in records.items()
        for kind, name in sorted(_names_of(record))
    ]
    if names:  # there already where two processes import the same file at once
        connection.execute(make(_names).on_conflict_do_nothing(), names)


def _row(record: CallRecord, body: bytes) -> dict[str, object]:
    system, record_id = _key(record)
    return {
        "system": system,
        "record_id": record_id,
        "number_key": number_key(record.customer),
        "started_at": _utc(record.started_at),
        "started_on": record.started_at.date(),
        "outcome": str(record.outcome),
        "body": body,
    }


def _key(record: CallRecord) -> Key:
    return column_text(record.system), column_text(record.record_id)


def _name(text: str) -> str:
    return column_text(text)[:_LONGEST_NAME]


def _names_of(record: CallRecord) -> set[tuple[str, str]]:
    """What a recording may name the call by; an empty text names nothing."""
    names = {(_ID, _name(each)) for each in (record.record_id, *record.ids)}
    names |= {(_RECORDING, _name(recording_key(each))) for each in record.recordings}
    return {(kind, name) for kind, name in names if name}


def _utc(moment: datetime) -> str:
    """A moment as text that sorts by time; one at the end of the calendar keeps its own clock."""
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        moment = moment.replace(tzinfo=UTC)
    return moment.isoformat(timespec="microseconds")


def _bodies_of(connection: Connection, keys: Iterable[Key]) -> dict[Key, bytes]:
    return {(row.system, row.record_id): row.body for row in _rows_of(connection, keys, _table.c.body)}


def _numbers_of(connection: Connection, keys: Iterable[Key]) -> dict[Key, int]:
    return {(row.system, row.record_id): row.id for row in _rows_of(connection, keys, _table.c.id)}


def _rows_of(connection: Connection, keys: Iterable[Key], column: ColumnElement[Any]) -> Iterator[Any]:
    """System, record id and a column of the records with these keys."""
    by_system: dict[str, list[str]] = {}
    for system, record_id in sorted(keys):
        by_system.setdefault(system, []).append(record_id)
    for system, record_ids in by_system.items():
        for portion in _portions(record_ids):
            key = (_table.c.system == system, _table.c.record_id.in_(portion))
            yield from connection.execute(select(_table.c.system, _table.c.record_id, column).where(*key))


def _named(connection: Connection, kind: str, names: Sequence[str]) -> set[int]:
    wanted = sorted({name for name in names if name})
    found: set[int] = set()
    for portion in _portions(wanted):
        condition = (_names.c.kind == kind, _names.c.name.in_(portion))
        found |= set(connection.execute(select(_names.c.record).where(*condition)).scalars())
    return found


def _sharing_ids(connection: Connection, records: Iterable[int]) -> set[int]:
    """Records with an id of one of these: another system's word about the same call."""
    telling: set[str] = set()
    for portion in _portions(sorted(records)):
        ids = select(_names.c.name).where(_names.c.record.in_(portion), _names.c.kind == _ID)
        telling |= set(connection.execute(ids.where(func.length(_names.c.name) >= SHORTEST_ID)).scalars())
    return _named(connection, _ID, sorted(telling))


def _between(wanted: RecordQuery) -> list[ColumnElement[bool]]:
    for moment in (wanted.since, wanted.until):
        if moment is not None and moment.tzinfo is None:
            raise ValueError(f"a moment to look for call records around needs a time zone: {moment}")
    since = [] if wanted.since is None else [_table.c.started_at >= _utc(wanted.since)]
    return since + ([] if wanted.until is None else [_table.c.started_at <= _utc(wanted.until)])


def _filtered(page: Select[Any], wanted: RecordFilter) -> Select[Any]:
    """Days by their own column; the moments around them, a day wider for any zone, are what the index answers."""
    if wanted.since is not None:
        page = page.where(_table.c.started_on >= wanted.since, _table.c.started_at >= _day(wanted.since, -1))
    if wanted.until is not None:
        page = page.where(_table.c.started_on <= wanted.until, _table.c.started_at < _day(wanted.until, 3))
    return page if wanted.outcome is None else page.where(_table.c.outcome == str(wanted.outcome))


def _day(day: date, later: int) -> str:
    return date.fromordinal(min(max(day.toordinal() + later, 1), date.max.toordinal())).isoformat()


def _place(row: Any) -> Place:
    return (row.started_at, row.system, row.record_id)


def _opened(rows: Sequence[Any]) -> tuple[CallRecord, ...]:
    with collector_paused():
        return tuple(unpack(CallRecord, row.body, f"a call record of {row.system}", remedy=_REMEDY) for row in rows)


def _portions(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for first in range(0, len(values), _AT_ONCE):
        yield values[first : first + _AT_ONCE]
