"""The full-text index of turns: SQLite's FTS5, PostgreSQL's tsvector; this file knows both, nothing else does.

A turn's number is made of the second its call began, a slot among the calls of that second, and its position:

    seconds since 1970 (32 bits) | slot (14 bits) | position in the call (17 bits)

so numbers sort by time, a range of days is a range of numbers, and the turns of a call lie side by side. Calls without
a time share the year 1970 and come last.

A turn is indexed by its words and their stems, under its role (every employee under the manager's), and by its manager,
so that every filter is answered by the index. Stems carry a mark that no word can hold, so that a begun word
(``prefix*``) does not find them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, text

from qa_engine.domain.transcript import Role
from qa_engine.store.query import And, Node, Not, Or, Phrase, Prefix
from qa_engine.store.terms import IndexTerm

__all__ = [
    "ALL_TURNS",
    "CALL_TURNS",
    "IndexedTurn",
    "Match",
    "about_manager",
    "add_turns",
    "call_of",
    "compact",
    "count_matches",
    "days_range",
    "first_slot",
    "remove_turns",
    "select_matches",
]

_POSITION_BITS = 17
_SLOT_BITS = 14
CALL_TURNS = 1 << _POSITION_BITS  # numbers kept for one call: 131,072 turns, some two days of talk
_SECOND = CALL_TURNS << _SLOT_BITS  # numbers kept for the calls that began in one second
_UNDATED_SECONDS = 365 * 24 * 3600  # the year 1970
ROLES = (Role.MANAGER, Role.CUSTOMER, Role.IVR, Role.UNKNOWN)  # columns of the index, in the order of the tables
ALL_TURNS = (0, (1 << 63) - 1)
STEM = "\ue000"  # marks a stem; of private use, so no letter and no digit, but part of a token for SQLite ("Co")
MAX_TERMS = 16_000  # of one turn; PostgreSQL keeps no positions above 16,383


@dataclass(frozen=True, slots=True)
class IndexedTurn:
    """What the index keeps of a turn; `about` are tokens of `about_manager`."""

    number: int
    role: Role
    terms: tuple[IndexTerm, ...]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What is searched: a query, a role, a token it must be about, numbers between which the turns lie (inclusive)."""

    query: Node
    role: Role | None = None
    about: str = ""
    between: tuple[int, int] = ALL_TURNS


def about_manager(key: str) -> str:
    """The token that stands for a manager's folded name or extension; a hash, so that any name is one token."""
    return f"m{hashlib.sha256(key.encode()).hexdigest()[:20]}"


def first_slot(started_at: datetime | None, sha256: str) -> int:
    """The number of the first turn of a call, if nobody has it; `CALL_TURNS` further is the next try."""
    spread = int(hashlib.sha256(sha256.encode()).hexdigest()[:12], 16)
    if started_at is None:
        return spread % (_UNDATED_SECONDS << _SLOT_BITS) * CALL_TURNS
    return _second(started_at) * _SECOND + spread % (1 << _SLOT_BITS) * CALL_TURNS


def call_of(number: int) -> int:
    """The number of the first turn of the call that a turn belongs to."""
    return number - number % CALL_TURNS


def days_range(since: date | None, until: date | None) -> tuple[int, int]:
    """Numbers of the turns of calls begun on these days (both inclusive); of all calls without a limit."""
    if since is None and until is None:
        return ALL_TURNS
    first = _UNDATED_SECONDS if since is None else max(_UNDATED_SECONDS, _second(datetime.combine(since, time())))
    if until is None or until == date.max:
        return first * _SECOND, ALL_TURNS[1]
    return first * _SECOND, _second(datetime.combine(until + timedelta(days=1), time())) * _SECOND - 1


def _second(moment: datetime) -> int:
    """Seconds since 1970 on the clock where the call was, inside 32 bits."""
    return min(max(int(moment.replace(tzinfo=UTC).timestamp()), 0), (1 << 32) - 1)


def add_turns(connection: Connection, turns: Iterable[IndexedTurn]) -> None:
    """Index turns whose numbers are not in the index."""
    rows = [_sqlite_row(turn) if _is_sqlite(connection) else _postgresql_row(turn) for turn in turns]
    if not rows:
        return
    if _is_sqlite(connection):
        columns = ", ".join([*ROLES, "about"])
        values = ", ".join(f":{column}" for column in [*ROLES, "about"])
        insert = f"INSERT INTO turn_index (rowid, {columns}) VALUES (:number, {values})"
    else:
        insert = "INSERT INTO turn_index (id, terms) VALUES (:number, CAST(:terms AS tsvector))"
    connection.execute(text(insert), rows)


def remove_turns(connection: Connection, first: int) -> None:
    """Take the turns of the call whose first number this is out of the index."""
    number = "rowid" if _is_sqlite(connection) else "id"
    bounds = {"first": first, "last": first + CALL_TURNS - 1}
    connection.execute(text(f"DELETE FROM turn_index WHERE {number} BETWEEN :first AND :last"), bounds)


def compact(connection: Connection) -> None:
    """Write the index anew without what was removed: SQLite only marks removed words as such."""
    if _is_sqlite(connection):
        connection.execute(text("INSERT INTO turn_index (turn_index) VALUES ('optimize')"))


def count_matches(connection: Connection, match: Match, *, at_most: int) -> int:
    """How many turns match, counted up to `at_most`."""
    where, values = _condition(connection, match)
    statement = f"SELECT count(*) FROM (SELECT 1 FROM turn_index WHERE {where} LIMIT :at_most) AS found"
    return int(connection.execute(text(statement), {**values, "at_most": at_most}).scalar_one())


def select_matches(connection: Connection, match: Match, *, ranked: bool, limit: int, offset: int) -> Sequence[int]:
    """Numbers of matching turns: the most relevant first, newest first among equals; or only newest first."""
    where, values = _condition(connection, match)
    if _is_sqlite(connection):
        number, rank = "rowid", "bm25(turn_index, 1.0, 1.0, 1.0, 1.0, 0.0), "
    else:
        number, rank = "id", "ts_rank(terms, CAST(:match AS tsquery), 1) DESC, "
    order = f"{rank if ranked else ''}{number} DESC"
    statement = f"SELECT {number} FROM turn_index WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"
    return connection.execute(text(statement), {**values, "limit": limit, "offset": offset}).scalars().all()


def _indexed(role: Role) -> Role:
    """The role under which words are found: whoever of the company says them, they are the manager's side."""
    return Role.MANAGER if role.of_company else role


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _condition(connection: Connection, match: Match) -> tuple[str, dict[str, object]]:
    values: dict[str, object] = {}
    if _is_sqlite(connection):
        roles = " ".join([_indexed(match.role)] if match.role else ROLES)
        about = f'about : "{match.about}" AND ' if match.about else ""
        values["match"] = f"{about}{{{roles}}} : ({_fts5(match.query)})"
        where, number = "turn_index MATCH :match", "rowid"
    else:
        tokens = [token for token in (match.about, match.role and _indexed(match.role)) if token]
        values["match"] = " & ".join([*(f"'@{token}'" for token in tokens), _tsquery(match.query)])
        where, number = "terms @@ CAST(:match AS tsquery)", "id"
    if match.between != ALL_TURNS:
        where += f" AND {number} BETWEEN :first AND :last"
        values.update(first=match.between[0], last=match.between[1])
    return where, values


def _sqlite_row(turn: IndexedTurn) -> dict[str, object]:
    terms = turn.terms[:MAX_TERMS]
    text_of = dict.fromkeys(ROLES, "")
    text_of[_indexed(turn.role)] = " ".join([*(term.token for term in terms), *(STEM + term.stem for term in terms)])
    return {"number": turn.number, "about": " ".join(turn.about)} | {str(role): said for role, said in text_of.items()}


def _postgresql_row(turn: IndexedTurn) -> dict[str, object]:
    """What a turn is about, and its role, are marked with @: one tsvector instead of five columns."""
    lexemes = [f"'@{token}'" for token in (*turn.about, _indexed(turn.role))]
    for place, term in enumerate(turn.terms[:MAX_TERMS], start=1):
        lexemes += [f"'{term.token}':{place}", f"'{STEM}{term.stem}':{place}"]
    return {"number": turn.number, "terms": " ".join(lexemes)}


def _fts5(node: Node) -> str:
    """The query for FTS5; terms hold letters and digits only, so nothing in them can be an operator."""
    match node:
        case Phrase(terms):
            return f'"{" ".join(STEM + term.stem for term in terms)}"'
        case Prefix(terms):
            return f'"{" ".join(term.token for term in terms)}" *'
        case Or(children):
            return f"({' OR '.join(map(_fts5, children))})"
        case And(children):
            wanted = " AND ".join(_fts5(child) for child in children if not isinstance(child, Not))
            unwanted = " OR ".join(_fts5(child.child) for child in children if isinstance(child, Not))
            return f"(({wanted}) NOT ({unwanted}))" if unwanted else f"({wanted})"
        case Not():
            raise ValueError("NOT stands inside AND only")


def _tsquery(node: Node) -> str:
    """The query for PostgreSQL."""
    match node:
        case Phrase(terms):
            return "(" + " <-> ".join(f"'{STEM}{term.stem}'" for term in terms) + ")"
        case Prefix(terms):
            return "(" + " <-> ".join(f"'{term.token}'" for term in terms) + ":*)"
        case Or(children):
            return f"({' | '.join(map(_tsquery, children))})"
        case And(children):
            return f"({' & '.join(map(_tsquery, children))})"
        case Not(child):
            return f"!{_tsquery(child)}"
