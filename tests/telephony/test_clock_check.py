from datetime import UTC, datetime, timedelta

from qa_engine.domain.call_record import CallRecord
from qa_engine.telephony.clock_check import made_at, with_checked_clock
from qa_engine.telephony.reader import Problems

MADE = datetime(2026, 11, 20, 7, 15, 2, tzinfo=UTC)


def told(*shifts_minutes):
    problems = Problems()
    calls = [
        CallRecord("x", str(i), MADE + timedelta(minutes=shift, seconds=3), ids=("x", "1795158902.1"))
        for i, shift in enumerate(shifts_minutes)
    ]
    assert list(with_checked_clock(iter(calls), problems)) == calls
    return [message for _, message in problems.shown]


def test_a_unique_id_of_asterisk_tells_its_second():
    assert made_at("pbx-1-1795158902.12") == MADE
    assert made_at("REALTIME") is None


def test_a_call_id_of_3cx_tells_its_millisecond():
    assert made_at("00000171DEE41BB3_2501") == datetime(2020, 5, 4, 8, 53, 43, 475000, tzinfo=UTC)


def test_an_id_behind_the_end_of_the_calendar_tells_nothing():
    assert made_at("0000FFFFFFFFFFFF_1") is None


def test_the_zone_that_would_fit_is_told():
    assert "read as UTC+0 h" in told(180)[0]
    assert "the phone system writes UTC+3 h" in told(180)[0]


def test_a_clock_that_fits_is_not_told():
    assert told(0, 0, 180) == []


def test_a_clock_three_hours_away_is_told():
    assert "lie +3 h from the ids" in told(180, 180, 0)[0]


def test_a_call_that_merely_starts_late_is_no_sign():
    assert told(22, 23, 37) == []


def test_no_ids_tell_nothing():
    problems = Problems()
    assert len(list(with_checked_clock(iter([CallRecord("x", "1", MADE)]), problems))) == 1
    assert problems.count == 0
