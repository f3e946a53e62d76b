import re
import tomllib
from datetime import timedelta

import pytest
from reading import MOSCOW, read, utc

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome
from qa_engine.errors import RecordsError
from qa_engine.telephony import generic_csv
from qa_engine.telephony.csv_mapping import FIELDS, SETTINGS
from qa_engine.telephony.generic_csv import GENERIC_CSV

MAPPING = """
system = "acme"
time_zone = "Europe/Moscow"
delimiter = ";"

[columns]
record_id = "Call ID"
started_at = ["Date", "Time"]
direction = "Type"
manager = "Employee"
customer = "Number"
outcome = "Result"
ring_seconds = "Ring"
hold_seconds = "Hold"
num_holds = "Holds"
recording = "File"

[direction]
"Входящий" = "inbound"

[outcome]
"Отвечен" = "answered"
"Пропущен" = "missed"
"""
HEADER = "Call ID;Date;Time;Type;Employee;Number;Result;Ring;Hold;Holds;File;Comment"
ROW = "c-1;20.11.2026;10:15:02;Входящий;101;+79161234567;Отвечен;12;30,5;2;C:\\rec\\2026\\c-1.wav;"


def mapped(tmp_path, mapping, *lines, encoding="utf-8", **options):
    file = tmp_path / "calls.toml"
    file.write_text(mapping, encoding="utf-8")
    content = "\n".join([HEADER, *lines]) + "\n" if lines and not lines[0].startswith("=") else lines[0][1:]
    return read(GENERIC_CSV, tmp_path / "calls.csv", content.encode(encoding), mapping=file, **options)


def test_a_row_is_read_as_the_mapping_says(tmp_path):
    call = mapped(tmp_path, MAPPING, ROW).call
    assert (call.system, call.record_id, call.ids) == ("acme", "c-1", ("c-1",))
    assert (call.manager, call.customer, call.direction) == ("101", "+79161234567", Direction.INBOUND)
    assert call.started_at == utc(2026, 11, 20, 7, 15, 2)
    assert (call.ring_seconds, call.ring_by) == (12.0, "column of the ring time")
    assert (call.hold_seconds, call.num_holds) == (30.5, 2)
    assert (call.outcome, call.recordings) == (CallOutcome.ANSWERED, ("c-1.wav",))


def test_the_ring_time_may_be_the_difference_of_two_moments(tmp_path):
    mapping = '[columns]\nstarted_at = "start"\nringing_at = "ring"\nanswered_at = "answer"\n'
    text = "=start,ring,answer\n2026-11-20T10:00:00Z,2026-11-20T10:00:05Z,2026-11-20T13:00:14+03:00\n"
    call = mapped(tmp_path, mapping, text).call
    assert (call.ring_seconds, call.ring_by) == (9.0, "answered_at - ringing_at")
    assert call.outcome is CallOutcome.ANSWERED


def test_an_answer_before_the_ringing_is_told_and_gives_no_ring_time(tmp_path):
    mapping = '[columns]\nstarted_at = "start"\nringing_at = "ring"\nanswered_at = "answer"\n'
    text = "=start,ring,answer\n2026-11-20T10:00:00Z,2026-11-20T10:00:05Z,2026-11-20T10:00:01Z\n"
    found = mapped(tmp_path, mapping, text)
    assert (found.call.ring_seconds, found.call.no_ring_why) == (None, "the row has no ring time")
    assert "answered_at is before ringing_at" in found.told[0][1]


def test_without_an_outcome_column_an_answer_tells_it(tmp_path):
    mapping = '[columns]\nstarted_at = "start"\nanswered_at = "answer"\ncustomer = "who"\n'
    text = "=start,answer,who\n2026-11-20T10:00:00Z,,7916\n2026-11-20T11:00:00Z,2026-11-20T11:00:07Z,7917\n"
    assert [call.outcome for call in mapped(tmp_path, mapping, text).calls] == [
        CallOutcome.MISSED,
        CallOutcome.ANSWERED,
    ]


@pytest.mark.parametrize(
    ("durations", "value", "seconds"),
    [("seconds", "75", 75.0), ("milliseconds", "7500", 7.5), ("hh:mm:ss", "00:01:15", 75.0)],
)
def test_durations_are_in_the_unit_of_the_mapping(tmp_path, durations, value, seconds):
    mapping = f'durations = "{durations}"\n[columns]\nstarted_at = "start"\nring_seconds = "ring"\n'
    call = mapped(tmp_path, mapping, f"=start,ring\n2026-11-20T10:00:00Z,{value}\n").call
    assert call.ring_seconds == seconds


def test_a_date_format_of_ones_own_is_followed(tmp_path):
    mapping = 'date_format = "%m/%d/%Y %I:%M %p"\n[columns]\nstarted_at = "start"\n'
    call = mapped(tmp_path, mapping, "=start;x\n11/20/2026 02:05 PM;1\n", time_zone=MOSCOW).call
    assert (call.started_at, call.started_at.utcoffset()) == (utc(2026, 11, 20, 11, 5), timedelta(hours=3))


def test_the_encoding_of_the_mapping_is_followed(tmp_path):
    call = mapped(tmp_path, 'encoding = "cp1251"\n' + MAPPING, ROW, encoding="cp1251").call
    assert call.direction is Direction.INBOUND


def test_cp1251_is_found_without_being_told(tmp_path):
    assert mapped(tmp_path, MAPPING, ROW, encoding="cp1251").call.outcome is CallOutcome.ANSWERED


def test_a_value_without_a_meaning_is_told_and_unknown(tmp_path):
    found = mapped(tmp_path, MAPPING, ROW.replace("Отвечен", "Иванов"))
    assert found.call.outcome is CallOutcome.UNKNOWN
    ((line, message),) = found.told
    assert (line, "[outcome]" in message, "Иванов" in message) == (2, True, False)


def test_all_that_is_wrong_with_a_mapping_is_told_at_once(tmp_path):
    wrong = """
durations = "minutes"
time_zone = "Europe/Msk"
colour = 1
[columns]
customer = "Номер"
agent = "Employee"
manager = 7
[outcome]
"Да" = "yes"
"""
    with pytest.raises(RecordsError) as told:
        mapped(tmp_path, wrong, ROW)
    message = str(told.value)
    for part in ("durations is 'minutes'", "time_zone 'Europe/Msk'", "unknown key 'colour'", "unknown field 'agent'"):
        assert part in message
    for part in ("no started_at", "manager is neither", "'Да' is 'yes'", "no column 'номер'", "8 problems"):
        assert part in message
    assert "columns of calls.csv: call id, date, time" in message


def test_a_table_without_a_header_does_not_show_whose_call_it_begins_with(tmp_path):
    with pytest.raises(RecordsError, match="a first line that names no columns") as told:
        mapped(tmp_path, '[columns]\nstarted_at = "start"\n', "=2026-11-20 10:00:00,Иван Петров,+7 (916) 123-45-67\n")
    assert "петров" not in str(told.value).casefold()


@pytest.mark.parametrize(
    ("mapping", "part"), [("columns = ", "is not TOML"), ("", r"no table \[columns\]"), ("system = 1", "is not a text")]
)
def test_a_mapping_that_is_none_is_refused(tmp_path, mapping, part):
    with pytest.raises(RecordsError, match=part):
        mapped(tmp_path, mapping, ROW)


def test_without_a_mapping_it_says_how_to_give_one(tmp_path):
    with pytest.raises(RecordsError, match="--mapping FILE"):
        read(GENERIC_CSV, tmp_path / "calls.csv", HEADER)


def test_a_mapping_that_is_not_there_is_told(tmp_path):
    with pytest.raises(RecordsError, match=r"none\.toml cannot be opened"):
        read(GENERIC_CSV, tmp_path / "calls.csv", HEADER, mapping=tmp_path / "none.toml")


def test_moments_without_a_zone_need_one(tmp_path):
    with pytest.raises(RecordsError, match="--time-zone"):
        mapped(tmp_path, MAPPING.replace('time_zone = "Europe/Moscow"', ""), ROW)


def test_a_row_that_stands_twice_is_one_call(tmp_path):
    assert len(mapped(tmp_path, MAPPING, ROW, ROW).calls) == 1


def test_rows_without_an_id_are_told_apart_by_start_and_number(tmp_path):
    mapping = MAPPING.replace('record_id = "Call ID"\n', "")
    other = ROW.replace("+79161234567", "+79170000000")
    assert len(mapped(tmp_path, mapping, ROW, other, ROW).calls) == 2


@pytest.mark.parametrize("value", ["-3", "soon", "100000"])
def test_an_absurd_duration_is_told_with_its_line(tmp_path, value):
    found = mapped(tmp_path, MAPPING, ROW.replace(";12;", f";{value};"))
    assert found.call.ring_seconds is None
    assert found.told[0][0] == 2
    assert found.told[0][1].startswith("ring ")


def test_half_a_last_line_is_told_and_the_rest_is_read(tmp_path):
    found = mapped(tmp_path, MAPPING, ROW, "c-2;20.11")
    assert found.call.record_id == "c-1"
    assert found.told[0][0] == 3


def test_a_start_that_is_no_moment_leaves_the_row_out(tmp_path):
    found = mapped(tmp_path, MAPPING, ROW, ROW.replace("c-1;20.11.2026", "c-2;yesterday"))
    assert [call.record_id for call in found.calls] == ["c-1"]
    assert found.told[-1][0] == 3


@pytest.mark.parametrize("content", ["=", f"={HEADER}\n"])
def test_a_file_without_rows_is_refused(tmp_path, content):
    with pytest.raises(RecordsError):
        mapped(tmp_path, MAPPING, content)


def test_it_takes_no_file_by_itself():
    assert not GENERIC_CSV.fits(HEADER)


def test_the_mapping_in_the_manual_names_every_field_and_works(tmp_path):
    manual = re.search(r"\.\. code:: toml\n\n(.*?)\n\nWithout", generic_csv.__doc__, re.DOTALL)[1]
    told = tomllib.loads(manual)
    assert set(told["columns"]) == set(FIELDS)
    assert set(SETTINGS) <= set(told)
    names = [name for value in told["columns"].values() for name in ([value] if isinstance(value, str) else value)]
    values = {"Date": "20.11.2026", "Time": "10:15:02", "Type": "Исходящий", "Ring": "7", "Result": "Пропущен"}
    text = "=" + ";".join(names) + "\n" + ";".join(values.get(name, "") for name in names) + "\n"
    call = mapped(tmp_path, manual, text, encoding="cp1251").call
    assert (call.direction, call.outcome, call.ring_seconds) == (Direction.OUTBOUND, CallOutcome.MISSED, 7.0)
