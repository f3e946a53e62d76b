"""Full-text search over turns: which turns, in what order, with which quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, select

from qa_engine.domain.call import Call
from qa_engine.domain.transcript import Role
from qa_engine.store import schema, turn_index
from qa_engine.store.columns import fold, pack, unpack
from qa_engine.store.highlighting import TimedWord, quote_matches
from qa_engine.store.query import Node, parse_query
from qa_engine.store.terms import index_terms

__all__ = ["SearchFilter", "SearchHit", "SearchResult", "index_call", "search", "unindex_call"]

# Ranking reads every match (4 ms per 1,000 in SQLite). A query that finds more than this says too little for its order
# of relevance to help anyone, so the newest come first.
RANKED_AT_MOST = 2_000
COUNTED_AT_MOST = 50_000  # matches; counting them takes some 10 ms in SQLite


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A turn with what was looked for: `quote` as said, `highlights` as character offsets in it.

    `start` is the second at which the first found word begins, `end` the one at which the last one shown ends.
    """

    call_id: str
    path: str
    manager: str
    started_at: datetime | None
    role: Role
    start: float
    end: float
    quote: str
    highlights: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits asked for, and how many turns match in all; more than `total` where it is not exact."""

    hits: tuple[SearchHit, ...]
    total: int
    total_is_exact: bool = True


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which turns to search; days are inclusive, `manager` is a full name or an extension."""

    said_by: Role | None = None
    manager: str = ""
    since: date | None = None
    until: date | None = None


def search(connection: Connection, query: str, wanted: SearchFilter, *, limit: int, offset: int) -> SearchResult:
    """Hits of a query, the most relevant first (the newest first where very many match).

    Raises SettingsError for a query that cannot be understood.
    """
    tree = parse_query(query)
    about = turn_index.about_manager(fold(wanted.manager)) if wanted.manager else ""
    match = turn_index.Match(tree, wanted.said_by, about, turn_index.days_range(wanted.since, wanted.until))
    counted = turn_index.count_matches(connection, match, at_most=COUNTED_AT_MOST + 1)
    total, is_all = min(counted, COUNTED_AT_MOST), counted <= COUNTED_AT_MOST
    if counted <= offset and is_all:
        return SearchResult((), total)
    ranked = counted <= RANKED_AT_MOST
    numbers = turn_index.select_matches(connection, match, ranked=ranked, limit=limit, offset=offset)
    return SearchResult(_hits(connection, numbers, tree), total, total_is_exact=is_all)


def index_call(connection: Connection, call: Call, first: int) -> None:
    """Make the turns of a call searchable under numbers from `first`; turns without words are passed over."""
    rows, indexed = [], []
    names = {fold(call.manager), fold(call.identity.manager)} - {""}
    about = tuple(sorted(turn_index.about_manager(name) for name in names))
    for position, turn in enumerate(call.turns[: turn_index.CALL_TURNS]):
        terms = tuple(term for word in turn.words for term in index_terms(word.text))
        if not terms:
            continue
        words = [(word.text, word.start, word.end) for word in turn.words]
        rows.append({"id": first + position, "role": str(turn.role), "words": pack(words, "a turn")})
        indexed.append(turn_index.IndexedTurn(first + position, turn.role, terms, about))
    if rows:
        connection.execute(insert(schema.turns), rows)
        turn_index.add_turns(connection, indexed)


def unindex_call(connection: Connection, first: int) -> None:
    """Take the turns of the call with this first number out of the index."""
    last = first + turn_index.CALL_TURNS - 1
    connection.execute(delete(schema.turns).where(schema.turns.c.id.between(first, last)))
    turn_index.remove_turns(connection, first)


def _hits(connection: Connection, numbers: Sequence[int], query: Node) -> tuple[SearchHit, ...]:
    table = schema.turns
    turns = connection.execute(select(table).where(table.c.id.in_(numbers))).all()
    calls = schema.calls
    firsts = {turn_index.call_of(number) for number in numbers}
    columns = (calls.c.first_turn, calls.c.call_id, calls.c.path, calls.c.manager, calls.c.started_at)
    of_calls = {
        row.first_turn: row for row in connection.execute(select(*columns).where(calls.c.first_turn.in_(firsts)))
    }
    hits = {}
    for turn in turns:
        call = of_calls[turn_index.call_of(turn.id)]
        quote = quote_matches(unpack(tuple[TimedWord, ...], turn.words, f"a turn of {call.call_id}"), query)
        hits[turn.id] = SearchHit(
            call_id=call.call_id,
            path=call.path,
            manager=call.manager,
            started_at=datetime.fromisoformat(call.started_at) if call.started_at else None,
            role=Role(turn.role),
            start=quote.start,
            end=quote.end,
            quote=quote.text,
            highlights=quote.highlights,
        )
    return tuple(hits[number] for number in numbers)
