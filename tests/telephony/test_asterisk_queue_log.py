import pytest
from cdr_rows import CALLER, epoch
from record_reading import at, read_calls

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome
from qa_engine.errors import RecordsError
from qa_engine.telephony.asterisk_queue_log import ASTERISK_QUEUE_LOG
from qa_engine.telephony.reader import ReadingOptions

CALL = "1795158902.1"


def line(time, event, *told, agent="NONE", queue="600", callid=CALL):
    return "|".join((str(epoch(time)), callid, queue, agent, event, *told)) + "\n"


ENTER = line("10:15:02", "ENTERQUEUE", "", CALLER, "1")
TAKEN = line("10:15:32", "CONNECT", "30", "1795158925.7", "7", agent="PJSIP/101")
DONE = line("10:17:02", "COMPLETECALLER", "30", "90", "1", agent="PJSIP/101")


@pytest.fixture
def read(tmp_path):
    def read_text(text, options=None):
        return read_calls(ASTERISK_QUEUE_LOG, tmp_path, text, *([options] if options else []))

    return read_text


def only(read, text):
    calls, problems = read(text)
    assert problems.count == 0, problems.shown
    assert len(calls) == 1
    return calls[0]


def test_an_answered_call_has_its_ring_and_its_wait(read):
    call = only(read, ENTER + TAKEN + DONE)
    assert (call.ring_seconds, call.ring_by, call.wait_seconds) == (7, "ringtime of the queue log", 30)
    assert (call.started_at, call.answered_at, call.ended_at) == (at("10:15:02"), at("10:15:32"), at("10:17:02"))
    assert (call.manager, call.customer, call.queue) == ("101", CALLER, "600")
    assert (call.direction, call.outcome, call.resolution) == (Direction.INBOUND, CallOutcome.ANSWERED, 1.0)
    assert call.ids == (CALL, "1795158925.7")
    assert call.record_id == CALL


def test_a_phone_that_rang_before_counts_from_its_first_ring(read):
    missed = line("10:15:22", "RINGNOANSWER", "15000", agent="PJSIP/102")
    call = only(read, ENTER + missed + TAKEN + DONE)
    assert (call.ring_seconds, call.ring_by) == (25, "legs")
    assert [(leg.party, leg.started_at, leg.answered_at) for leg in call.legs] == [
        ("102", at("10:15:07"), None),
        ("101", at("10:15:25"), at("10:15:32")),
    ]


def test_a_phone_that_was_not_reached_did_not_ring(read):
    call = only(read, ENTER + line("10:15:10", "RINGNOANSWER", "0", agent="PJSIP/102") + TAKEN + DONE)
    assert (call.ring_seconds, len(call.legs)) == (7, 1)


def test_the_ring_time_of_an_unanswered_phone_is_in_milliseconds(read):
    call = only(read, ENTER + line("10:15:22", "RINGNOANSWER", "1500", agent="PJSIP/102") + TAKEN)
    assert call.legs[0].started_at == at("10:15:20.500000")


def test_a_caller_who_gives_up_is_missed(read):
    rung = line("10:15:22", "RINGCANCELED", "8000", agent="Local/102@from-queue/n")
    call = only(read, ENTER + rung + line("10:15:22", "ABANDON", "1", "1", "20"))
    assert (call.outcome, call.ring_seconds, call.no_ring_why) == (CallOutcome.MISSED, None, "nobody answered")
    assert (call.manager, call.ended_at, call.wait_seconds) == ("102", at("10:15:22"), None)


def test_what_becomes_of_a_call_that_leaves_the_queue_is_not_known(read):
    call = only(read, ENTER + line("10:16:02", "EXITWITHTIMEOUT", "1", "1", "60"))
    assert call.outcome is CallOutcome.UNKNOWN
    assert "left the queue (EXITWITHTIMEOUT)" in call.no_ring_why


def test_a_call_that_goes_through_two_queues_is_one_call(read):
    second = line("10:16:02", "ENTERQUEUE", "", CALLER, "1", queue="601")
    taken = line("10:16:22", "CONNECT", "20", "1795158960.9", "5", agent="Anna", queue="601")
    call = only(read, ENTER + line("10:16:02", "EXITWITHTIMEOUT", "1", "1", "60") + second + taken)
    assert (call.wait_seconds, call.ring_seconds, call.manager, call.queue) == (80, 5, "Anna", "601")


def test_a_log_without_ring_times_says_so(read):
    call = only(read, ENTER + line("10:15:32", "CONNECT", "30", agent="SIP/101") + DONE)
    assert (call.outcome, call.ring_seconds, call.wait_seconds) == (CallOutcome.ANSWERED, None, 30)
    assert "no ring time" in call.no_ring_why


@pytest.mark.parametrize(("event", "kind"), [("BLINDTRANSFER", "blind"), ("TRANSFER", "blind")])
def test_a_blind_transfer(read, event, kind):
    moved = line("10:16:00", event, "102", "from-internal", "30", "28", "1", agent="PJSIP/101")
    call = only(read, ENTER + TAKEN + moved)
    assert [(t.at, t.to, t.kind, t.wait_seconds) for t in call.transfers] == [(at("10:16:00"), "102", kind, None)]
    assert call.ended_at == at("10:16:00")


def test_a_transfer_into_a_queue_waits_until_its_answer(read):
    moved = line("10:16:00", "BLINDTRANSFER", "601", "from-internal", "30", "28", "1", agent="PJSIP/101")
    again = line("10:16:01", "ENTERQUEUE", "", CALLER, "1", queue="601")
    taken = line("10:16:21", "CONNECT", "20", "1795158980.9", "4", agent="PJSIP/103", queue="601")
    call = only(read, ENTER + TAKEN + moved + again + taken)
    assert [(t.to, t.wait_seconds) for t in call.transfers] == [("601", 21)]
    assert (call.manager, call.ring_seconds) == ("101", 7)


def test_an_attended_transfer_names_nobody(read):
    moved = line("10:16:00", "ATTENDEDTRANSFER", "BRIDGE", "b-1", "30", "28", "1", agent="PJSIP/101")
    assert [(t.to, t.kind) for t in only(read, ENTER + TAKEN + moved).transfers] == [("", "attended")]


def test_lines_of_the_system_are_no_calls(read):
    system = line("10:00:00", "QUEUESTART", callid="NONE", queue="NONE") + line(
        "10:00:01", "ADDMEMBER", "", callid="REALTIME", agent="PJSIP/101"
    )
    assert only(read, system + ENTER + TAKEN + DONE).manager == "101"


def test_a_log_that_stands_twice_in_the_file_holds_its_calls_once(read):
    assert only(read, (ENTER + TAKEN + DONE) * 2) == only(read, ENTER + TAKEN + DONE)


def test_an_unfinished_call_has_no_end(read):
    assert only(read, ENTER + TAKEN).ended_at is None


def test_a_dump_of_the_table(read):
    values = [
        f"(1,'2026-11-20 10:15:02.500000','{CALL}','600','NONE','ENTERQUEUE','','{CALLER}','1','','')",
        f"(2,'2026-11-20 10:15:32.250000','{CALL}','600','PJSIP/101','CONNECT','30','1795158925.7','7','','')",
    ]
    columns = "`id`,`time`,`callid`,`queuename`,`agent`,`event`,`data1`,`data2`,`data3`,`data4`,`data5`"
    call = only(read, f"INSERT INTO `queue_log` ({columns}) VALUES {','.join(values)};\n")
    assert (call.ring_seconds, call.wait_seconds, call.resolution) == (7, 29.75, 1e-6)


def test_an_export_with_a_header(read):
    text = "time,callid,queuename,agent,event,data1,data2,data3\n"
    text += f"2026-11-20 10:15:02,{CALL},600,NONE,ENTERQUEUE,,{CALLER},1\n"
    text += f"2026-11-20 10:15:32,{CALL},600,PJSIP/101,CONNECT,30,1795158925.7,7\n"
    assert only(read, text).ring_seconds == 7


def test_missing_columns_are_named(read):
    with pytest.raises(RecordsError, match=r"no time, agent; found callid, queue, event"):
        read("callid,queuename,event\n1,2,CONNECT\n")


def test_the_seconds_of_the_file_need_no_time_zone(read):
    assert read(ENTER + TAKEN, ReadingOptions())[0][0].started_at == at("10:15:02")


def test_half_a_line_and_a_time_that_cannot_be_read_are_told(read):
    calls, problems = read(ENTER + TAKEN + DONE + ENTER.replace("1795158902|", "now|") + "17951589")
    assert len(calls) == 1
    assert {number for number, _ in problems.shown} == {4, 5}


def test_its_own_files_fit():
    assert ASTERISK_QUEUE_LOG.fits(line("10:00:00", "QUEUESTART", callid="NONE", queue="NONE"))
    assert not ASTERISK_QUEUE_LOG.fits("a|b|c|d|e\n")
