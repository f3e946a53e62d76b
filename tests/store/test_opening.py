import logging
import os
import sqlite3
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from store_samples import call, evaluation, hearing, sha

from qa_engine.errors import StoreError
from qa_engine.store import migrating
from qa_engine.store.database import Database
from qa_engine.store.schema import REVISION, VERSION_TABLE, metadata
from qa_engine.store.store import Store

HERE = Path(__file__).parent


def told(url, **options):
    with pytest.raises(StoreError) as caught:
        Store.open(str(url), **options)
    return str(caught.value)


def test_the_newest_migration_is_the_one_the_schema_names():
    config = Config()
    config.set_main_option("script_location", str(migrating.migrations_folder()))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_the_migrations_make_the_tables_of_the_schema(empty_database):
    engine = create_engine(f"sqlite:///{empty_database}")
    with engine.connect() as connection:
        options = {
            "version_table": VERSION_TABLE,
            "include_name": lambda name, kind, _: not str(name).startswith("turn_index"),
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    engine.dispose()


def test_opening_again_keeps_everything_and_migrates_nothing(store_url, monkeypatch):
    with Store.open(store_url) as store:
        store.save_call(call())
    monkeypatch.setattr("qa_engine.store.database.migrate", lambda *_: pytest.fail("migrated again"))
    with Store.open(store_url) as store:
        assert list(store.calls()) == [call()]


def test_opening_says_nothing(tmp_path, capfd, caplog):
    caplog.set_level(logging.INFO)
    Store.open(str(tmp_path / "qa.db")).close()
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_a_migration_that_breaks_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    def half(connection, where):
        connection.exec_driver_sql("CREATE TABLE half (a)")
        raise RuntimeError("power cut")

    monkeypatch.setattr("qa_engine.store.database.migrate", half)
    with pytest.raises(RuntimeError):
        Store.open(str(tmp_path / "qa.db"))
    monkeypatch.undo()
    Store.open(str(tmp_path / "qa.db")).close()


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_a_file_is_named_by_path_or_url(tmp_path, form):
    file = tmp_path / "день 1%.db"
    Store.open(form.format(file)).close()
    assert file.exists()


def test_a_relative_path_lies_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Store.open("qa.db").close()
    assert (tmp_path / "qa.db").exists()


def test_readers_do_not_wait_for_a_writer(store_url):
    if "://" in store_url:
        pytest.skip("SQLite's journal")
    with Store.open(store_url) as store, sqlite3.connect(store_url, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert list(store.calls()) == []


def test_a_file_of_something_else_is_refused(tmp_path):
    file = tmp_path / "qa.db"
    file.write_bytes(b"RIFF....WAVEfmt " * 100)
    assert "qa.db: not a database; give another file with --db" in told(file)
    assert file.read_bytes() == b"RIFF....WAVEfmt " * 100


def test_the_database_of_another_program_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "qa.db") as other:
        other.execute("CREATE TABLE bookmarks (a)")
    other.close()
    assert "a database of another program (it has the tables bookmarks)" in told(tmp_path / "qa.db")


def test_the_database_of_a_newer_engine_is_refused(empty_database, tmp_path):
    file = tmp_path / "newer.db"
    file.write_bytes(empty_database.read_bytes())
    with sqlite3.connect(file) as other:
        other.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9001'")
    other.close()
    assert f"made by a newer engine (tables of version 9001, this engine knows {REVISION}); update" in told(file)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    message = told(tmp_path / "no" / "qa.db")
    assert str(tmp_path / "no" / "qa.db") in message
    assert "check that the folder exists" in message


def test_a_folder_instead_of_a_file_is_told(tmp_path):
    assert "cannot be opened" in told(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_told(empty_database, tmp_path):
    file = tmp_path / "qa.db"
    file.write_bytes(empty_database.read_bytes())
    file.chmod(stat.S_IRUSR)
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(StoreError, match="check"), Store.open(str(file)) as store:
            store.save_call(call())
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_a_damaged_file_is_told(empty_database, tmp_path):
    file = tmp_path / "qa.db"
    content = bytearray(empty_database.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    with pytest.raises(StoreError, match="restore it from a copy"), Store.open(str(file)) as store:
        list(store.calls())


def test_a_full_disk_is_told_and_the_rest_stays(empty_database, tmp_path, monkeypatch):
    file = tmp_path / "qa.db"
    file.write_bytes(empty_database.read_bytes())
    pages = len(empty_database.read_bytes()) // 4096 + 20

    def small(raw, record):
        raw.isolation_level = None
        raw.execute(f"PRAGMA max_page_count = {pages}")

    monkeypatch.setattr("qa_engine.store.database._on_connect", small)
    with Store.open(str(file)) as store:
        store.save_call(call("small"))
        with pytest.raises(StoreError, match="no space left on the disk; free some space"):
            store.save_call(call("large", [f"customer: слово{number}" for number in range(5000)]))
        assert [found.path for found in store.calls()] == ["day/small.wav"]
        assert store.search("возврат").total == 1


def test_a_file_another_program_keeps_locked_is_told(store_url):
    if "://" in store_url:
        pytest.skip("SQLite's lock")
    with Store.open(store_url, busy_seconds=0.1) as store:
        other = sqlite3.connect(store_url, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program is writing to it; wait"):
            store.save_call(call())
        other.execute("ROLLBACK")
        other.close()
        store.save_call(call())


def test_a_stored_value_that_cannot_be_read_names_its_call(store_url):
    if "://" in store_url:
        pytest.skip("damaged through SQLite")
    with Store.open(store_url) as store:
        store.save_call(call())
        with sqlite3.connect(store_url) as other:
            other.execute("UPDATE calls SET body = x'00'")
        other.close()
        with pytest.raises(StoreError, match=rf"the call {sha('a')[:16]} as stored cannot be read"):
            store.find_call("day/a.wav")


@pytest.mark.parametrize("url", ["mysql://host/db", "sqlite+aiosqlite:///qa.db", "://", "postgresql://host:port/db"])
def test_an_unknown_kind_of_database_is_told(url):
    assert "use a file name, sqlite:///FILE or postgresql://" in told(url)


def test_a_missing_postgresql_library_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "pip install 'qa-engine[postgresql]'" in told("postgresql://user:secret@127.0.0.1/db")


def test_a_silent_postgresql_server_is_told_without_the_password():
    pytest.importorskip("psycopg")
    message = told("postgresql://user:secret@127.0.0.1:1/db")
    assert "the server does not answer" in message
    assert "secret" not in message


def test_postgres_urls_of_either_spelling_are_understood():
    pytest.importorskip("psycopg")
    assert Database("postgres://h/db").where == Database("postgresql://h/db").where == "postgresql+psycopg://h/db"


def run(code, *arguments):
    """Another Python process with the code; it can import the samples."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")]),
    }
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments], env=environment, stdout=subprocess.PIPE
    )


WRITING = """
    import sys
    from qa_engine.store.store import Store
    from store_samples import call, evaluation, sha
    with Store.open(sys.argv[1]) as store:
        print("open", flush=True)
        for number in range(int(sys.argv[3])):
            name = f"{sys.argv[2]}{number}"
            store.save_call(call(name))
            store.save_evaluation(sha(name), evaluation(name))
"""


def test_two_processes_make_and_write_one_database(tmp_path):
    file = str(tmp_path / "qa.db")
    processes = [run(WRITING, file, name, "25") for name in "ab"]
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0, 0]
    with Store.open(file) as store:
        assert len(list(store.evaluations())) == 50
        assert store.search("возврат").total == 50


def test_a_killed_process_leaves_whole_calls_only(tmp_path):
    file = str(tmp_path / "qa.db")
    process = run(WRITING, file, "a", "100000")
    process.stdout.readline()
    with Store.open(file) as store:
        while len(list(store.calls())) < 5:
            assert process.poll() is None
        process.kill()
        process.communicate(timeout=60)
        found = list(store.calls())
        assert store.search("возврат").total == len(found) >= 5
        assert len(list(store.evaluations())) in (len(found), len(found) - 1)
        store.save_hearing(hearing(), "one")
    with sqlite3.connect(file) as other:
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert other.execute("PRAGMA foreign_key_check").fetchall() == []
        other.execute("INSERT INTO turn_index (turn_index) VALUES ('integrity-check')")
    other.close()


def test_a_store_may_be_used_from_several_threads(store):
    from concurrent.futures import ThreadPoolExecutor

    def save_and_find(number):
        store.save_call(call(str(number)))
        store.save_evaluation(sha(str(number)), evaluation(str(number)))
        return store.find_call(f"{number}.wav") == call(str(number))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(save_and_find, range(24)))
    assert store.search("возврат").total == 24
