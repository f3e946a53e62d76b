"""What was heard, by content and by how it was listened to; the paths a content is known under; failures."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, delete, select, update

from qa_engine.domain.evaluation import FailedRecording
from qa_engine.domain.hearing import Hearing
from qa_engine.domain.spans import Span
from qa_engine.errors import StoreError
from qa_engine.store import schema
from qa_engine.store.columns import column_text, now, pack, unpack
from qa_engine.store.database import upsert

__all__ = [
    "clear_failure",
    "find_failures",
    "find_hearing",
    "remember_path",
    "save_failure",
    "save_hearing",
    "save_repeats",
]


def find_hearing(connection: Connection, sha256: str, listening: str) -> Hearing | None:
    """The hearing of a content made with these engines and settings."""
    table = schema.hearings
    wanted = select(table.c.body).where(table.c.sha256 == sha256, table.c.listening == listening)
    body = connection.execute(wanted).scalar()
    return None if body is None else unpack(Hearing, body, f"the hearing of {sha256[:16]}")


def save_hearing(connection: Connection, hearing: Hearing, listening: str) -> None:
    """Keep a hearing, remember its path, forget that the path failed.

    Where it differs from the one kept before, the evaluations of the content go: they cite other words.
    """
    body = pack(hearing, f"the hearing of {column_text(hearing.path)}")
    table = schema.hearings
    key = (table.c.sha256 == hearing.sha256, table.c.listening == listening)
    before = connection.execute(select(table.c.body).where(*key)).scalar()
    if before != body:
        judged = schema.evaluations
        connection.execute(delete(judged).where(judged.c.sha256 == hearing.sha256))
        row = {"sha256": hearing.sha256, "listening": listening, "heard_at": now(), "body": body}
        upsert(connection, table, row)
    remember_path(connection, hearing.path, hearing.sha256)


def save_repeats(connection: Connection, key: tuple[str, str], repeats: tuple[Span, ...]) -> Hearing:
    """Keep with a hearing what other calls hold too; its evaluations stay. Raises StoreError where it is not kept."""
    hearing = find_hearing(connection, *key)
    if hearing is None:
        raise StoreError(f"the hearing of {key[0][:16]} is gone; score the recording again")
    hearing = replace(hearing, repeats=repeats)
    table = schema.hearings
    same = (table.c.sha256 == key[0], table.c.listening == key[1])
    body = pack(hearing, f"the hearing of {column_text(hearing.path)}")
    connection.execute(update(table).where(*same).values(body=body))
    return hearing


def remember_path(connection: Connection, path: str, sha256: str) -> None:
    """The path holds this content now, and is no failure."""
    upsert(connection, schema.paths, {"path": column_text(path), "sha256": sha256})
    clear_failure(connection, path)


def save_failure(connection: Connection, failed: FailedRecording) -> None:
    """Keep that a recording failed, instead of what was kept about it before."""
    row = {
        "path": column_text(failed.path),
        "sha256": failed.sha256,
        "kind": failed.kind,
        "message": column_text(failed.message),
        "failed_at": now(),
    }
    upsert(connection, schema.failures, row)


def clear_failure(connection: Connection, path: str) -> None:
    """Forget that a path failed."""
    table = schema.failures
    connection.execute(delete(table).where(table.c.path == column_text(path)))


def find_failures(connection: Connection) -> tuple[FailedRecording, ...]:
    """Recordings that could not be scored, by path."""
    table = schema.failures
    rows = connection.execute(select(table).order_by(table.c.path))
    return tuple(FailedRecording(row.path, row.kind, row.message, row.sha256) for row in rows)
