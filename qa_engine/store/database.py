"""The connection to SQLite or PostgreSQL: how it is opened, read and write transactions, errors told in plain words."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError

from qa_engine.errors import StoreError
from qa_engine.store.migrating import found_revision, migrate
from qa_engine.store.schema import REVISION

__all__ = ["BUSY_SECONDS", "Database", "upsert"]

BUSY_SECONDS = 30.0  # how long a process waits for another one's write; a write takes milliseconds

_REMEDIES = (  # (what the driver says, what it means, what to do)
    ("file is not a database", "not a database", "give another file with --db, or move this one away"),
    ("malformed", "the database is damaged", "restore it from a copy, or move it away and score the recordings again"),
    ("unable to open", "cannot be opened", "check that the folder exists and that you may read and write in it"),
    ("readonly", "no permission to write", "check the permissions of the file and its folder, or give another --db"),
    ("disk is full", "no space left on the disk", "free some space and run the same command again; nothing is lost"),
    ("no space left", "no space left on the disk", "free some space and run the same command again; nothing is lost"),
    (
        "disk i/o error",
        "the disk cannot be read or written",
        "check the disk; network drives are not suited for SQLite",
    ),
    ("locked", "another program is writing to it", "wait until it is done, or close it, and run the command again"),
    ("connection refused", "the server does not answer", "check that PostgreSQL runs at this host and port"),
    ("authentication failed", "user name or password refused", "correct them in the --db URL"),
    ("does not exist", "the database or user does not exist on the server", "create it with createdb, or correct --db"),
    ("permission denied", "no permission", "grant the user the right to create tables in this database"),
)


class Database:
    """An engine with its transactions; SQLite in WAL mode, so that reading never waits for writing."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        parsed = _parse(url)
        self.where = parsed.database or "memory" if parsed.drivername == "sqlite" else parsed.render_as_string()
        self.is_sqlite = parsed.drivername == "sqlite"
        self._busy_seconds = busy_seconds
        self._engine = self._make_engine(parsed)

    def prepare(self) -> None:
        """Check the database and bring its tables up to date; raises StoreError."""
        with self._told():
            if self.is_sqlite:
                self._enable_wal()
            with self._engine.connect() as connection, connection.begin():
                current = found_revision(connection, self.where) == REVISION
        if not current:
            with self.writing() as connection:
                migrate(connection, self.where)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database."""
        with self._told(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes all or nothing; only one at a time on SQLite, the others wait."""
        with self._told(), self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    def scrub(self) -> None:
        """Write deleted content out of SQLite's log file, so that no copy of it stays on the disk."""
        if self.is_sqlite:
            with self._told(), self._engine.connect() as connection:
                _raw(connection, "PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _make_engine(self, url: URL) -> Engine:
        if not self.is_sqlite:
            try:
                return create_engine(url, hide_parameters=True)
            except ModuleNotFoundError as error:
                raise StoreError(
                    f"{self.where}: PostgreSQL needs one more library; pip install 'qa-engine[postgresql]'"
                ) from error
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": self._busy_seconds})
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        return engine

    def _enable_wal(self) -> None:
        """Switch the journal to WAL (the file keeps it); SQLite does not wait here where two processes try."""
        deadline = time.monotonic() + self._busy_seconds
        with self._engine.connect() as connection:
            while _raw(connection, "PRAGMA journal_mode") == "delete":
                try:
                    _raw(connection, "PRAGMA journal_mode = WAL")
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > deadline:
                        raise
                    time.sleep(0.02)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise StoreError(f"{self.where}: {_cause(str(error.orig))}") from error
        except sqlite3.Error as error:
            raise StoreError(f"{self.where}: {_cause(str(error))}") from error
        except UnicodeEncodeError as error:
            raise StoreError(f"{self.where}: text with bytes that are not UTF-8 cannot be stored") from error


def upsert(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or overwrite the one with the same primary key."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    connection.execute(insert(table).values(**values).on_conflict_do_update(index_elements=keys, set_=rest))


def _parse(url: str) -> URL:
    if "://" not in url:
        return URL.create("sqlite", database=str(Path(url).expanduser()))
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError) as error:
        raise StoreError("--db: not a database URL; use a file name, sqlite:///FILE or postgresql://...") from error
    if parsed.drivername not in ("sqlite", "postgresql", "postgresql+psycopg"):
        raise StoreError(
            f"--db: {parsed.drivername}:// is not supported; use a file name, sqlite:///FILE or postgresql://..."
        )
    return parsed if parsed.drivername == "sqlite" else parsed.set(drivername="postgresql+psycopg")


def _on_connect(raw: Any, _record: Any) -> None:
    """Settings that SQLite keeps per connection; transactions are begun by `_on_begin`, not by the driver."""
    raw.isolation_level = None
    for pragma in ("foreign_keys = ON", "synchronous = NORMAL", "secure_delete = ON", "temp_store = MEMORY"):
        raw.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    """A writing transaction takes the write lock at once: one that turned from reading to writing could not wait."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _raw(connection: Connection, statement: str) -> Any:
    """The first value of a statement run outside any transaction."""
    raw = connection.connection.driver_connection
    if raw is None:
        raise StoreError("the database connection is closed")
    row = raw.execute(statement).fetchone()
    return row[0] if row else None


def _cause(said: str) -> str:
    for pattern, cause, remedy in _REMEDIES:
        if pattern in said.lower():
            return f"{cause}; {remedy}"
    return said.strip().splitlines()[0] if said.strip() else "the database does not answer"
