"""Brings the tables of a database to the form this engine knows, in one transaction; does nothing when they have it."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from qa_engine.errors import StoreError
from qa_engine.store.schema import REVISION, VERSION_TABLE, metadata

__all__ = ["found_revision", "migrate", "migrations_folder"]

_POSTGRESQL_LOCK = 7_301_519  # any number, the same in every engine: one migrates, the others wait


def migrations_folder() -> Path:
    """The folder of the migrations inside the installed package."""
    return Path(__file__).parent / "migrations"


def found_revision(connection: Connection, where: str) -> str:
    """The revision in the database, "" where it is empty.

    Raises StoreError for tables of another program and for a database of a newer engine.
    """
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in tables:
        foreign = tables if connection.dialect.name == "sqlite" else tables & set(metadata.tables)
        if foreign:
            raise StoreError(
                f"{where}: a database of another program (it has the tables {', '.join(sorted(foreign)[:5])}); "
                "give another file or database with --db"
            )
        return ""
    found = str(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() or "")
    if found > REVISION:
        raise StoreError(
            f"{where}: made by a newer engine (tables of version {found}, this engine knows {REVISION}); "
            "update this engine: pip install --upgrade qa-engine"
        )
    return found


def migrate(connection: Connection, where: str) -> None:
    """Apply what is missing; the caller's transaction (a writing one) makes it all or nothing."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})"))
    if found_revision(connection, where) == REVISION:  # another process was faster
        return
    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    command.upgrade(config, "head")
