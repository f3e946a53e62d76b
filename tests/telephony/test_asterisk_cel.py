import json
from datetime import timedelta

import pytest
from cdr_rows import CALLER
from cel_rows import CALL_ID, HEADER, cel_row, simple_call
from record_reading import at, read_calls

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome
from qa_engine.errors import RecordsError
from qa_engine.telephony.asterisk_cel import ASTERISK_CEL
from qa_engine.telephony.reader import ReadingOptions

TRUNK, PHONE = "PJSIP/trunk-00000001 1", "PJSIP/101-00000002 2"
RUNG = simple_call().splitlines(keepends=True)[:3]  # until the phone rings


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        return read_calls(ASTERISK_CEL, tmp_path, text)

    return read_text


def only(read, text):
    calls, problems = read(text)
    assert problems.count == 0, problems.shown
    assert len(calls) == 1
    return calls[0]


def test_a_phone_rings_from_the_start_of_its_channel_to_its_answer(read):
    call = only(read, simple_call())
    assert call.ring_seconds == pytest.approx(8.75)
    assert (call.ring_by, call.resolution) == ("legs", 1e-6)
    assert call.answered_at == at("10:15:11.250000")
    assert call.wait_seconds == pytest.approx(9.25)
    assert (call.direction, call.manager, call.customer) == (Direction.INBOUND, "101", CALLER)
    assert (call.outcome, call.ended_at) == (CallOutcome.ANSWERED, at("10:17:02.200000"))
    assert call.ids == (CALL_ID, CALL_ID[:-1] + "2")
    assert (call.hold_seconds, call.num_holds) == (None, None)


def test_the_events_come_in_any_order(read):
    assert only(read, "".join(reversed(simple_call().splitlines(keepends=True)))).ring_seconds == pytest.approx(8.75)


def test_a_file_that_holds_every_event_twice_holds_one_call(read):
    assert only(read, simple_call() * 2) == only(read, simple_call())


def test_a_call_that_began_before_the_file_is_left_out(read):
    tail = cel_row("09:00:00", "CHAN_END", "PJSIP/103-00000009 9", linked="1795150000.1")
    assert len(read(tail + simple_call())[0]) == 1


# -- the ways in which it is written


def test_a_header_names_the_columns(read):
    text = ",".join(HEADER) + "\n" + simple_call()
    assert only(read, text).ring_seconds == pytest.approx(8.75)


def test_the_sample_with_a_literal_has_one_column_more(read):
    rows = [line.split(",", 1) for line in simple_call().splitlines()]
    assert only(read, "".join(f'{kind},"My Literal",{rest}\n' for kind, rest in rows)).manager == "101"


def test_json_lines(read):
    import csv

    names = [name.replace("_", "") for name in HEADER]
    rows = [dict(zip(names, row, strict=True)) for row in csv.reader(simple_call().splitlines())]
    assert only(read, "".join(json.dumps(row) + "\n" for row in rows)).ring_seconds == pytest.approx(8.75)


def test_a_dump_of_freepbx_has_whole_seconds(read):
    import csv

    quoted = []
    for number, row in enumerate(csv.reader(simple_call().splitlines()), 1):
        whole = at("10:15:02") + timedelta(seconds=float(row[1]) // 1 - 1795158902)
        values = [str(number), row[0], whole.strftime("%Y-%m-%d %H:%M:%S"), *row[2:]]
        quoted.append("(" + ",".join("'" + value.replace("'", "''") + "'" for value in values) + ")")
    columns = ",".join(f"`{name}`" for name in ("id", *HEADER))
    call = only(read, f"INSERT INTO `cel` ({columns}) VALUES {','.join(quoted)};\n")
    assert (call.ring_seconds, call.resolution) == (9, 1.0)


# -- what happens in a call


def test_an_outbound_call_rings_at_the_customer(read):
    text = (
        cel_row("10:15:02", "CHAN_START", "PJSIP/101-00000001 1", cid_num="101", exten=CALLER)
        + cel_row("10:15:03", "CHAN_START", "PJSIP/trunk-00000002 2")
        + cel_row("10:15:21", "ANSWER", "PJSIP/trunk-00000002 2")
        + cel_row("10:16:00", "HANGUP", "PJSIP/101-00000001 1")
    )
    call = only(read, text)
    assert (call.direction, call.manager, call.customer, call.ring_seconds) == (Direction.OUTBOUND, "101", CALLER, 18)


def test_a_queue_rings_phone_after_phone(read):
    queue = cel_row("10:15:10", "APP_START", TRUNK, exten="600", appname="Queue", appdata="600,t,,")
    text = (
        RUNG[0]
        + cel_row("10:15:02.1", "ANSWER", TRUNK)
        + queue
        + cel_row("10:15:20", "CHAN_START", "Local/101@from-queue-0000000a;1 2")
        + cel_row("10:15:20", "CHAN_START", "Local/101@from-queue-0000000a;2 3")
        + cel_row("10:15:20.5", "CHAN_START", "PJSIP/101-00000004 4")
        + cel_row("10:15:35.5", "HANGUP", "PJSIP/101-00000004 4")
        + cel_row("10:15:40", "CHAN_START", "PJSIP/102-00000005 5")
        + cel_row("10:15:46", "ANSWER", "PJSIP/102-00000005 5")
        + cel_row("10:17:00", "HANGUP", TRUNK)
    )
    call = only(read, text)
    assert (call.manager, call.queue, call.ring_seconds, call.wait_seconds) == ("102", "600", 25.5, 36)
    assert [(leg.party, leg.answered_at, leg.ended_at) for leg in call.legs] == [
        ("101", None, at("10:15:35.500000")),
        ("102", at("10:15:46"), None),
    ]


def test_a_blind_transfer_waits_until_somebody_new_joins(read):
    moved = (
        cel_row("10:16:00", "BLINDTRANSFER", PHONE, extra='{"extension":"102","context":"x","bridge_id":"b1"}')
        + cel_row("10:16:00.2", "CHAN_START", "PJSIP/102-00000003 3")
        + cel_row("10:16:07.9", "ANSWER", "PJSIP/102-00000003 3")
        + cel_row("10:16:08.4", "BRIDGE_ENTER", TRUNK, extra='{"bridge_id":"b2"}')
        + cel_row("10:16:08.5", "BRIDGE_ENTER", "PJSIP/102-00000003 3", extra='{"bridge_id":"b2"}')
    )
    call = only(read, simple_call() + moved)
    assert [(t.at, t.to, t.kind, t.wait_seconds) for t in call.transfers] == [(at("10:16:00"), "102", "blind", 8.5)]
    assert call.manager == "101"


def test_a_blind_transfer_that_nobody_takes_has_no_wait(read):
    moved = cel_row("10:16:00", "BLINDTRANSFER", PHONE, extra='{"extension":"102"}')
    assert only(read, simple_call() + moved).transfers[0].wait_seconds is None


def test_an_attended_transfer_names_who_got_the_call(read):
    extra = (
        '{"bridge1_id":"b1","channel2_name":"PJSIP/101-00000006","transfer_target_channel_name":"PJSIP/102-00000007"}'
    )
    call = only(read, simple_call() + cel_row("10:16:00", "ATTENDEDTRANSFER", PHONE, extra=extra))
    assert [(t.at, t.to, t.kind) for t in call.transfers] == [(at("10:16:00"), "102", "attended")]


def test_a_parked_caller_is_held(read):
    text = (
        simple_call()
        + cel_row("10:15:30", "PARK_START", TRUNK, extra='{"parking_lot":"default"}')
        + cel_row("10:15:52.5", "PARK_END", TRUNK, extra='{"reason":"ParkedCallUnparked"}')
        + cel_row("10:16:50", "PARK_START", TRUNK)
    )
    call = only(read, text)
    assert (call.num_holds, call.hold_seconds) == (2, pytest.approx(22.5 + 12.2))


def test_a_call_that_is_picked_up_by_a_colleague_is_the_colleagues(read):
    text = (
        "".join(RUNG)
        + cel_row("10:15:07", "PICKUP", PHONE, extra='{"pickup_channel":"PJSIP/103-00000009"}')
        + cel_row("10:15:07.1", "ANSWER", PHONE)
        + cel_row("10:16:00", "HANGUP", TRUNK)
    )
    call = only(read, text)
    assert (call.manager, call.answered_at) == ("103", at("10:15:07"))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("NOANSWER", CallOutcome.MISSED),
        ("CANCEL", CallOutcome.MISSED),
        ("BUSY", CallOutcome.BUSY),
        ("CONGESTION", CallOutcome.FAILED),
    ],
)
def test_a_call_that_nobody_answers(read, status, outcome):
    text = "".join(RUNG) + cel_row("10:15:30", "HANGUP", TRUNK, extra=f'{{"dialstatus":"{status}"}}')
    call = only(read, text)
    assert (call.outcome, call.manager, call.ring_seconds) == (outcome, "101", None)
    assert call.no_ring_why == "nobody answered"


def test_voicemail(read):
    text = "".join(RUNG) + cel_row("10:15:30", "APP_START", TRUNK, appname="VoiceMail", appdata="101")
    assert only(read, text).outcome is CallOutcome.VOICEMAIL


def test_a_recording_with_the_option_b_begins_when_the_call_is_joined(read):
    app = {"appname": "MixMonitor", "appdata": "2026/11/20/external-101.wav,abi(LOCAL_ID),"}
    call = only(read, simple_call() + cel_row("10:15:02.3", "APP_START", TRUNK, **app))
    assert (call.recordings, call.recording_started_at) == (("external-101.wav",), at("10:15:11.300000"))


def test_a_recording_without_it_begins_at_once(read):
    app = {"appname": "MixMonitor", "appdata": "a.wav,r(b.wav)"}
    call = only(read, simple_call() + cel_row("10:15:02.3", "APP_START", TRUNK, **app))
    assert call.recording_started_at == at("10:15:02.300000")


# -- bad input


def test_missing_columns_are_named(read):
    with pytest.raises(RecordsError, match=r"no channame, uniqueid, linkedid; found eventtype, eventtime"):
        read("eventtype,eventtime\nANSWER,1795158902\n")


def test_moments_without_a_zone_need_one(tmp_path):
    text = "eventtype,eventtime,channame,uniqueid,linkedid\nANSWER,2026-11-20 10:15:02,SIP/101-01,1.1,1.1\n"
    with pytest.raises(RecordsError, match="no time zone"):
        read_calls(ASTERISK_CEL, tmp_path, text, ReadingOptions())


def test_a_moment_that_cannot_be_read_and_half_a_line_cost_their_rows(read):
    bad = simple_call().splitlines(keepends=True)[0].replace("1795158902.000000", "yesterday")
    calls, problems = read(simple_call() + bad + simple_call()[:50])
    assert len(calls) == 1
    assert {line for line, _ in problems.shown} == {14, 15}


def test_extra_that_is_no_json_is_no_reason_to_stop(read):
    assert only(read, simple_call().replace('{""hangupcause""', '{""hang')).outcome is CallOutcome.ANSWERED


def test_its_own_files_fit():
    assert ASTERISK_CEL.fits(simple_call())
    assert ASTERISK_CEL.fits(",".join(HEADER) + "\n")
    assert not ASTERISK_CEL.fits("a,b\n1,2\n")
