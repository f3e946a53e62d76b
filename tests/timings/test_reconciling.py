"""Sound and record side by side: which of them counts, with which error, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from builders import NOT_RINGING, hold, ringing, timings
from qa_engine.domain.call_record import CallRecord, RecordedTransfer
from qa_engine.domain.timings import Comparison, Timings
from qa_engine.timings.reconciling import reconcile

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
RECORD = CallRecord("asterisk cdr", "1795.4", NOON, ring_seconds=9.0, ring_by="legs")


def both(heard: Timings, record: CallRecord = RECORD) -> Timings:
    return reconcile(heard, record, matched_by="id")


def compared(times: Timings, measure: str = "ring_seconds") -> Comparison:
    assert times.recorded is not None
    return next(each for each in times.recorded.comparisons if each.measure == measure)


def test_where_they_agree_the_finer_sound_counts():
    times = both(timings(60, ringing=ringing(9.3)))
    assert (times.ringing.seconds, times.ringing.uncertainty, times.ringing.source) == (9.3, 0.1, "audio+records")
    assert (compared(times).audio, compared(times).records, compared(times).counts) == (9.3, 9.0, "audio")
    assert compared(times).difference == pytest.approx(-0.3)


def test_where_they_agree_a_finer_record_counts():
    times = both(timings(60, ringing=ringing(10.5, uncertainty=2.0)), replace(RECORD, resolution=0.001))
    assert (times.ringing.seconds, times.ringing.uncertainty) == (9.0, 0.001)
    assert compared(times).counts == "records"


def test_a_recording_that_begins_while_it_rings_leaves_the_count_to_the_record():
    times = both(timings(60, ringing=ringing(4.0, start=0.0)))
    assert (times.ringing.seconds, times.ringing.uncertainty) == (9.0, 1.0)
    assert "begins while it already rings" in compared(times).why


def test_where_they_differ_the_difference_is_the_uncertainty():
    times = both(timings(60, ringing=ringing(14.0)))
    assert (times.ringing.seconds, times.ringing.uncertainty) == (9.0, 5.0)
    assert compared(times).counts == "records"


@pytest.mark.parametrize("heard", [ringing(4.0, start=0.0), ringing(14.0)])
def test_rings_that_do_not_belong_to_the_figure_are_not_counted(heard):
    assert heard.rings is not None
    assert both(timings(60, ringing=heard)).ringing.rings is None


def test_rings_that_were_heard_stay_where_both_agree():
    heard = ringing(10.5, uncertainty=2.0)
    assert both(timings(60, ringing=heard)).ringing.rings == heard.rings


def test_a_record_measures_what_was_not_recorded():
    times = both(timings(60, ringing=NOT_RINGING))
    assert (times.ringing.measured, times.ringing.seconds, times.ringing.source) == (True, 9.0, "records")
    assert times.ringing.why == ""
    assert (compared(times).audio, compared(times).records) == (None, 9.0)


def test_a_record_without_ring_time_leaves_the_sound_alone_and_says_why():
    record = replace(RECORD, ring_seconds=None, no_ring_why="the dialplan answered first")
    times = both(timings(60, ringing=ringing(9.3)), record)
    assert times.ringing == ringing(9.3)
    assert compared(times).why == "the dialplan answered first"


def test_neither_knows():
    times = both(timings(60, ringing=NOT_RINGING), replace(RECORD, ring_seconds=None))
    assert times.ringing == NOT_RINGING
    assert (compared(times).audio, compared(times).records) == (None, None)


def test_the_record_itself_and_how_it_was_found_are_named():
    recorded = both(timings(60)).recorded
    assert recorded is not None
    assert (recorded.system, recorded.record_id, recorded.matched_by) == ("asterisk cdr", "1795.4", "id")


def test_holds_are_compared_in_total():
    record = replace(RECORD, hold_seconds=31.0)
    times = both(timings(90, holds=(hold(20, 35), hold(50, 65))), record)
    assert compared(times, "hold_seconds") == Comparison(
        "hold_seconds", 30.0, 31.0, "audio", compared(times, "hold_seconds").why
    )


def test_without_sound_the_records_hold_counts():
    times = both(timings(90, holds_measured=False), replace(RECORD, hold_seconds=31.0))
    assert (compared(times, "hold_seconds").audio, compared(times, "hold_seconds").counts) == (None, "records")


def test_a_transfer_that_cannot_be_heard_is_known_by_the_record():
    times = both(timings(90), replace(RECORD, transfers=(RecordedTransfer(NOON, "102"),)))
    assert (compared(times, "transfers").audio, compared(times, "transfers").records) == (0.0, 1.0)
    assert compared(times, "transfers").counts == "records"
