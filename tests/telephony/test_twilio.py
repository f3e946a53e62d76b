import json

import pytest
from reading import read, utc

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome
from qa_engine.errors import RecordsError
from qa_engine.telephony.twilio import TWILIO

PARENT_SID, CHILD_SID, SECOND_SID = "CA" + "1" * 32, "CA" + "2" * 32, "CA" + "3" * 32
PARENT = {
    "sid": PARENT_SID,
    "account_sid": "AC" + "0" * 32,
    "parent_call_sid": None,
    "date_created": "Fri, 20 Nov 2026 10:15:00 +0000",
    "from": "+79161234567",
    "to": "+74951112233",
    "status": "completed",
    "start_time": "Fri, 20 Nov 2026 10:15:00 +0000",
    "end_time": "Fri, 20 Nov 2026 10:17:00 +0000",
    "duration": "120",
    "direction": "inbound",
    "answered_by": None,
}
CHILD = {
    **PARENT,
    "sid": CHILD_SID,
    "parent_call_sid": PARENT_SID,
    "to": "client:anna",
    "date_created": "Fri, 20 Nov 2026 10:15:05 +0000",
    "start_time": "Fri, 20 Nov 2026 10:15:15 +0000",
    "duration": "105",
    "direction": "outbound-dial",
}
SUMMARY = {
    "call_sid": CHILD_SID,
    "account_sid": "AC" + "0" * 32,
    "call_state": "completed",
    "created_time": "2026-11-20T10:15:05Z",
    "start_time": "2026-11-20T10:15:05Z",
    "end_time": "2026-11-20T10:17:00Z",
    "duration": 115,
    "connect_duration": 105,
    "attributes": {"parent_call_sid": PARENT_SID},
    "from": {"caller": "+79161234567"},
    "to": {"callee": "client:anna"},
}
CSV = (
    "Call Sid,Parent Call Sid,From,To,Status,Start Time,End Time,Duration,Direction,Answered By\n"
    f"{PARENT_SID},,+79161234567,+74951112233,Completed,2026-11-20 10:15:00 UTC,2026-11-20 10:17:00 UTC,120,Inbound,\n"
    f"{CHILD_SID},{PARENT_SID},+79161234567,client:anna,Completed,2026-11-20 10:15:15 UTC,2026-11-20 10:17:00 UTC,105,"
    "Outbound Dial,\n"
)


def page(*calls):
    return {"page": 0, "page_size": 50, "uri": "/2010-04-01/Accounts/AC.json", "calls": list(calls)}


def test_a_parent_and_its_child_are_one_call_answered_on_the_child(tmp_path):
    call = read(TWILIO, tmp_path / "calls.json", page(PARENT, CHILD)).call
    assert (call.record_id, call.direction, call.outcome) == (PARENT_SID, Direction.INBOUND, CallOutcome.ANSWERED)
    assert (call.manager, call.customer) == ("client:anna", "+79161234567")
    assert (call.started_at, call.ended_at) == (utc(2026, 11, 20, 10, 15), utc(2026, 11, 20, 10, 17))
    assert call.answered_at == utc(2026, 11, 20, 10, 15, 15)
    assert call.wait_seconds == 15.0
    assert call.ids == (PARENT_SID, CHILD_SID)


def test_the_calls_list_has_no_ring_time_and_says_so(tmp_path):
    call = read(TWILIO, tmp_path / "calls.json", page(PARENT, CHILD)).call
    assert call.ring_seconds is None
    assert "Voice Insights" in call.no_ring_why


def test_voice_insights_gives_the_ring_time(tmp_path):
    call = read(TWILIO, tmp_path / "calls.jsonl", [PARENT, CHILD, SUMMARY]).call
    assert (call.ring_seconds, call.ring_by) == (10.0, "duration - connect_duration")
    assert call.answered_at == utc(2026, 11, 20, 10, 15, 15)


def test_a_page_of_summaries_alone_is_read(tmp_path):
    call = read(TWILIO, tmp_path / "calls.json", {"call_summaries": [SUMMARY], "meta": {}}).call
    assert (call.record_id, call.ring_seconds, call.manager) == (PARENT_SID, 10.0, "client:anna")


def test_the_order_of_rows_makes_no_difference(tmp_path):
    assert (
        read(TWILIO, tmp_path / "a.jsonl", [SUMMARY, CHILD, PARENT]).calls
        == read(TWILIO, tmp_path / "b.jsonl", [PARENT, CHILD, SUMMARY]).calls
    )


def test_a_number_that_only_a_script_answered_is_of_unknown_outcome(tmp_path):
    call = read(TWILIO, tmp_path / "calls.json", page(PARENT)).call
    assert (call.outcome, call.answered_at, call.ring_seconds) == (CallOutcome.UNKNOWN, None, None)
    assert "child calls" in call.no_ring_why


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("no-answer", CallOutcome.MISSED), ("canceled", CallOutcome.MISSED), ("busy", CallOutcome.BUSY)],
)
def test_a_child_that_nobody_took_tells_how_the_call_ended(tmp_path, status, outcome):
    child = {**CHILD, "status": status, "duration": "0"}
    call = read(TWILIO, tmp_path / "calls.json", page(PARENT, child)).call
    assert (call.outcome, call.answered_at) == (outcome, None)


def test_an_answering_machine_is_no_person(tmp_path):
    dialled = {**PARENT, "direction": "outbound-api", "from": "+74951112233", "to": "+79161234567"}
    call = read(TWILIO, tmp_path / "a.json", page({**dialled, "answered_by": "machine_end_beep"})).call
    assert (call.outcome, call.answered_at, call.direction) == (CallOutcome.VOICEMAIL, None, Direction.OUTBOUND)


def test_a_softphone_that_dials_a_customer_is_outbound(tmp_path):
    softphone = {**PARENT, "from": "client:anna", "to": ""}
    customer = {**CHILD, "from": "+74951112233", "to": "+79161234567"}
    call = read(TWILIO, tmp_path / "a.json", page(softphone, customer)).call
    assert (call.direction, call.manager, call.customer) == (Direction.OUTBOUND, "client:anna", "+79161234567")
    assert call.answered_at == utc(2026, 11, 20, 10, 15, 15)


def test_a_second_child_after_the_first_is_a_transfer(tmp_path):
    first = {**CHILD, "end_time": "Fri, 20 Nov 2026 10:16:00 +0000", "duration": "45"}
    second = {**CHILD, "sid": SECOND_SID, "to": "client:ivan", "duration": "50"}
    second["date_created"] = second["start_time"] = "Fri, 20 Nov 2026 10:16:00 +0000"
    call = read(TWILIO, tmp_path / "a.json", page(PARENT, first, second)).call
    ((at, to, wait),) = [(done.at, done.to, done.wait_seconds) for done in call.transfers]
    assert (at, to, wait) == (utc(2026, 11, 20, 10, 16), "client:ivan", 10.0)
    assert call.manager == "client:anna"


def test_recordings_are_named_by_their_sids(tmp_path):
    recording = {"sid": "RE" + "4" * 32, "call_sid": PARENT_SID, "channels": 2, "duration": "104"}
    call = read(TWILIO, tmp_path / "a.jsonl", [PARENT, CHILD, recording]).call
    assert call.recordings == ("RE" + "4" * 32,)
    assert call.recordings[0] in call.ids


def test_the_csv_of_the_console_tells_the_same(tmp_path):
    listed = read(TWILIO, tmp_path / "a.json", page(PARENT, CHILD)).call
    exported = read(TWILIO, tmp_path / "a.csv", CSV).call
    assert exported == listed


def test_the_csv_may_write_its_columns_in_other_ways(tmp_path):
    text = CSV.replace("Call Sid,Parent Call Sid", "sid,parent_call_sid").replace("Start Time", "START_TIME")
    assert read(TWILIO, tmp_path / "a.csv", text).call.record_id == PARENT_SID


def test_a_row_that_stands_twice_is_one_call(tmp_path):
    call = read(TWILIO, tmp_path / "a.json", page(PARENT, CHILD, CHILD, PARENT)).call
    assert (call.ids, call.transfers) == ((PARENT_SID, CHILD_SID), ())


def test_missing_columns_are_named_with_those_found(tmp_path):
    with pytest.raises(RecordsError, match=r"no status, starttime, direction; found callsid, from, to"):
        read(TWILIO, tmp_path / "a.csv", "Call Sid,From,To\nCA1,a,b\n")


def test_half_a_last_line_is_told_and_the_rest_is_read(tmp_path):
    found = read(TWILIO, tmp_path / "a.csv", CSV + f"{SECOND_SID},,+7916")
    assert len(found.calls) == 1
    assert found.told[0][0] == 4


def test_a_broken_off_json_line_is_told_and_the_rest_is_read(tmp_path):
    lines = "".join(json.dumps(row) + "\n" for row in (PARENT, CHILD)) + '{"sid": "CA3", "fro'
    found = read(TWILIO, tmp_path / "a.jsonl", lines)
    assert len(found.calls) == 1
    assert found.told[0][0] == 3


def test_cp1251_is_read(tmp_path):
    text = CSV.replace("client:anna", "client:Анна")
    assert read(TWILIO, tmp_path / "a.csv", text.encode("cp1251")).call.manager == "client:Анна"


@pytest.mark.parametrize("content", ["", '{"calls": []}', '{"name": "x", "items": [{"a": 1}]}'])
def test_a_file_without_calls_is_refused(tmp_path, content):
    with pytest.raises(RecordsError):
        read(TWILIO, tmp_path / "a.json", content)


@pytest.mark.parametrize("duration", ["-7", "long", "1000000"])
def test_an_absurd_duration_is_told_and_no_answer_is_made_of_it(tmp_path, duration):
    found = read(TWILIO, tmp_path / "a.jsonl", [PARENT, {**CHILD, "duration": duration}])
    assert found.call.answered_at is None
    assert any(line == 2 and message.startswith("duration") for line, message in found.told)


def test_a_call_without_a_time_is_left_out_and_told(tmp_path):
    undated = {**PARENT, "sid": SECOND_SID, "start_time": None, "date_created": None}
    found = read(TWILIO, tmp_path / "a.jsonl", [PARENT, undated])
    assert found.call.record_id == PARENT_SID
    assert found.told[-1][0] == 2


def test_it_knows_its_own_files():
    assert TWILIO.fits(json.dumps(page(PARENT)))
    assert TWILIO.fits(CSV)
    assert not TWILIO.fits('{"result": [{"CALL_ID": "1", "PHONE_NUMBER": "CA"}]}')
