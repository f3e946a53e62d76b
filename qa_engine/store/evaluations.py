"""Verdicts by call, scorecard and engine version; the texts of the scorecards they were judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from qa_engine.domain.evaluation import Evaluation
from qa_engine.errors import StoreError
from qa_engine.store import schema
from qa_engine.store.columns import column_text, now, pack, unpack
from qa_engine.store.database import upsert

__all__ = [
    "EvaluationFilter",
    "JudgedScorecard",
    "evaluations_of",
    "find_evaluation",
    "find_scorecard",
    "list_scorecards",
    "save_evaluation",
    "save_scorecard",
]

_table = schema.evaluations


@dataclass(frozen=True, slots=True)
class JudgedScorecard:
    """A version of a scorecard that is kept or was judged by: on how many calls, and when last (None: never)."""

    id: str
    version: str
    title: str
    judged_at: datetime | None
    count: int


@dataclass(frozen=True, slots=True)
class EvaluationFilter:
    """Which evaluations; `latest`: of each call and scorecard id only the one judged last."""

    scorecard_id: str | None = None
    scorecard_version: str | None = None
    latest: bool = True


def save_evaluation(connection: Connection, sha256: str, evaluation: Evaluation) -> None:
    """Keep an evaluation of a stored call; raises StoreError where the call is not stored."""
    row = {
        "sha256": sha256,
        "scorecard_id": evaluation.scorecard_id,
        "scorecard_version": evaluation.scorecard_version,
        "engine_version": evaluation.engine_version,
        "judged_at": now(),
        "score": evaluation.score,
        "body": pack(evaluation, f"the evaluation of {sha256[:16]}"),
    }
    try:
        upsert(connection, _table, row)
    except IntegrityError as error:
        raise StoreError(f"the evaluation of {sha256[:16]} cannot be stored: its call is not; save it first") from error


def find_evaluation(connection: Connection, sha256: str, version: str, engine_version: str) -> Evaluation | None:
    """The evaluation of a call by this version of a scorecard and of the engine."""
    key = (_table.c.sha256 == sha256, _table.c.scorecard_version == version, _table.c.engine_version == engine_version)
    body = connection.execute(select(_table.c.body).where(*key).order_by(_table.c.judged_at.desc()).limit(1)).scalar()
    return None if body is None else unpack(Evaluation, body, f"the evaluation of {sha256[:16]}")


def evaluations_of(
    connection: Connection, sha256s: Sequence[str], wanted: EvaluationFilter
) -> dict[str, tuple[Evaluation, ...]]:
    """Evaluations by content hash, each call's sorted by scorecard id, then by when they were judged."""
    statement = select(_table).where(_table.c.sha256.in_(sha256s))
    if wanted.scorecard_id is not None:
        statement = statement.where(_table.c.scorecard_id == wanted.scorecard_id)
    if wanted.scorecard_version is not None:
        statement = statement.where(_table.c.scorecard_version == wanted.scorecard_version)
    order = (_table.c.scorecard_id, _table.c.judged_at, _table.c.scorecard_version, _table.c.engine_version)
    kept: dict[str, dict[object, bytes]] = {}
    for row in connection.execute(statement.order_by(*order)):
        key = (row.scorecard_id,) if wanted.latest else (row.scorecard_id, row.scorecard_version, row.engine_version)
        kept.setdefault(row.sha256, {})[key] = row.body  # the latest of a key comes last
    return {
        sha256: tuple(unpack(Evaluation, body, f"the evaluation of {sha256[:16]}") for body in bodies.values())
        for sha256, bodies in kept.items()
    }


def list_scorecards(connection: Connection) -> tuple[JudgedScorecard, ...]:
    """Every version of a scorecard that is kept or was judged by, the latest judged first."""
    counts = select(
        _table.c.scorecard_id,
        _table.c.scorecard_version,
        func.count(_table.c.sha256.distinct()).label("num_calls"),
        func.max(_table.c.judged_at).label("judged_at"),
    ).group_by(_table.c.scorecard_id, _table.c.scorecard_version)
    kept = {row.version: row for row in connection.execute(select(schema.scorecards))}
    found = [
        JudgedScorecard(
            row.scorecard_id,
            row.scorecard_version,
            kept[row.scorecard_version].title if row.scorecard_version in kept else "",
            datetime.fromisoformat(row.judged_at),
            row.num_calls,
        )
        for row in connection.execute(counts)
    ]
    judged = {card.version for card in found}
    found += [
        JudgedScorecard(row.id, row.version, row.title, None, 0) for row in kept.values() if row.version not in judged
    ]
    return tuple(sorted(found, key=_latest_first))


def _latest_first(card: JudgedScorecard) -> tuple[float, str, str]:
    return (-card.judged_at.timestamp() if card.judged_at else 0.0, card.id, card.version)


def save_scorecard(connection: Connection, card: tuple[str, str, str], document: str) -> None:
    """Keep the text of a scorecard, `card` being its id, version and title."""
    scorecard_id, version, title = card
    row = {"version": version, "id": scorecard_id, "title": column_text(title), "document": column_text(document)}
    upsert(connection, schema.scorecards, {**row, "saved_at": now()})


def find_scorecard(connection: Connection, version: str) -> str | None:
    """The text of a version of a scorecard."""
    table = schema.scorecards
    return connection.execute(select(table.c.document).where(table.c.version == version)).scalar()
