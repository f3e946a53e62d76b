"""The phone system's records on the command line: imported, matched at the next scoring, compared, missed calls."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from running import Ran, run

ROOT = Path(__file__).parents[2]
DAY = ROOT / "samples" / "day_ru"
TRANSCRIPTS = ROOT / "samples" / "transcripts_ru"
CARD = ROOT / "scorecards" / "phone_ru.yaml"
MOSCOW = ("--time-zone", "Europe/Moscow")


def objects(ran: Ran) -> list[dict]:
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the Russian day's records and two of its calls, from their transcripts."""
    from qa_engine.cli.root import main

    folder = tmp_path_factory.mktemp("records")
    for path in sorted(TRANSCRIPTS.glob("*.json"))[:4]:
        shutil.copy(path, folder)
    for arguments in (
        ("records", "import", str(DAY / "Master.csv"), *MOSCOW),
        ("score", str(folder), "--scorecard", str(CARD)),
    ):
        with pytest.raises(SystemExit):
            main(["--db", str(folder / "qa.db"), "--quiet", *arguments])
    return folder / "qa.db"


def test_an_import_tells_how_many_calls_are_new(tmp_path, capsys):
    ran = run(capsys, "--db", tmp_path / "qa.db", "records", "import", DAY / "Master.csv", *MOSCOW)
    assert ran.code == 0
    assert "11 calls (11 new, 0 changed, 0 known before)" in ran.err
    again = run(capsys, "--db", tmp_path / "qa.db", "records", "import", DAY / "Master.csv", *MOSCOW)
    assert "0 new, 0 changed, 11 known before" in again.err


def test_times_without_a_zone_are_refused_with_the_remedy(tmp_path, capsys):
    ran = run(capsys, "--db", tmp_path / "qa.db", "records", "import", DAY / "Master.csv")
    assert ran.code == 2
    assert "--time-zone" in ran.err


def test_the_zone_may_stand_in_the_settings(tmp_path, capsys):
    settings = tmp_path / "qa-engine.toml"
    settings.write_text('time_zone = "Europe/Moscow"\n', encoding="utf-8")
    db = tmp_path / "qa.db"
    assert run(capsys, "--config", settings, "--db", db, "records", "import", DAY / "Master.csv").code == 0


def test_an_unknown_zone_and_an_unknown_system_are_told(tmp_path, capsys):
    db = ("--db", tmp_path / "qa.db")
    zone = run(capsys, *db, "records", "import", DAY / "Master.csv", "--time-zone", "Moscow/Europe")
    assert (zone.code, "IANA" in zone.err) == (2, True)
    system = run(capsys, *db, "records", "import", DAY / "Master.csv", "--system", "nortel", *MOSCOW)
    assert (system.code, "asterisk-cdr" in system.err) == (2, True)


def test_a_file_that_is_not_there_and_a_foreign_file_are_told(tmp_path, capsys):
    db = ("--db", tmp_path / "qa.db")
    gone = run(capsys, *db, "records", "import", tmp_path / "none.csv", *MOSCOW)
    assert (gone.code, "no such file" in gone.err) == (2, True)
    foreign = tmp_path / "shopping.csv"
    foreign.write_text("milk,eggs\n1,2\n", encoding="utf-8")
    ran = run(capsys, *db, "records", "import", foreign, *MOSCOW)
    assert ran.code == 2
    assert "shopping.csv" in ran.err
    assert "--mapping" in ran.err


def test_a_row_that_cannot_be_read_is_told_and_the_rest_is_kept(tmp_path, capsys):
    damaged = tmp_path / "Master.csv"
    whole = (DAY / "Master.csv").read_text(encoding="utf-8")
    damaged.write_text(whole + '"","4955550999","101","from-tr', encoding="utf-8")
    ran = run(capsys, "--db", tmp_path / "qa.db", "records", "import", damaged, *MOSCOW)
    assert ran.code == 3
    assert "11 new" in ran.err
    line = whole.count("\n") + 1
    assert f"line {line}:" in ran.err


def test_scored_calls_are_compared_with_their_records(db, capsys):
    rows = objects(run(capsys, "--db", db, "records", "compare", "--json"))
    assert rows
    assert {row["matched_by"] for row in rows} == {"id", "number and time"}  # one is named as 3CX does
    assert all(row["records"] is not None and row["audio"] is None for row in rows)  # transcripts alone have no sound


def test_the_table_says_how_many_calls_have_a_record(db, capsys):
    assert "calls have a record" in run(capsys, "--db", db, "records", "compare").out


def test_missed_calls_are_listed_with_what_became_of_them(db, capsys):
    by_number = {one["customer"]: one for one in objects(run(capsys, "--db", db, "records", "missed", "--json"))}
    assert by_number["4955551234"]["call_back_answered"] is True
    assert by_number["4955551234"]["called_back_by"] == "101"
    assert by_number["4955555678"]["called_back_at"] is None
    hidden = [one for number, one in by_number.items() if number in (None, "anonymous")]
    assert [one["can_be_called"] for one in hidden] == [False]


def test_missed_calls_of_another_day_are_left_out(db, capsys):
    assert not run(capsys, "--db", db, "records", "missed", "--json", "--from", "2026-11-21").out
    assert "0 missed calls" in run(capsys, "--db", db, "records", "missed", "--to", "2026-11-19").out


def test_a_number_is_forgotten_on_request(tmp_path, capsys):
    db = ("--db", tmp_path / "qa.db")
    run(capsys, *db, "records", "import", DAY / "Master.csv", *MOSCOW)
    assert "2 call records removed" in run(capsys, *db, "records", "forget", "4955551234").err
    numbers = [one["customer"] for one in objects(run(capsys, *db, "records", "missed", "--json"))]
    assert "4955551234" not in numbers


def test_every_system_is_named(capsys):
    listed = run(capsys, "records", "systems").out
    for name in ("asterisk-cdr", "asterisk-cel", "asterisk-queue-log", "freeswitch", "mango-statistics", "twilio"):
        assert name in listed


def test_a_mapping_alone_says_how_to_read_a_table(tmp_path, capsys):
    table, mapping = tmp_path / "calls.csv", tmp_path / "calls.toml"
    table.write_text("Когда;Кто\n20.11.2026 10:15:02;+7 495 555-01-11\n", encoding="utf-8")
    mapping.write_text('[columns]\nstarted_at = "Когда"\ncustomer = "Кто"\n', encoding="utf-8")
    ran = run(capsys, "--db", tmp_path / "qa.db", "records", "import", table, "--mapping", mapping, *MOSCOW)
    assert (ran.code, "1 new" in ran.err) == (0, True)


def test_a_folder_is_told_from_a_file_that_is_not_there(tmp_path, capsys):
    ran = run(capsys, "--db", tmp_path / "qa.db", "records", "import", tmp_path, *MOSCOW)
    assert (ran.code, "is a folder" in ran.err) == (2, True)


def test_a_file_that_cannot_be_used_is_told_before_any_other_is_stored(tmp_path, capsys):
    (tmp_path / "empty.csv").write_bytes(b"")
    db = ("--db", tmp_path / "qa.db")
    ran = run(capsys, *db, "records", "import", DAY / "Master.csv", tmp_path / "empty.csv", *MOSCOW)
    assert (ran.code, "empty.csv is empty" in ran.err) == (2, True)
    assert "11 new" in run(capsys, *db, "records", "import", DAY / "Master.csv", *MOSCOW).err


def test_a_remark_about_the_whole_file_is_shown_after_many_bad_rows_and_counted_as_no_row(tmp_path, capsys):
    file = tmp_path / "Master.csv"
    file.write_text((DAY / "Master.csv").read_text(encoding="utf-8") + '"",x\n' * 25, encoding="utf-8")
    ran = run(capsys, "--db", tmp_path / "qa.db", "records", "import", file, "--time-zone", "UTC")
    assert "the phone system writes UTC+3 h" in ran.err
    assert "25 rows left out" in ran.err


def test_moments_that_stay_in_utc_are_told_with_the_remedy(tmp_path, capsys):
    log = tmp_path / "queue_log"
    log.write_text("1795158902|1795158902.1|600|NONE|ENTERQUEUE||79161234567|1\n", encoding="utf-8")
    db = ("--db", tmp_path / "qa.db")
    ran = run(capsys, *db, "records", "import", log)
    assert (ran.code, "its moments are UTC" in ran.err) == (0, True)
    assert "its moments are UTC" not in run(capsys, *db, "records", "import", log, *MOSCOW).err


def test_calls_scored_before_the_import_are_to_be_scored_again(tmp_path, capsys):
    name = "external-101-4955550111-20261120-101502-1795158902.4.json"
    shutil.copy(TRANSCRIPTS / name, tmp_path)
    db = ("--db", tmp_path / "qa.db")
    score = ("score", tmp_path / name, "--scorecard", CARD)
    run(capsys, *db, *score)
    run(capsys, *db, "records", "import", DAY / "Master.csv", *MOSCOW)
    before = run(capsys, *db, "records", "compare")
    assert ("0 of 1 calls" in before.out, "run the same `score` again" in before.err) == (True, True)
    run(capsys, *db, *score)
    after = run(capsys, *db, "records", "compare")
    assert ("1 of 1 calls" in after.out, after.err) == (True, "")
