from datetime import datetime
from pathlib import Path

import pytest

from qa_engine.domain.call_identity import CallIdentity, Direction
from qa_engine.errors import SettingsError
from qa_engine.telephony.file_names import file_names

NAMES = [
    (
        "external-101-79161234567-20261120-101502-1763622902.11.wav",
        CallIdentity("101", "79161234567", datetime(2026, 11, 20, 10, 15, 2), Direction.INBOUND, "1763622902.11"),
    ),
    (
        "out-79161234567-102-20261120-101502-pbx-1-1743042317.12.wav",
        CallIdentity(
            "102", "79161234567", datetime(2026, 11, 20, 10, 15, 2), Direction.OUTBOUND, "pbx-1-1743042317.12"
        ),
    ),
    (
        "q-600-79161234567-20261120-101502-1763622902.11.mp3",
        CallIdentity("", "79161234567", datetime(2026, 11, 20, 10, 15, 2), Direction.INBOUND, "1763622902.11"),
    ),
    (
        "[]_100-0836826436_20190211124709(2).wav",
        CallIdentity("100", "0836826436", datetime(2019, 2, 11, 12, 47, 9), Direction.OUTBOUND, "2"),
    ),
    (
        "[27836826436]_27836826436-100_20190211124743(3).wav",
        CallIdentity("100", "27836826436", datetime(2019, 2, 11, 12, 47, 43), Direction.INBOUND, "3"),
    ),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_known_names_give_manager_customer_time_and_direction(name, expected):
    found = file_names("auto").read(Path("day") / name)
    assert (found.manager, found.customer, found.started_at, found.direction, found.call_id) == (
        expected.manager,
        expected.customer,
        expected.started_at,
        expected.direction,
        expected.call_id,
    )
    assert found.source == "file name"


def test_a_name_of_no_convention_says_nothing():
    assert file_names("auto").read(Path("call 7 emma.wav")) == CallIdentity()


def test_a_convention_by_name_reads_only_its_own():
    assert file_names("3cx").read(Path(NAMES[0][0])) == CallIdentity()


def test_a_regular_expression_names_the_groups():
    names = file_names(r"(?P<started_at>\d{4}-\d\d-\d\d) (?P<manager>\w+) (?P<direction>in|out)")
    found = names.read(Path("2026-11-20 Анна out.mp3"))
    assert (found.manager, found.direction, found.started_at) == ("Анна", Direction.OUTBOUND, datetime(2026, 11, 20))


@pytest.mark.parametrize("pattern", ["(", r"(?P<agent>\d+)", "plain"])
def test_a_useless_regular_expression_is_refused_with_the_reason(pattern):
    with pytest.raises(SettingsError, match="--file-names"):
        file_names(pattern)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T14-05-33", datetime(2026, 11, 20, 14, 5, 33)),
        ("2026.11.20 14.05", datetime(2026, 11, 20, 14, 5)),
        ("20261120", datetime(2026, 11, 20)),
        ("1795158902", None),
    ],
)
def test_times_are_read_by_their_digits(text, moment):
    names = file_names(r"(?P<started_at>\d[\d.T _-]+\d)_x")
    assert names.read(Path(f"{text}_x.wav")).started_at == moment


def test_an_impossible_date_is_left_out():
    found = file_names("auto").read(Path("external-101-7916-20261340-101502-1763622902.11.wav"))
    assert found.started_at is None
    assert found.manager == "101"
