"""Calls: saved with their turns made searchable, found by id, hash or path, read one after another."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, delete, or_, select

from qa_engine.domain.call import Call
from qa_engine.domain.serialization import to_json
from qa_engine.errors import StoreError
from qa_engine.store import schema, turn_index
from qa_engine.store.columns import collector_paused, column_text, fold, now, pack, unpack
from qa_engine.store.database import upsert
from qa_engine.store.hearings import remember_path
from qa_engine.store.search import index_call, unindex_call
from qa_engine.store.terms import index_version

__all__ = [
    "CallFilter",
    "find_call",
    "forget_recording",
    "list_managers",
    "read_calls",
    "save_call",
    "select_keys",
    "select_stale",
]

_MIN_PREFIX = 4  # letters of an id; fewer name half of all calls
_MANY = 10  # calls listed where a prefix means several
_table = schema.calls


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls; empty: all. Days are inclusive, on the clock where the call was; calls of no known day match none.

    `manager`: full name (case and ё do not matter) or extension. `sha256s`: only these contents; None: any.
    """

    manager: str = ""
    customer: str = ""
    since: date | None = None
    until: date | None = None
    sha256s: tuple[str, ...] | None = None


def save_call(connection: Connection, call: Call) -> None:
    """Keep a call by its content and index its turns.

    Where other words were heard than before, the evaluations of the content go: they cite the old ones.
    """
    body = pack(call, f"the call of {column_text(call.path)}")
    columns = (_table.c.first_turn, _table.c.index_version, _table.c.words_digest, _table.c.body)
    before = connection.execute(select(*columns).where(_table.c.sha256 == call.sha256)).first()
    if before is not None and (before.body, before.index_version) == (body, index_version()):
        remember_path(connection, call.path, call.sha256)
        return
    digest = _words_digest(call)
    if before is not None:
        unindex_call(connection, before.first_turn)
        if before.words_digest != digest:
            judged = schema.evaluations
            connection.execute(delete(judged).where(judged.c.sha256 == call.sha256))
    first = _free_numbers(connection, call)
    upsert(connection, _table, {**_row(call), "first_turn": first, "words_digest": digest, "body": body})
    index_call(connection, call, first)
    remember_path(connection, call.path, call.sha256)


def find_call(connection: Connection, name: str) -> Call | None:
    """The call with this id, content hash, path, end of a path, or beginning of an id or hash.

    Of several with the same id the latest saved. Raises StoreError where the name could mean different calls.
    """
    named = column_text(name)
    for condition in _meanings(named):
        found = connection.execute(
            select(_table.c.sha256, _table.c.call_id, _table.c.started_on, _table.c.body)
            .where(condition)
            .order_by(_table.c.saved_at.desc(), _table.c.sha256)
            .limit(_MANY + 1)
        ).all()
        if len({row.call_id for row in found}) > 1:
            raise _ambiguous(named, [(row.call_id, row.started_on) for row in found])
        if found:
            return unpack(Call, found[0].body, f"the call {found[0].sha256[:16]}")
    return None


def select_keys(connection: Connection, wanted: CallFilter) -> Sequence[str]:
    """Content hashes of the calls, by time (calls without one last), then path."""
    keys = select(_table.c.sha256)
    if wanted.manager:
        key = fold(wanted.manager)
        keys = keys.where(or_(_table.c.manager_key == key, _table.c.extension_key == key))
    if wanted.customer:
        keys = keys.where(_table.c.customer_key == fold(wanted.customer))
    if wanted.since is not None:
        keys = keys.where(_table.c.started_on >= wanted.since)
    if wanted.until is not None:
        keys = keys.where(_table.c.started_on <= wanted.until)
    order = (_table.c.started_on.is_(None), _table.c.started_at, _table.c.path, _table.c.sha256)
    found = connection.execute(keys.order_by(*order)).scalars().all()
    if wanted.sha256s is None:
        return found
    among = frozenset(wanted.sha256s)
    return [sha256 for sha256 in found if sha256 in among]


def select_stale(connection: Connection) -> Sequence[str]:
    """Content hashes of the calls whose turns were indexed by other stems than those of now."""
    stale = select(_table.c.sha256).where(_table.c.index_version != index_version()).order_by(_table.c.sha256)
    return connection.execute(stale).scalars().all()


def list_managers(connection: Connection) -> tuple[str, ...]:
    """Names of all managers with calls, sorted."""
    names = select(_table.c.manager).where(_table.c.manager != "").distinct().order_by(_table.c.manager)
    return tuple(connection.execute(names).scalars())


def read_calls(connection: Connection, sha256s: Sequence[str]) -> tuple[Call, ...]:
    """The calls of some contents in the given order; those gone in the meantime are left out."""
    rows = connection.execute(select(_table.c.sha256, _table.c.body).where(_table.c.sha256.in_(sha256s)))
    bodies = {row.sha256: row.body for row in rows}
    with collector_paused():
        return tuple(unpack(Call, bodies[key], f"the call {key[:16]}") for key in sha256s if key in bodies)


def forget_recording(connection: Connection, sha256: str) -> bool:
    """Remove all that is known about a content; False where nothing was."""
    first = connection.execute(select(_table.c.first_turn).where(_table.c.sha256 == sha256)).scalar()
    if first is not None:
        unindex_call(connection, first)
        turn_index.compact(connection)
    known = select(schema.paths.c.path).where(schema.paths.c.sha256 == sha256)
    failed = schema.failures
    removed = connection.execute(
        delete(failed).where(or_(failed.c.sha256 == sha256, failed.c.path.in_(known)))
    ).rowcount
    for table in (schema.evaluations, schema.calls, schema.hearings, schema.paths):
        removed += connection.execute(delete(table).where(table.c.sha256 == sha256)).rowcount
    return removed > 0


def _row(call: Call) -> dict[str, object]:
    started_at = call.identity.started_at
    return {
        "sha256": call.sha256,
        "call_id": column_text(call.call_id),
        "path": column_text(call.path),
        "manager": column_text(call.manager),
        "manager_key": fold(call.manager),
        "extension_key": fold(call.identity.manager),
        "customer_key": fold(call.identity.customer),
        "started_at": started_at.isoformat() if started_at else "",
        "started_on": started_at.date() if started_at else None,
        "index_version": index_version(),
        "saved_at": now(),
    }


def _words_digest(call: Call) -> str:
    """A hash of what was heard: the same whoever is taken for the manager and however words are grouped into turns."""
    words = sorted((word.start, word.end, word.text) for turn in call.turns for word in turn.words)
    return hashlib.sha256(to_json([words, call.events, call.engines])).hexdigest()


def _free_numbers(connection: Connection, call: Call) -> int:
    """The first of the turn numbers of a call that no other call has."""
    first = turn_index.first_slot(call.identity.started_at, call.sha256)
    others = select(_table.c.sha256).where(_table.c.sha256 != call.sha256)
    while connection.execute(others.where(_table.c.first_turn == first)).first() is not None:
        first += turn_index.CALL_TURNS
    return first


def _meanings(name: str) -> list[ColumnElement[bool]]:
    """What a name given by a person may mean, the likeliest first."""
    at_path = select(schema.paths.c.sha256)
    meanings: list[ColumnElement[bool]] = [
        _table.c.call_id == name,
        _table.c.sha256 == name,
        _table.c.sha256.in_(at_path.where(schema.paths.c.path == name)),
        _table.c.sha256.in_(at_path.where(schema.paths.c.path.endswith(f"/{name}", autoescape=True))),
    ]
    if len(name) >= _MIN_PREFIX:
        meanings.append(_begins_with(_table.c.call_id, name) | _begins_with(_table.c.sha256, name))
    return meanings


def _begins_with(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """A range rather than LIKE: it uses the index, and case matters on both databases."""
    return (column >= prefix) & (column <= prefix + "\U0010ffff")


def _ambiguous(name: str, found: Sequence[tuple[str, date | None]]) -> StoreError:
    listed = [f"  {call_id}" + (f"  {day}" if day else "") for call_id, day in sorted(found[:_MANY], key=str)]
    more = ["  ..."] if len(found) > _MANY else []
    return StoreError("\n".join([f"{name!r} may mean several calls; give more of the id:", *listed, *more]))
