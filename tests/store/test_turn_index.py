from datetime import date, datetime

import pytest

from qa_engine.store.turn_index import ALL_TURNS, CALL_TURNS, call_of, days_range, first_slot

NOON = datetime(2026, 11, 20, 12)


def test_numbers_sort_by_the_clock_where_the_call_was():
    east = datetime.fromisoformat("2026-11-20T12:00:01+12:00")
    assert first_slot(NOON, "a") < first_slot(east, "a")


def test_a_turn_leads_to_its_call():
    first = first_slot(NOON, "a")
    assert call_of(first) == call_of(first + CALL_TURNS - 1) == first


def test_calls_without_a_time_come_before_all_others():
    assert max(first_slot(None, name) for name in "abcdefgh") < first_slot(datetime(1971, 1, 1), "a")


@pytest.mark.parametrize("moment", [datetime(1900, 1, 1), datetime(9999, 12, 31, 23, 59, 59), None, NOON])
def test_numbers_fit_a_signed_column(moment):
    assert 0 <= first_slot(moment, "a") <= ALL_TURNS[1] - CALL_TURNS + 1


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-11-19T23:59:59", False),
        ("2026-11-20T00:00:00", True),
        ("2026-11-21T23:59:59", True),
        ("2026-11-22T00:00:00", False),
    ],
)
def test_a_range_of_days_holds_their_turns(moment, inside):
    first, last = days_range(date(2026, 11, 20), date(2026, 11, 21))
    numbers = [first_slot(datetime.fromisoformat(moment), name) for name in "abcdefgh"]
    assert all((first <= number and number + CALL_TURNS - 1 <= last) is inside for number in numbers)
