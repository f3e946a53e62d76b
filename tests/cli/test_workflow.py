"""The day of a QA lead from the command line, on transcripts (no recogniser needed)."""

import csv
import io
import json
from pathlib import Path

import pytest

from cli.running import run

ROOT = Path(__file__).parents[2]
CARD = ROOT / "scorecards" / "phone_en.yaml"
RUSSIAN_CARD = ROOT / "scorecards" / "phone_ru.yaml"


def write_call(path: Path, *lines: tuple[str, str], **about: str) -> Path:
    segments, clock = [], 0.5
    for speaker, text in lines:
        end = clock + 0.35 * len(text.split())
        segments.append({"start": round(clock, 2), "end": round(end, 2), "speaker": speaker, "text": text})
        clock = end + 0.5
    path.write_text(json.dumps({"call": about, "duration": clock, "segments": segments}, ensure_ascii=False))
    return path


@pytest.fixture
def day(tmp_path) -> Path:
    folder = tmp_path / "day"
    folder.mkdir()
    write_call(
        folder / "a.json",
        ("manager", "good morning sunny garden this is emma speaking how can i help you"),
        ("customer", "hello i have a question about two deliveries of roses"),
        ("manager", "of course the delivery arrives tomorrow is there anything else i can help you with"),
        ("customer", "no thank you"),
        ("manager", "thank you for calling goodbye"),
        manager="Emma Clark",
        started_at="2026-11-20T10:15:00+03:00",
    )
    write_call(
        folder / "b.json",
        ("manager", "yes"),
        ("customer", "hello is that sunny garden my order has not arrived i want my money back"),
        ("manager", "well that is your own fault you should have read the website"),
        ("customer", "this is outrageous"),
        ("manager", "whatever bye"),
        manager="Oliver Hughes",
        started_at="2026-11-21T11:00:00+03:00",
    )
    return folder


@pytest.fixture
def store(tmp_path) -> Path:
    return tmp_path / "qa.db"


def scored(capsys, day, store, *more):
    return run(capsys, "--db", store, "score", day, "--scorecard", CARD, *more)


def verdicts(line) -> dict[str, str]:
    return {criterion["id"]: criterion["verdict"] for criterion in line["criteria"]}


def test_score_prints_a_table_with_every_manager(capsys, day, store):
    ran = scored(capsys, day, store)
    assert ran.code == 0
    assert "Emma Clark" in ran.out
    assert "Oliver Hughes" in ran.out


def test_json_lines_go_to_standard_output_and_the_table_to_people(capsys, day, store):
    ran = scored(capsys, day, store, "--json", "-")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [Path(line["recording"]).name for line in lines] == ["a.json", "b.json"]
    assert verdicts(lines[0])["company"] == "pass"
    assert verdicts(lines[1])["politeness"] == "fail"
    assert lines[1]["score"] == 0
    assert lines[1]["fatal"] == ["politeness"]
    assert "Emma Clark" in ran.err


def test_two_runs_give_identical_bytes(capsys, day, store, tmp_path):
    first = scored(capsys, day, store, "--json", "-").out
    again = scored(capsys, day, store, "--json", "-").out
    afresh = scored(capsys, day, tmp_path / "other.db", "--json", "-").out
    assert first == again == afresh


def test_a_company_set_on_the_command_line_is_the_one_asked_for(capsys, day, store):
    ran = scored(capsys, day, store, "--set", "company.name=Platinum Motors", "--json", "-")
    assert verdicts(json.loads(ran.out.splitlines()[0]))["company"] == "fail"


def test_fail_under_leaves_with_one(capsys, day, store):
    assert scored(capsys, day, store, "--fail-under", "99").code == 1
    assert scored(capsys, day, store, "--fail-under", "1").code == 0


def test_search_finds_an_inflected_word_with_time_and_quote(capsys, day, store):
    scored(capsys, day, store)
    ran = run(capsys, "--db", store, "search", "delivery", "--said-by", "customer", "--json")
    hit = json.loads(ran.out)
    assert "deliveries" in hit["quote"]
    start, end = hit["highlights"][0]
    assert hit["quote"][start:end] == "deliveries"
    assert hit["start"] > 5


def test_search_finds_an_inflected_russian_word(capsys, tmp_path, store):
    call = write_call(
        tmp_path / "r.json",
        ("manager", "добрый день компания ромашка меня зовут анна слушаю вас"),
        ("customer", "здравствуйте я по поводу возвратов хочу вернуть деньги за букет"),
        manager="Анна",
    )
    assert run(capsys, "--db", store, "score", call, "--scorecard", RUSSIAN_CARD).code == 0
    ran = run(capsys, "--db", store, "search", "возврат", "--json")
    assert "возвратов" in json.loads(ran.out)["quote"]


def test_search_without_hits_leaves_with_one_like_grep(capsys, day, store):
    scored(capsys, day, store)
    assert run(capsys, "--db", store, "search", "rhinoceros").code == 1


def test_show_prints_turns_and_verdicts_with_quotes(capsys, day, store):
    scored(capsys, day, store)
    ran = run(capsys, "--db", store, "show", day / "b.json")
    assert "that is your own fault" in ran.out
    assert "fail" in ran.out
    assert "of all speech" in ran.out


@pytest.mark.parametrize("format_name", ["html", "csv", "json", "text", "xlsx"])
def test_a_report_is_written_in_every_format(capsys, day, store, tmp_path, format_name):
    scored(capsys, day, store)
    output = tmp_path / f"report.{format_name}"
    ran = run(capsys, "--db", store, "report", "--format", format_name, "-o", output)
    assert ran.code == 0, ran.err
    content = output.read_bytes()
    assert content
    if format_name != "xlsx":
        assert "Emma Clark" in content.decode("utf-8-sig")


def test_a_report_can_be_narrowed_to_a_manager_and_days(capsys, day, store):
    scored(capsys, day, store)
    ran = run(capsys, "--db", store, "report", "--format", "csv", "--manager", "Emma Clark", "--from", "2026-11-20")
    rows = list(csv.DictReader(io.StringIO(ran.out.lstrip("\ufeff"))))
    assert {row["manager"] for row in rows} == {"Emma Clark"}


def test_a_report_of_nothing_says_what_to_do(capsys, store):
    ran = run(capsys, "--db", store, "report")
    assert ran.code == 2
    assert "score" in ran.err


@pytest.mark.parametrize("command", [["report"], ["search", "roses"], ["show", "abcd"], ["serve", "--port", "0"]])
def test_reading_makes_no_store_where_there_is_none(capsys, store, command):
    ran = run(capsys, *command, "--db", store)
    assert ran.code == 2
    assert "qa-engine score" in ran.err
    assert not store.exists()


def test_a_wrong_day_is_told(capsys, day, store):
    scored(capsys, day, store)
    ran = run(capsys, "--db", store, "report", "--from", "yesterday")
    assert ran.code == 2
    assert "2026-11-20" in ran.err


def test_the_shipped_scorecards_are_in_order_and_pass_their_own_examples(capsys):
    for card in (CARD, RUSSIAN_CARD):
        assert run(capsys, "scorecard", "check", card).code == 0
        assert run(capsys, "scorecard", "test", card).code == 0


def test_a_wrong_example_is_told_with_its_text(capsys, tmp_path):
    text = CARD.read_text(encoding="utf-8")
    assert "examples: {pass: [" in text or "pass:" in text
    broken = tmp_path / "card.yaml"
    broken.write_text(text.replace("pass: [", 'pass: ["the rain in spain", ', 1), encoding="utf-8")
    ran = run(capsys, "scorecard", "test", broken)
    assert ran.code == 1
    assert "the rain in spain" in ran.out


def test_the_schema_is_json(capsys):
    assert "properties" in json.loads(run(capsys, "scorecard", "schema").out)


def test_doctor_and_models_answer(capsys):
    assert "moonshine" in run(capsys, "doctor").out
    assert run(capsys, "models", "list").code == 0


def test_an_unknown_command_is_misuse(capsys):
    assert run(capsys, "scoer").code == 2


@pytest.mark.parametrize("place", ["before", "behind"])
def test_common_options_stand_before_the_command_or_behind_it(capsys, day, store, place):
    common = ["--db", store, "--quiet"]
    score = ["score", day, "--scorecard", CARD]
    ran = run(capsys, *common, *score) if place == "before" else run(capsys, *score, *common)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert store.exists()


def test_quiet_still_tells_which_recordings_failed(capsys, day, store):
    (day / "a.json").write_text('{"segments": [{"start": 0,', encoding="utf-8")
    ran = scored(capsys, day, store, "--quiet")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("not scored: ")
    assert "a.json" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_settings_file_sets_what_the_command_line_leaves_out(capsys, day, tmp_path):
    (tmp_path / "mine.toml").write_text(f'db = "{tmp_path / "mine.db"}"\n', encoding="utf-8")
    run(capsys, "score", day, "--scorecard", CARD, "--config", tmp_path / "mine.toml")
    assert (tmp_path / "mine.db").exists()


def test_the_database_of_the_command_line_goes_before_any_settings_file(capsys, day, store, tmp_path):
    (tmp_path / "mine.toml").write_text(f'db = "{tmp_path / "mine.db"}"\n', encoding="utf-8")
    run(capsys, "--db", store, "score", day, "--scorecard", CARD, "--config", tmp_path / "mine.toml")
    assert store.exists()
    assert not (tmp_path / "mine.db").exists()


@pytest.mark.parametrize(
    ("line", "told"), [('language = "fr"', "'ru'"), ('manager_channel = "middle"', "'left'"), ("jobs = -4", "negative")]
)
def test_a_setting_that_cannot_be_is_told(capsys, day, tmp_path, line, told):
    (tmp_path / "mine.toml").write_text(line + "\n", encoding="utf-8")
    ran = run(capsys, "score", day, "--scorecard", CARD, "--config", tmp_path / "mine.toml")
    assert ran.code == 2
    assert told in ran.err


@pytest.mark.parametrize("option", ["--diarizer", "--transcriber"])
def test_an_unknown_engine_is_told_before_anything_is_heard(capsys, day, store, option):
    ran = scored(capsys, day, store, option, "foo")
    assert ran.code == 2
    assert "'foo' is not known" in ran.err


def test_a_transcript_in_a_language_without_rules_is_its_own_failure(capsys, day, store):
    foreign = json.loads((day / "a.json").read_text(encoding="utf-8")) | {"language": "uk"}
    (day / "a.json").write_text(json.dumps(foreign), encoding="utf-8")
    ran = scored(capsys, day, store, "--json", "-")
    assert ran.code == 3
    error = json.loads(ran.out.splitlines()[0])["error"]
    assert error["kind"] == "unsupported"
    assert "a.json" in error["message"]
    assert scored(capsys, day, store, "--language", "en").code == 0


def test_a_wrong_settings_file_is_told(capsys, day, tmp_path):
    (tmp_path / "mine.toml").write_text("jobz = 3\n", encoding="utf-8")
    ran = run(capsys, "score", day, "--scorecard", CARD, "--config", tmp_path / "mine.toml")
    assert ran.code == 2
    assert "jobz" in ran.err
    assert "jobs" in ran.err


def test_a_part_of_a_managers_name_is_enough(capsys, day, store):
    scored(capsys, day, store)
    ran = run(capsys, "--db", store, "report", "--format", "csv", "--manager", "emma")
    rows = list(csv.DictReader(io.StringIO(ran.out.lstrip("\ufeff"))))
    assert {row["manager"] for row in rows} == {"Emma Clark"}


def test_an_unknown_manager_is_told_with_the_names_there_are(capsys, day, store):
    scored(capsys, day, store)
    ran = run(capsys, "--db", store, "report", "--manager", "zoe")
    assert ran.code == 2
    assert "Emma Clark, Oliver Hughes" in ran.err


@pytest.mark.parametrize("period", ["2026-10", "2026-10-01..2026-10-31"])
def test_a_report_beside_an_earlier_period(capsys, day, store, period):
    scored(capsys, day, store)
    ran = run(capsys, "--db", store, "report", "--compare", period, "--format", "json")
    assert ran.code == 0
    assert "comparison" in json.loads(ran.out)


def test_the_previous_period_needs_a_period(capsys, day, store):
    scored(capsys, day, store)
    assert run(capsys, "--db", store, "report", "--compare", "previous").code == 2
    ran = run(capsys, "--db", store, "report", "--compare", "previous", "--from", "2026-11-21", "--to", "2026-11-21")
    assert ran.code == 0
