from datetime import UTC

import pytest
from record_reading import at, read_calls

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome
from qa_engine.errors import RecordsError
from qa_engine.telephony.reader import ReadingOptions
from qa_engine.telephony.three_cx import ORDER, THREE_CX

OUTSIDE = "0611360468"


def row(times, *, number=9744, **values):
    """A line of the default order; `times` is ``start answer end`` (``-``: never)."""
    start, answer, end = (f"2026/11/20 {time}" if time != "-" else "" for time in times.split())
    known = {
        "historyid": f"Call {number}", "callid": f"000001A1F7CF04F0_{number}", "duration": "00:01:51",
        "time_start": start, "time_answered": answer, "time_end": end, "reason_terminated": "TerminatedByDst",
        "from_no": OUTSIDE, "to_no": "Ext.102", "from_dn": "10000", "to_dn": "102", "dial_no": "102",
        "chain": f'"Chain: {OUTSIDE},Ext.102,"', "from_type": "External", "to_type": "Internal",
        "final_type": "Internal",
    } | values  # fmt: skip
    return ",".join(known.get(name, "") for name in ORDER) + "\n"


PLAIN = row("10:15:02 10:15:11 10:17:02")
QUEUE = {"to_no": "Ext.610", "to_dn": "610", "dial_no": "610"}


@pytest.fixture
def read(tmp_path):
    def read_text(text, options=None):
        return read_calls(THREE_CX, tmp_path, text, *([options] if options else []))

    return read_text


def only(read, text):
    calls, problems = read(text)
    assert problems.count == 0, problems.shown
    assert len(calls) == 1
    return calls[0]


def test_a_direct_call_rings_until_the_answer(read):
    call = only(read, PLAIN)
    assert (call.ring_seconds, call.ring_by) == (9, "time-answered - time-start")
    assert (call.started_at, call.answered_at, call.ended_at) == (at("10:15:02"), at("10:15:11"), at("10:17:02"))
    assert (call.direction, call.manager, call.customer) == (Direction.INBOUND, "102", OUTSIDE)
    assert (call.outcome, call.ids) == (CallOutcome.ANSWERED, ("9744", "000001A1F7CF04F0_9744"))


def test_the_answer_of_a_queue_is_no_answer_of_a_person(read):
    text = row(
        "10:15:02 10:15:02 10:17:02", **QUEUE, reason_changed="ReplacedDst", final_number="Ext.185", final_dn="185"
    )
    call = only(read, text)
    assert (call.outcome, call.manager, call.queue) == (CallOutcome.ANSWERED, "185", "610")
    assert (call.ring_seconds, call.answered_at, call.wait_seconds) == (None, None, None)
    assert "a queue, a group or a menu answered" in call.no_ring_why


def test_a_call_that_only_a_queue_answered_is_missed(read):
    call = only(read, row("10:15:02 10:15:02 10:15:30", **QUEUE, missed_queue_calls="610"))
    assert (call.outcome, call.ring_seconds) == (CallOutcome.MISSED, None)


def test_a_phone_that_hands_the_call_on_is_known_by_its_type(read):
    text = row("10:15:02 10:15:11 10:17:02", to_type="Extension", reason_changed="ReplacedDst", final_number="Ext.185")
    call = only(read, text)
    assert (call.manager, call.ring_seconds) == ("102", 9)


def test_voicemail(read):
    assert only(read, row("10:15:02 10:15:22 10:15:30", final_type="VMail")).outcome is CallOutcome.VOICEMAIL


def test_an_outbound_call_rings_at_the_customer(read):
    call = only(read, row("10:15:02 10:15:20 10:17:02", from_no="Ext.114", to_no=OUTSIDE, to_dn="10001"))
    assert (call.direction, call.manager, call.customer, call.ring_seconds) == (Direction.OUTBOUND, "114", OUTSIDE, 18)


def test_a_menu_of_3cx_does_not_hide_the_number_that_was_dialled(read):
    call = only(read, row("10:15:02 10:15:20 10:17:02", from_no="Ext.318", to_no="EndCall", dial_no="0800910387"))
    assert call.customer == "0800910387"


def test_a_zone_that_the_call_ids_contradict_is_told(read):
    assert "+3 h from the ids" in read(PLAIN, ReadingOptions(time_zone=UTC))[1].shown[0][1]


def test_an_internal_call(read):
    assert only(read, row("10:15:02 10:15:20 10:17:02", from_no="Ext.114")).direction is Direction.INTERNAL


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("Failed_Cancelled", CallOutcome.MISSED),
        ("NoAnswerTimeout", CallOutcome.MISSED),
        ("TargetBusy", CallOutcome.BUSY),
        ("Failed", CallOutcome.FAILED),
    ],
)
def test_a_call_that_nobody_answers(read, reason, outcome):
    call = only(read, row("10:15:02 - 10:15:40", reason_terminated=reason))
    assert (call.outcome, call.ring_seconds, call.no_ring_why) == (outcome, None, "nobody answered")


def test_a_header_gives_any_order(read):
    text = "Time-Start;Time-Answered;Time-End;HistoryId;From-No;To-No\n"
    text += f"2026/11/20 10:15:02;2026/11/20 10:15:11;2026/11/20 10:17:02;Call 12;{OUTSIDE};Ext.102\n"
    assert only(read, text).ring_seconds == 9


def test_missing_columns_are_named(read):
    with pytest.raises(RecordsError, match=r"no time_answered, time_end; found historyid, time_start, from_no, to_no"):
        read("historyid,time-start,from-no,to-no\n")


def test_a_line_that_stands_twice_is_one_call(read):
    assert only(read, PLAIN + PLAIN) == only(read, PLAIN)


def test_no_time_zone_is_refused(read):
    with pytest.raises(RecordsError, match="no time zone"):
        read(PLAIN, ReadingOptions())


def test_half_a_line_and_times_in_the_wrong_order_cost_their_rows(read):
    calls, problems = read(PLAIN + row("10:15:02 10:14:11 10:17:02", number=9745) + PLAIN[:70])
    assert len(calls) == 1
    assert {line for line, _ in problems.shown} == {2, 3}


def test_its_own_files_fit():
    assert THREE_CX.fits(PLAIN)
    assert THREE_CX.fits("historyid,callid,time-start,from-no\n")
    assert not THREE_CX.fits("a,b\n1,2\n")
