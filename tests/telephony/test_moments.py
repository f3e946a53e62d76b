from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from qa_engine.errors import RecordsError
from qa_engine.telephony.record_files import parse_moment

MOSCOW = ZoneInfo("Europe/Moscow")
BERLIN = ZoneInfo("Europe/Berlin")
QUARTER_PAST_TEN = datetime(2026, 11, 20, 7, 15, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20 10:15:02",
        "2026-11-20T10:15:02",
        "2026-11-20T07:15:02Z",
        "2026-11-20T12:15:02+05:00",
        "2026-11-20 12:15:02 +0500",
        "2026-11-20 07:15:02 UTC",
        "20.11.2026 10:15:02",
        "20.11.2026, 10:15:02",
        "2026/11/20 10:15:02",
        "20261120101502",
        "1795158902",
        "1795158902000",
        "1795158902000000",
        "Fri, 20 Nov 2026 07:15:02 +0000",
    ],
)
def test_each_way_of_writing_a_moment(text):
    assert parse_moment(text, MOSCOW) == QUARTER_PAST_TEN


@pytest.mark.parametrize("text", ["2026-11-20 10:15:02.123456", "1795158902.123456", "1795158902123456"])
def test_microseconds_are_kept(text):
    assert parse_moment(text, MOSCOW) == QUARTER_PAST_TEN + timedelta(microseconds=123456)


@pytest.mark.parametrize(
    "text", ["", " ", "0", "0000-00-00 00:00:00", "1970-01-01 00:00:00", "soon", "10:15:02", "2026-13-45", "9" * 30]
)
def test_what_is_no_moment_is_none(text):
    assert parse_moment(text, MOSCOW) is None


def test_a_moment_without_a_zone_needs_one():
    with pytest.raises(RecordsError, match=r"moments in day/Master\.csv name no time zone.*--time-zone Europe/Moscow"):
        parse_moment("2026-11-20 10:15:02", None, path=Path("day/Master.csv"))


def test_a_moment_with_a_zone_needs_none():
    assert parse_moment("2026-11-20T10:15:02+03:00", None) == QUARTER_PAST_TEN


def test_the_hour_that_comes_twice_is_the_first_of_the_two():
    assert parse_moment("2026-10-25 02:30:00", BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_hour_that_does_not_come_goes_on_from_before():
    assert parse_moment("2026-03-29 02:30:00", BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_differences_over_the_change_of_clocks_are_true_seconds():
    before, after = parse_moment("2026-10-25 01:59:50", BERLIN), parse_moment("2026-10-25 03:00:10", BERLIN)
    assert (after - before).total_seconds() == 7220
