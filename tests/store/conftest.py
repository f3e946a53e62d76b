"""A store on SQLite, and the same tests on PostgreSQL where QA_ENGINE_TEST_POSTGRESQL names a database to use."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa_engine.store.store import Store

POSTGRESQL = os.environ.get("QA_ENGINE_TEST_POSTGRESQL", "")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables made; copied for each test, which is faster than migrating."""
    file = tmp_path_factory.mktemp("store") / "empty.db"
    Store.open(str(file)).close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRESQL else ["sqlite"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> Iterator[str]:
    """The URL of an empty database; on PostgreSQL a schema of its own, dropped afterwards."""
    if request.param == "sqlite":
        yield str(shutil.copy(empty_database, tmp_path / "qa.db"))
        return
    import psycopg

    schema = f"qa_test_{secrets.token_hex(6)}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        yield f"{POSTGRESQL}{'&' if '?' in POSTGRESQL else '?'}options=-csearch_path%3D{schema}"
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened
