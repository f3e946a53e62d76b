import os
import random
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from record_samples import NUMBER, OTHER, record
from sqlalchemy import insert, text
from store_samples import call, evaluation, sha

from qa_engine.domain.call_record import CallOutcome
from qa_engine.errors import SettingsError, StoreError
from qa_engine.store import schema
from qa_engine.store.columns import pack
from qa_engine.store.database import Database
from qa_engine.store.migrating import migrations_folder
from qa_engine.store.store import SavedRecords, Store
from qa_engine.store.turn_index import first_slot


def names(found):
    return [each.record_id for each in found]


def moment(text):
    return datetime.fromisoformat(text)


def test_a_saved_record_reads_back_equal_with_its_zone(store):
    made = record(started_at="2024-11-20T10:20:00.123456+05:30")
    store.save_records([made])
    (found,) = store.records()
    assert found == made
    assert found.started_at.utcoffset() == timedelta(hours=5, minutes=30)


def test_the_same_file_again_changes_nothing(store):
    made = [record(f"1732087200.{number}") for number in range(3)]
    assert store.save_records(made) == SavedRecords(new=3)
    assert store.save_records(reversed(made)) == SavedRecords(same=3)
    assert len(list(store.records())) == 3


def test_a_record_told_otherwise_is_changed_and_found_by_its_new_names_only(store):
    store.save_records([record(recordings=("old.wav",), customer=NUMBER)])
    assert store.save_records([record(recordings=("new.wav",), customer=OTHER)]) == SavedRecords(changed=1)
    assert names(store.find_records(recordings=["old"])) == []
    assert names(store.find_records(recordings=["new"])) == ["1732087200.1"]
    assert names(store.find_records(number=NUMBER)) == []
    assert names(store.find_records(number=OTHER)) == ["1732087200.1"]


def test_a_record_twice_in_one_file_is_kept_once_as_told_last(store):
    assert store.save_records([record(manager="101"), record(manager="101"), record(manager="102")]) == SavedRecords(
        new=1, changed=1, same=1
    )
    assert [found.manager for found in store.records()] == ["102"]


def test_two_systems_may_use_the_same_record_id(store):
    store.save_records([record(system="asterisk cdr"), record(system="asterisk cel")])
    assert [found.system for found in store.records()] == ["asterisk cdr", "asterisk cel"]


def test_no_records_are_saved_as_none(store):
    assert store.save_records([]) == SavedRecords()


def test_where_the_file_breaks_the_whole_portions_before_it_are_kept(store):
    def broken():
        for number in range(700):
            yield record(f"1732087200.{number}")
        raise StoreError("half a file")

    with pytest.raises(StoreError, match="half a file"):
        store.save_records(broken())
    assert len(list(store.records())) == 500


def test_a_record_without_a_name_of_a_recording_is_kept(store):
    store.save_records([record(ids=(), recordings=("",))])
    assert names(store.find_records(recordings=[""], ids=[""])) == []
    assert names(store.find_records(ids=["1732087200.1"])) == ["1732087200.1"]


@pytest.mark.parametrize(
    "asked",
    [
        {"ids": ["1732087200.1"]},
        {"ids": ["unknown", "1732087200.7"]},
        {"recordings": ["in-101-1732087200.1.wav"]},
        {"recordings": ["/recordings/2024/IN-101-1732087200.1.MP3"]},
        {"recordings": ["C:\\calls\\in-101-1732087200.1.wav.ogg"]},
        {"recordings": ["in-101-1732087200.1"]},
        {"number": "8 999 000 00 01"},
        {"number": "sip:79990000001@10.0.0.1:5060"},
    ],
    ids=str,
)
def test_a_record_is_found_by(store, asked):
    store.save_records([record(ids=("1732087200.1", "1732087200.7")), record("1732090000.2", customer=OTHER)])
    assert names(store.find_records(**asked)) == ["1732087200.1"]


@pytest.mark.parametrize(
    "asked",
    [{}, {"number": "anonymous"}, {"number": "9000001"}, {"ids": ["1732087200"]}, {"recordings": ["in-101"]}],
    ids=str,
)
def test_no_record_is_found_by(store, asked):
    store.save_records([record(), record("1732090000.2", customer="anonymous")])
    assert store.find_records(**asked) == ()


def test_the_moments_bound_the_number_whatever_the_zone(store):
    store.save_records(
        [
            record("before.1", "2024-11-20T09:59:59+03:00"),
            record("within.1", "2024-11-20T10:00:00+03:00"),
            record("within.2", "2024-11-20T07:30:00+00:00"),
            record("behind.1", "2024-11-20T12:31:00+05:00"),
        ]
    )
    wanted = {"since": moment("2024-11-20T07:00:00+00:00"), "until": moment("2024-11-20T10:30:00+03:00")}
    assert names(store.find_records(number=NUMBER, **wanted)) == ["within.1", "within.2"]
    assert names(store.find_records(ids=["before.1"], **wanted)) == ["before.1"]


def test_a_moment_without_a_zone_is_told(store):
    with pytest.raises(ValueError, match="needs a time zone: 2024-11-20"):
        store.find_records(number=NUMBER, since=moment("2024-11-20T10:00:00"))


def test_what_other_systems_say_of_the_same_call_comes_along(store):
    cdr = record("1732087200.1", ids=("1732087200.1", "1732087201.2"), recordings=("a.wav",))
    queue = record("1732087200.1", system="asterisk queue_log", ids=("1732087200.1",), recordings=())
    store.save_records([cdr, queue, record("1732099999.9")])
    assert store.find_records(recordings=["a.wav"]) == (cdr, queue)
    assert store.find_records(ids=["1732087201.2"]) == (cdr, queue)


def test_a_short_counter_joins_no_records(store):
    store.save_records([record("one.17320", ids=("2",)), record("two.17320", ids=("2",))])
    assert names(store.find_records(recordings=["in-101-one.17320"])) == ["one.17320"]
    assert names(store.find_records(ids=["2"])) == ["one.17320", "two.17320"]


def test_more_names_than_one_statement_takes_are_looked_for(store):
    store.save_records([record(f"1732087200.{number}") for number in range(3)])
    assert len(store.find_records(ids=[f"1732087200.{number}" for number in range(40_000)])) == 3


def test_more_records_of_a_number_than_one_statement_takes_are_found(store):
    store.save_records(record(f"1732087200.{number}", recordings=(), legs=()) for number in range(1_200))
    assert len(store.find_records(number=NUMBER)) == 1_200


def test_an_endless_name_is_kept_and_found(store):
    endless = random.Random(1).randbytes(5_000).hex()  # PostgreSQL would shorten one that repeats itself
    store.save_records([record(ids=(endless,), recordings=(endless[::-1],))])
    assert len(store.find_records(ids=[endless])) == 1
    assert len(store.find_records(recordings=[endless[::-1]])) == 1


def test_two_imports_of_one_file_at_once_keep_each_record_once(store_url):
    made = [record(f"1732087200.{number:04}") for number in range(1_200)]

    def save(order):
        with Store.open(store_url) as store:
            return store.save_records(order)

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(save, [made, made[::-1]]))
    assert sum(saved.changed for saved in both) == 0
    with Store.open(store_url) as store:
        assert names(store.records()) == names(made)
        assert names(store.find_records(ids=["1732087200.0700"])) == ["1732087200.0700"]


def test_rows_are_written_in_one_order_so_that_two_imports_never_wait_for_each_other(store, store_url):
    store.save_records(record(f"1732087200.{number}") for number in (3, 1, 2))
    database = Database(store_url)
    with database.reading() as connection:
        written = connection.execute(text("SELECT record_id FROM call_records ORDER BY id")).scalars().all()
    database.close()
    assert written == ["1732087200.1", "1732087200.2", "1732087200.3"]


def test_records_come_in_order_of_time_over_all_portions(store):
    made = [record(f"1732087200.{number:04}", f"2024-11-20T10:{number % 7:02}:00+03:00") for number in range(1_100)]
    store.save_records(made)
    in_order = sorted(made, key=lambda each: (each.started_at, each.record_id))
    assert names(store.records()) == names(in_order)


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (None, date(2024, 11, 20), ["first.1", "last.1"]),
        (date(2024, 11, 20), date(2024, 11, 20), ["first.1", "last.1"]),
        (date(2024, 11, 21), None, ["next.1"]),
        (date(2024, 11, 22), None, []),
        (date.min, date.max, ["first.1", "next.1", "last.1"]),
    ],
)
def test_days_are_inclusive_on_the_clock_of_the_record(store, since, until, found):
    store.save_records(
        [
            record("first.1", "2024-11-20T00:00:00+14:00"),
            record("last.1", "2024-11-20T23:59:59.999999-11:00"),
            record("next.1", "2024-11-21T00:00:00+03:00"),
        ]
    )
    assert names(store.records(since=since, until=until)) == found


def test_records_of_an_outcome(store):
    store.save_records([record("answered.1"), record("missed.1", outcome=CallOutcome.MISSED)])
    assert names(store.records(outcome=CallOutcome.MISSED)) == ["missed.1"]


def test_the_store_can_be_written_while_records_are_read(store):
    store.save_records([record(f"1732087200.{number}") for number in range(3)])
    for found in store.records():
        store.save_records([record(found.record_id, manager="102")])
    assert {found.manager for found in store.records()} == {"102"}


@pytest.mark.parametrize("started_at", ["0001-01-01T00:00:00+03:00", "9999-12-31T23:50:00-03:00"])
def test_a_moment_at_the_end_of_the_calendar_is_kept(store, started_at):
    made = record(started_at=started_at)
    store.save_records([made])
    assert list(store.records()) == [made]


def test_forgetting_a_number_removes_its_records_however_it_is_written(store):
    store.save_records(
        [record("a.17320"), record("b.17320", customer="89990000001"), record("c.17320", customer=OTHER)]
    )
    assert store.forget_records("7 999 000-00-01") == 2
    assert names(store.records()) == ["c.17320"]
    assert store.find_records(ids=["a.17320"], recordings=["in-101-b.17320.wav"]) == ()
    assert store.forget_records(NUMBER) == 0


@pytest.mark.parametrize("number", ["", "anonymous", "000"])
def test_forgetting_no_number_does_not_remove_the_hidden_ones(store, number):
    store.save_records([record(customer="")])
    with pytest.raises(SettingsError, match="needs digits"):
        store.forget_records(number)
    assert len(list(store.records())) == 1


def test_a_forgotten_number_is_not_in_the_file_any_more(tmp_path):
    with Store.open(str(tmp_path / "qa.db")) as store:
        store.save_records([record("1732090000.2", customer=OTHER)])
        store.save_records([record("secret.17320", recordings=("in-101-79990000001-secret.wav",))])
        kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert b"9990000001" in kept
        store.forget_records(NUMBER)
        left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"9990000001" not in left
    assert b"secret" not in left
    assert b"9990000002" in left


def test_a_record_with_a_number_that_is_not_finite_is_refused_and_its_portion_with_it(store):
    with pytest.raises(StoreError, match=r"a call record of asterisk cdr cannot be stored.*ring_seconds: nan"):
        store.save_records([record("1732087200.2"), record(ring_seconds=float("nan"))])
    assert list(store.records()) == []


def test_a_damaged_record_names_its_system_and_the_remedy_but_no_number(tmp_path):
    with Store.open(str(tmp_path / "qa.db")) as store:
        store.save_records([record()])
        database = Database(str(tmp_path / "qa.db"))
        with database.writing() as connection:
            connection.execute(text("UPDATE call_records SET body = x'00'"))
        database.close()
        with pytest.raises(StoreError) as caught:
            list(store.records())
    assert "a call record of asterisk cdr as stored cannot be read" in str(caught.value)
    assert "import the phone system's file again" in str(caught.value)
    assert "999" not in str(caught.value)


def old_database(url):
    """A database as the first engine made it, with a call and its evaluation in it."""
    database = Database(url)
    with database.writing() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(migrations_folder()))
        command.upgrade(config, "0001")
        row = {"sha256": sha("a"), "call_id": sha("a")[:16], "path": "day/a.wav", "manager": "", "manager_key": ""}
        keys = {"extension_key": "", "customer_key": "", "started_at": "", "started_on": None, "saved_at": "now"}
        index = {"first_turn": first_slot(None, sha("a")), "index_version": "1", "words_digest": sha("words")}
        connection.execute(insert(schema.calls), row | keys | index | {"body": pack(call(), "a call")})
        judged = {"scorecard_id": "phone_ru", "scorecard_version": "sha256:1", "engine_version": "1", "score": 87.5}
        judged |= {"sha256": sha("a"), "judged_at": "now", "body": pack(evaluation(), "an evaluation")}
        connection.execute(insert(schema.evaluations), judged)
    database.close()


@pytest.fixture
def bare_url(store_url, tmp_path):
    """The URL of a database without tables."""
    return store_url if "://" in store_url else str(tmp_path / "bare.db")


def test_a_database_of_the_first_engine_is_brought_up_to_date_without_loss(bare_url):
    old_database(bare_url)
    with Store.open(bare_url) as store:
        assert list(store.calls()) == [call()]
        assert store.find_evaluation(sha("a"), "sha256:1", "1") == evaluation()
        assert store.save_records([record()]) == SavedRecords(new=1)
        assert names(store.find_records(ids=["1732087200.1"])) == ["1732087200.1"]


def many(count):
    """Records of a busy year: half of them of the same thousand customers, a second apart."""
    start = moment("2024-01-01T00:00:00+03:00")
    for number in range(count):
        begun = (start + timedelta(seconds=number)).isoformat()
        customer = f"+7999{number % 1000 if number % 2 else number:07}"
        yield record(f"{1704056400 + number}.{number}", begun, customer=customer)


@pytest.mark.slow
def test_importing_many_records_does_not_hold_them(store):
    store.save_records(many(2_000))  # what is loaded once
    assert peak_memory(lambda: store.save_records(many(16_000))) < peak_memory(lambda: list(many(16_000))) / 4


def peak_memory(work):
    """Bytes at most in use by Python while at work."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.slow
def test_finding_among_many_records_is_quick(store):
    store.save_records(many(int(os.environ.get("QA_ENGINE_TEST_RECORDS", "20000"))))
    begun = time.perf_counter()
    for number in range(0, 20_000, 100):
        assert store.find_records(ids=[f"{1704056400 + number}.{number}"])
    assert (time.perf_counter() - begun) / 200 < 0.02  # seconds; reading every row takes longer
