import json

import pytest
from reading import read, utc

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome
from qa_engine.errors import RecordsError
from qa_engine.telephony.mango_events import MANGO_EVENTS

T0 = 1795169700  # 2026-11-20 10:15:00 UTC
CUSTOMER = {"number": "79161234567"}
ANNA = {"extension": "101", "number": "sip:a@x.mangosip.ru", "line_number": "74951112233", "acd_group": "600"}
IVAN = {"extension": "102", "number": "sip:b@x.mangosip.ru", "line_number": "74951112233"}


def event(state, after, seq, *, leg="100:500:257", to=ANNA, **more):
    return {
        "entry_id": "E1",
        "call_id": leg,
        "timestamp": str(T0 + after),
        "seq": str(seq),
        "call_state": state,
        "location": "abonent",
        "from": CUSTOMER,
        "to": to,
        **more,
    }


IVR = [
    event("Appeared", 0, 1, leg="100:500:256", to={"number": "74951112233"}, location="ivr"),
    event("Connected", 0, 2, leg="100:500:256", to={"number": "74951112233"}, location="ivr"),
    event("Disconnected", 10, 3, leg="100:500:256", to={"number": "74951112233"}, location="ivr"),
]
ANSWERED = [
    event("Appeared", 10, 1),
    event("Connected", 22, 2),
    event("Disconnected", 100, 5, disconnect_reason="1110"),
]
HELD = [
    event("OnHold", 40, 3, to={**ANNA, "hold_initiator": True}),
    event("Connected", 55, 4),
]
SUMMARY = {
    "entry_id": "E1",
    "call_direction": 1,
    "from": CUSTOMER,
    "to": ANNA,
    "line_number": "74951112233",
    "create_time": T0,
    "forward_time": T0 + 10,
    "talk_time": T0 + 22,
    "end_time": T0 + 100,
    "entry_result": 1,
    "disconnect_reason": 1110,
}
RECORDING = {
    "recording_id": "MToxMDAw",
    "recording_state": "Started",
    "seq": 1,
    "entry_id": "E1",
    "call_id": "100:500:257",
    "timestamp": T0 + 23,
}


def test_the_phone_rings_from_appeared_to_connected(tmp_path):
    call = read(MANGO_EVENTS, tmp_path / "a.jsonl", [*IVR, *ANSWERED]).call
    assert (call.record_id, call.direction, call.outcome) == ("E1", Direction.INBOUND, CallOutcome.ANSWERED)
    assert (call.manager, call.customer, call.queue) == ("101", "79161234567", "600")
    assert (call.ring_seconds, call.ring_by, call.wait_seconds) == (12.0, "events", 22.0)
    assert (call.answered_at, call.ended_at) == (utc(2026, 11, 20, 10, 15, 22), utc(2026, 11, 20, 10, 16, 40))
    assert "100:500:257" in call.ids


def test_the_order_of_the_lines_makes_no_difference(tmp_path):
    told = [*IVR, *ANSWERED, *HELD, SUMMARY, RECORDING]
    assert (
        read(MANGO_EVENTS, tmp_path / "a.jsonl", told).calls
        == read(MANGO_EVENTS, tmp_path / "b.jsonl", told[::-1]).calls
    )


def test_an_event_that_is_posted_twice_counts_once(tmp_path):
    call = read(MANGO_EVENTS, tmp_path / "a.jsonl", [*ANSWERED, *HELD, *HELD]).call
    assert (call.hold_seconds, call.num_holds) == (15.0, 1)


def test_the_states_of_a_leg_follow_their_numbers_where_the_clocks_differ(tmp_path):
    ours = {**ANNA, "hold_initiator": True}
    again = [event("OnHold", 54, 5, to=ours), event("Connected", 60, 6), event("Disconnected", 100, 7)]
    call = read(MANGO_EVENTS, tmp_path / "a.jsonl", [*ANSWERED[:2], *HELD, *again]).call
    assert (call.hold_seconds, call.num_holds) == (15.0 + 6.0, 2)


def test_a_hold_that_the_customer_made_is_not_the_managers(tmp_path):
    theirs = [event("OnHold", 40, 3, **{"from": {**CUSTOMER, "hold_initiator": True}}), event("Connected", 55, 4)]
    call = read(MANGO_EVENTS, tmp_path / "a.jsonl", [*ANSWERED, *theirs]).call
    assert (call.hold_seconds, call.num_holds) == (0.0, 0)


def test_a_call_that_left_the_menu_unanswered_is_missed(tmp_path):
    rang = [event("Appeared", 10, 1), event("Disconnected", 30, 2, disconnect_reason="1110")]
    call = read(MANGO_EVENTS, tmp_path / "a.jsonl", [*IVR, *rang]).call
    assert (call.outcome, call.answered_at, call.ring_seconds) == (CallOutcome.MISSED, None, None)


def test_the_menu_alone_tells_no_outcome_and_a_summary_does(tmp_path):
    assert read(MANGO_EVENTS, tmp_path / "a.jsonl", IVR).call.outcome is CallOutcome.UNKNOWN
    left = {**SUMMARY, "entry_result": 0, "talk_time": 0, "forward_time": 0}
    assert read(MANGO_EVENTS, tmp_path / "a.jsonl", [*IVR, left]).call.outcome is CallOutcome.MISSED


def test_a_summary_alone_gives_the_ring_time(tmp_path):
    call = read(MANGO_EVENTS, tmp_path / "a.jsonl", [SUMMARY]).call
    assert (call.ring_seconds, call.ring_by, call.wait_seconds) == (12.0, "talk_time of the summary", 22.0)


def test_a_leg_whose_beginning_is_missing_gives_no_ring_time(tmp_path):
    found = read(MANGO_EVENTS, tmp_path / "a.jsonl", ANSWERED[1:])
    assert (found.call.outcome, found.call.ring_seconds) == (CallOutcome.ANSWERED, None)
    assert found.call.no_ring_why
    assert "Appeared" in found.told[0][1]


@pytest.mark.parametrize(("transfer", "kind"), [("blind", "blind"), ("consultative", "attended")])
def test_a_leg_that_is_a_transfer_tells_where_to_and_how_long_it_took(tmp_path, transfer, kind):
    passed = [
        event("Appeared", 60, 1, leg="100:500:258", to=IVAN, transfer=transfer),
        event("Connected", 68, 2, leg="100:500:258", to=IVAN),
        event("Disconnected", 120, 3, leg="100:500:258", to=IVAN),
    ]
    call = read(MANGO_EVENTS, tmp_path / "a.jsonl", [*ANSWERED, *passed]).call
    ((done),) = call.transfers
    assert (done.to, done.kind, done.wait_seconds) == ("102", kind, 8.0)
    assert call.manager == "101"


def test_a_consultation_between_employees_is_no_transfer(tmp_path):
    asked = [event("Appeared", 40, 1, leg="100:500:300", to=IVAN, **{"from": ANNA})]
    call = read(MANGO_EVENTS, tmp_path / "a.jsonl", [*ANSWERED, *asked]).call
    assert call.transfers == ()
    assert [leg.party for leg in call.legs] == ["101"]


def test_an_outbound_call_rings_at_the_customer(tmp_path):
    sides = {"from": {"extension": "1234", "number": "74955404444"}, "to": {"number": "12345678"}}
    rows = [event(state, at, n, **sides) for n, (state, at) in enumerate([("Appeared", 0), ("Connected", 12)])]
    call = read(MANGO_EVENTS, tmp_path / "a.jsonl", rows).call
    assert (call.direction, call.manager, call.customer, call.ring_seconds) == (
        Direction.OUTBOUND,
        "1234",
        "12345678",
        12.0,
    )


def test_recordings_give_their_ids_and_their_beginning(tmp_path):
    call = read(MANGO_EVENTS, tmp_path / "a.jsonl", [*ANSWERED, RECORDING]).call
    assert (call.recordings, call.recording_started_at) == (("MToxMDAw",), utc(2026, 11, 20, 10, 15, 23))


def test_a_recording_too_short_to_be_kept_is_left_out(tmp_path):
    dropped = {**RECORDING, "recording_state": "Completed", "completion_code": 4002}
    assert read(MANGO_EVENTS, tmp_path / "a.jsonl", [*ANSWERED, dropped]).call.recordings == ()


def test_events_as_a_server_logs_them_are_unwrapped(tmp_path):
    logged = [{"path": "/events/call", "json": json.dumps(row)} for row in ANSWERED]
    logged[1] = {"path": "/events/call", "body": {"json": ANSWERED[1]}}
    assert read(MANGO_EVENTS, tmp_path / "a.jsonl", logged).call.ring_seconds == 12.0


def test_what_is_no_event_is_told_and_the_rest_is_read(tmp_path):
    text = "".join(json.dumps(row) + "\n" for row in [{"dtmf": "1"}, *ANSWERED]) + '{"entry_id": "E1", "ca'
    found = read(MANGO_EVENTS, tmp_path / "a.jsonl", text)
    assert found.call.ring_seconds == 12.0
    assert [line for line, _ in found.told] == [1, 5]


def test_a_time_that_cannot_be_read_is_told(tmp_path):
    found = read(MANGO_EVENTS, tmp_path / "a.jsonl", [*ANSWERED, event("OnHold", 0, 3, timestamp="later")])
    assert (found.call.ring_seconds, found.call.hold_seconds) == (12.0, 0.0)
    assert any("timestamp" in message for _, message in found.told)


def test_cp1251_is_read(tmp_path):
    rows = [{**row, "to": {**ANNA, "extension": "", "number": "Анна"}} for row in ANSWERED]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    assert read(MANGO_EVENTS, tmp_path / "a.jsonl", text.encode("cp1251")).call.manager == "Анна"


@pytest.mark.parametrize("content", ["", '{"a": 1}\n{"b": 2}\n', '{"entry_id": "E1"}'])
def test_a_file_without_calls_is_refused(tmp_path, content):
    with pytest.raises(RecordsError):
        read(MANGO_EVENTS, tmp_path / "a.jsonl", content)


def test_it_knows_its_own_files():
    assert MANGO_EVENTS.fits(json.dumps(ANSWERED[0]))
    assert MANGO_EVENTS.fits(json.dumps({"json": json.dumps(SUMMARY)}))
    assert not MANGO_EVENTS.fits('{"entry_id": "1", "context_calls": []}')
