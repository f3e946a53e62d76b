from datetime import UTC
from pathlib import Path

import pytest
from reading import utc

from qa_engine.errors import RecordsError
from qa_engine.telephony.reader import Problems
from qa_engine.telephony.row_values import (
    RecordsFile,
    RowValues,
    as_text,
    file_name,
    is_json,
    read_seconds,
    require_columns,
    seconds_between,
    some_calls,
)


def row(**values):
    return RowValues(7, values, RecordsFile(Path("calls.csv"), UTC, Problems()))


@pytest.mark.parametrize(
    ("value", "text"),
    [(" a ", "a"), (5, "5"), (None, ""), ("NULL", ""), (True, "true"), ([1], ""), ({"a": 1}, ""), (0, "0")],
)
def test_values_of_json_and_csv_are_text(value, text):
    assert as_text(value) == text


def test_of_several_names_the_first_with_a_value_counts():
    assert row(a="", b=None, c="third", d="fourth").text("a", "b", "c", "d") == "third"


def test_an_array_in_a_csv_is_read_as_one_in_json():
    assert row(records="[a,b]").texts("records") == row(records=["a", "b", "a"]).texts("records") == ("a", "b")
    assert row(records="[]").texts("records") == ()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("95", 95.0), ("9,5", 9.5), ("-3", -3.0), ("01:35", 95.0), ("1:00:05.5", 3605.5), ("soon", None), ("1:2", None)],
)
def test_durations_are_read_in_the_ways_they_are_written(text, seconds):
    assert read_seconds(text) == seconds


@pytest.mark.parametrize(("value", "part"), [("x", "no duration"), ("-1", "negative"), ("86401", "longer than a day")])
def test_a_duration_that_cannot_be_is_told_without_its_value(value, part):
    one = row(hold=value)
    assert one.seconds("hold") is None
    ((line, message),) = one.file.problems.shown
    assert (line, part in message, value in message) == (7, True, False)


@pytest.mark.parametrize("never", ["", "0", "0000-00-00 00:00:00", None])
def test_never_is_no_moment_and_no_fault(never):
    one = row(at=never)
    assert (one.moment("at"), one.file.problems.count) == (None, 0)


def test_a_moment_that_cannot_be_read_is_told():
    one = row(at="tomorrow")
    assert (one.moment("at"), one.file.problems.shown[0][0]) == (None, 7)


def test_seconds_between_moments_that_stand_the_wrong_way_round_are_unknown():
    early, late = utc(2026, 11, 20, 10), utc(2026, 11, 20, 10, 0, 30)
    assert (seconds_between(early, late), seconds_between(late, early), seconds_between(None, late)) == (
        30.0,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("/var/rec/a b.wav", "a b.wav"),
        ("C:\\rec\\a.wav", "a.wav"),
        ("https://x.example/r/a.mp3?token=a/b#t", "a.mp3"),
        ("a.wav", "a.wav"),
        ("", ""),
    ],
)
def test_the_file_of_a_place_is_named_without_folders(place, name):
    assert file_name(place) == name


@pytest.mark.parametrize(
    ("beginning", "json"),
    [
        ('{"a"', True),
        ('\ufeff [ {"a"', True),
        ("[]", True),
        ("[", True),
        ("[];1;2", False),
        ("[a,b];1", False),
        ("a,b", False),
    ],
)
def test_a_table_that_begins_with_brackets_is_no_json(beginning, json):
    assert is_json(beginning) is json


def test_missing_columns_are_named_with_those_found():
    with pytest.raises(RecordsError, match=r"calls\.csv cannot be read as Acme: no b, c; found a, x"):
        require_columns(["a", "x", "a"], ["a", "b", "c"], Path("calls.csv"), "Acme")


@pytest.mark.parametrize("number", ["79161234567", "+7 (916) 123-45-67", "8-916-123-45-67"])
def test_a_first_line_that_is_a_call_is_not_shown(number):
    with pytest.raises(RecordsError, match="a first line that names no columns") as told:
        require_columns(["ivan petrov", number], ["a"], Path("calls.csv"), "Acme")
    assert "ivan" not in str(told.value)


def test_a_file_without_calls_says_what_its_first_fault_was():
    problems = Problems()
    problems.add(3, "no id")
    with pytest.raises(RecordsError, match="line 3: no id"):
        list(some_calls(iter([]), Path("calls.csv"), "Acme", problems))
